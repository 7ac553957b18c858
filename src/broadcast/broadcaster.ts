/**
 * The lifecycle broadcast on a runtime: asks all live backends of a node at once, and waits for their answers, one
 * broadcast after another. Its results are the model's, built from the membership at the time of sending.
 * (docs/specification/control-plane.md, section 8.)
 *
 * ```ts
 * const broadcaster = new LifecycleBroadcaster(runtime, broadcastPolicy());
 * runtime.spawn('broadcaster', () => broadcaster.run());
 * broadcaster.register(key, endpoint, true);
 * const result = await broadcaster.broadcast(quiesce('maintenance'));
 * ```
 */

import { WAITING_BROADCASTS_CAPACITY } from '../ring/capacities.ts';
import {
  type Channel,
  CLOSED,
  type Closed,
  deadline,
  type Receiver,
  type Runtime,
  type Sender,
  type Signal,
} from '../runtime/port.ts';
import type { BackendKey } from './backend.ts';
import { InFlightBroadcast } from './in-flight.ts';
import type { BroadcastOperation } from './operation.ts';
import { type BroadcastResult, broadcastResult } from './operation-result.ts';
import type { BroadcastPolicy } from './policy.ts';
import type { BackendEndpoint } from './ports.ts';
import { BackendRegistry, type RegisteredBackend } from './registry.ts';

interface Request {
  readonly operation: BroadcastOperation;
  readonly reply: Sender<BroadcastResult>;
}

export class LifecycleBroadcaster {
  readonly policy: BroadcastPolicy;
  readonly #runtime: Runtime;
  readonly #onResult: (result: BroadcastResult) => void;
  readonly #registry = new BackendRegistry();
  readonly #requests: Channel<Request>;
  /** The broadcast in flight has nothing more to wait for. */
  readonly #complete: Signal;
  #inFlight: InFlightBroadcast | null = null;

  /** `onResult` is told of each result when its broadcast is over, before the next one begins; `waitingMax` may wait. */
  constructor(
    runtime: Runtime,
    policy: BroadcastPolicy,
    onResult: (result: BroadcastResult) => void = () => {},
    waitingMax = WAITING_BROADCASTS_CAPACITY,
  ) {
    this.#runtime = runtime;
    this.policy = policy;
    this.#onResult = onResult;
    this.#requests = runtime.channel(waitingMax);
    this.#complete = runtime.signal();
  }

  /** In order of registration. */
  backends(): readonly RegisteredBackend[] {
    return this.#registry.backends;
  }

  /**
   * Registers an endpoint, in the place of one with the same key; gives that one back, or null. What was sent to that
   * one stays its own: it may still answer, and the new one receives nothing of a broadcast in flight.
   */
  register(key: BackendKey, endpoint: BackendEndpoint, live: boolean): RegisteredBackend | null {
    return this.#registry.register(key, endpoint, live);
  }

  /** Sets whether the backend now under this key lives. False if there is none. */
  setLive(key: BackendKey, live: boolean): boolean {
    const backend = this.#registry.setLive(key, live);
    if (backend !== null && !live) this.#inFlight?.died(backend);
    return backend !== null;
  }

  /**
   * Puts a broadcast at the end of the queue, at once. Its result comes out of what is given back; nothing but `CLOSED`
   * does if the broadcaster has been closed or too many wait.
   */
  ask(operation: BroadcastOperation): Receiver<BroadcastResult> {
    const reply = this.#runtime.channel<BroadcastResult>(1);
    if (this.#requests.trySend({ operation, reply }) !== 'sent') reply.close();
    return reply;
  }

  /** The same for a task of the runtime that has nothing else to do until the result is there. */
  broadcast(operation: BroadcastOperation): Promise<BroadcastResult | Closed> {
    return this.ask(operation).receive();
  }

  /** Takes no further broadcast; those that wait are still carried out, then the task ends. */
  close(): void {
    this.#requests.close();
  }

  /** Carries out broadcasts until closed. */
  async run(): Promise<void> {
    for (;;) {
      const request = await this.#requests.receive();
      if (request === CLOSED) return;
      const result = await this.#carryOut(request.operation);
      this.#onResult(result);
      request.reply.trySend(result);
    }
  }

  async #carryOut(operation: BroadcastOperation): Promise<BroadcastResult> {
    const inFlight = new InFlightBroadcast(this.#registry.backends, Number(this.policy.ackTimeoutMs), {
      now: () => this.#runtime.now(),
      complete: () => this.#complete.notify(),
    });
    this.#inFlight = inFlight;
    inFlight.send(operation);
    // An answer in the deadline's own millisecond counts, so that one has to be over. A wake that was meant for an
    // earlier broadcast changes nothing: what counts is looked at.
    const overAtMs = inFlight.deadlineMs + 1;
    while (!inFlight.isComplete && this.#runtime.now() < overAtMs) {
      await this.#runtime.select({ complete: this.#complete.notified, over: deadline(overAtMs) });
    }
    this.#inFlight = null;
    return broadcastResult(operation, this.policy, inFlight.outcomes());
  }
}
