/**
 * One broadcast between sending and result: to whom it went, and what has come back. What an answer counts for is decided when it
 * arrives, by the clock and by what had become of its backend then, and not when the broadcaster gets round to looking. So
 * neither a late look nor the order of tasks within a millisecond changes a result, and an answer that comes after its
 * broadcast finds nothing it could change.
 */
import type { BackendResponse, BroadcastOperation } from './operation.ts';
import type { BroadcastOutcome } from './operation-result.ts';
import type { BackendAnswer } from './ports.ts';
import type { RegisteredBackend } from './registry.ts';

const TIMEOUT: BackendResponse = { kind: 'timeout' };
/** The response of an endpoint that throws while it is sent to. */
const BROKEN: BackendAnswer = { kind: 'failure', reason: 'backend_error' };

/** What was sent to one backend, or would have been. */
interface Sending {
  readonly backend: RegisteredBackend;
  readonly wasLive: boolean;
  /** Null until it answers in time; a dead backend's stays null. */
  answer: BackendAnswer | null;
  /** Its response can no longer change. */
  closed: boolean;
}

export interface InFlightHost {
  /** Monotonic milliseconds. */
  now(): number;
  /** Called once, when nothing more can change. */
  complete(): void;
}

export class InFlightBroadcast {
  /** The last millisecond in which an answer counts. */
  readonly deadlineMs: number;
  readonly #host: InFlightHost;
  readonly #sendings: readonly Sending[];
  #open: number;

  /** Takes membership and liveness as they are now. */
  constructor(backends: readonly RegisteredBackend[], timeoutMs: number, host: InFlightHost) {
    this.#host = host;
    this.deadlineMs = host.now() + timeoutMs;
    this.#sendings = backends.map((backend) => ({
      backend,
      wasLive: backend.live,
      answer: null,
      closed: !backend.live,
    }));
    this.#open = this.#sendings.filter((sending) => !sending.closed).length;
  }

  /** Whether every backend it was sent to has answered or died. */
  get isComplete(): boolean {
    return this.#open === 0;
  }

  /** Sends to all that were live; whoever dies meanwhile was still sent to. */
  send(operation: BroadcastOperation): void {
    for (const sending of this.#sendings) {
      if (!sending.wasLive) continue;
      try {
        sending.backend.endpoint.send(operation, (answer) => this.#answered(sending, answer));
      } catch {
        this.#answered(sending, BROKEN);
      }
    }
  }

  /** The endpoint has died: what it has not answered by now is a timeout, even if it lives again. */
  died(backend: RegisteredBackend): void {
    const sending = this.#sendings.find((candidate) => candidate.backend === backend);
    if (sending !== undefined) this.#close(sending);
  }

  /** Every backend's share, in order of registration at the time of sending. */
  outcomes(): readonly BroadcastOutcome[] {
    return this.#sendings.map(({ backend, wasLive, answer }) => ({
      key: backend.key,
      response: wasLive ? (answer ?? TIMEOUT) : null,
    }));
  }

  #answered(sending: Sending, answer: BackendAnswer): void {
    if (sending.closed || this.#host.now() > this.deadlineMs) return;
    sending.answer = answer;
    this.#close(sending);
  }

  #close(sending: Sending): void {
    if (sending.closed) return;
    sending.closed = true;
    this.#open -= 1;
    if (this.#open === 0) this.#host.complete();
  }
}
