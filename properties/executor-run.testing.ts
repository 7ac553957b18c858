/** An executor on the simulation kernel, with everything at its ports scripted and recorded. */
import type { DaemonRef, PendingAction } from '../src/action/action.ts';
import { type ActionChainRecord, AppendError, type FailureRecord } from '../src/chain/records.ts';
import { BackpressureState } from '../src/executor/admission.ts';
import { ActionExecutor } from '../src/executor/executor.ts';
import type { Admission, Dispatcher, DispatchResult } from '../src/executor/ports.ts';
import { strict } from '../src/executor/semantics.ts';
import type { Channel } from '../src/runtime/port.ts';
import type { Answer, ExecutorLimits, FailingCall, Happening, Submission } from './executor-effects.testing.ts';
import { KernelRun } from './kernel-run.testing.ts';

export class ExecutorRun extends KernelRun<Happening> {
  readonly executor: ActionExecutor;
  readonly #queue: Channel<PendingAction>;
  readonly #admission: BackpressureState;
  readonly #answers = new Map<bigint, Answer[]>();
  /** How many of the next calls fail. */
  readonly #failing: Record<FailingCall, number> = { 'action-append': 0, 'failure-append': 0, hook: 0 };

  /** `seed` decides which of several ready tasks goes first. */
  constructor(limits: ExecutorLimits, seed: bigint, wallAheadMs: number) {
    super(seed, wallAheadMs);
    this.#queue = this.node.channel<PendingAction>(limits.queueCapacity);
    this.#admission = new BackpressureState(limits, strict);
    const ports = {
      queue: this.#queue,
      admission: this.#watchedAdmission(),
      dispatcher: this.#dispatcher(),
      actionChain: {
        append: (record: ActionChainRecord) => {
          const refused = this.#isFailing('action-append');
          this.note({ what: 'action-append', record, refused });
          return refused ? new AppendError('action', 'planted') : null;
        },
      },
      failureChain: {
        append: (record: FailureRecord) => {
          const refused = this.#isFailing('failure-append');
          this.note({ what: 'failure-append', record, refused });
          return refused ? new AppendError('failure', 'planted') : null;
        },
      },
    };
    this.executor = new ActionExecutor(this.node, limits, ports, strict);
    this.node.spawn('executor', async () => {
      await this.executor.run();
      this.note({ what: 'end' });
    });
  }

  submit({ id, action, answers }: Submission): void {
    this.#answers.set(id, [...answers]);
    const outcome = this.#queue.trySend({ id, action, emittedAtMs: this.nowMs });
    this.note({ what: 'submit', submission: { id, action, answers }, outcome });
  }

  gateDaemon(daemon: DaemonRef, forMs: number): void {
    const untilMs = this.nowMs + forMs;
    this.#admission.gateDaemon(daemon, untilMs);
    this.note({ what: 'gate-daemon', daemon, untilMs });
  }

  failNext(call: FailingCall, times: number): void {
    this.#failing[call] += times;
    this.note({ what: 'fail-next', call, times });
  }

  jumpWallClock(byMs: number): void {
    this.node.shiftWallClock(byMs);
    this.note({ what: 'wall-clock-jump', byMs });
  }

  close(): void {
    this.#queue.close();
    this.note({ what: 'close' });
  }

  #isFailing(call: FailingCall): boolean {
    if (this.#failing[call] === 0) return false;
    this.#failing[call] -= 1;
    return true;
  }

  #watchedAdmission(): Admission {
    const inner = this.#admission;
    return {
      admit: (id, action, nowMs) => {
        const decision = inner.admit(id, action, nowMs);
        this.note({ what: 'admit', id, decision });
        return decision;
      },
      releaseFailedAdmit: (id, action) => {
        inner.releaseFailedAdmit(id, action);
        this.note({ what: 'release', id });
      },
      tick: (nowMs) => inner.tick(nowMs),
      updateQueueDepth: (depth) => inner.updateQueueDepth(depth),
      gateDaemon: (daemon, untilMs) => inner.gateDaemon(daemon, untilMs),
    };
  }

  #dispatcher(): Dispatcher {
    return {
      dispatch: ({ id }) => {
        this.note({ what: 'dispatch', id });
        const answer = this.#answers.get(id)?.shift() ?? { kind: 'ok', takesMs: 0 };
        if (answer.kind === 'throws') throw new Error('planted');
        return this.#answer(id, answer);
      },
      onBackpressure: (change) => {
        const threw = this.#isFailing('hook');
        this.note({ what: 'edge', change, threw });
        if (threw) throw new Error('planted');
      },
    };
  }

  async #answer(id: bigint, answer: Exclude<Answer, { readonly kind: 'throws' }>): Promise<DispatchResult> {
    if (answer.takesMs > 0) await this.node.sleep(answer.takesMs);
    this.note({ what: 'answer', id });
    switch (answer.kind) {
      case 'ok':
        return { kind: 'ok' };
      case 'rejects':
        throw new Error('planted');
      case 'fails':
        return { kind: 'failed', reason: answer.reason, retryAfterMs: answer.retryAfterMs };
    }
  }
}
