/**
 * The executor: takes actions from its queue and from among those deferred, asks admission about each, dispatches what
 * is admitted, one at a time, and sees to it that every action ends in exactly one outcome. It stops when its queue is
 * closed and empty. (docs/specification/control-plane.md, section 6.)
 *
 * ```ts
 * const executor = new ActionExecutor(runtime, DEFAULT_EXECUTOR_CONFIG, { queue, admission, dispatcher, actionChain, failureChain }, strict);
 * runtime.spawn('executor', () => executor.run());
 * ```
 */
import type { PendingAction } from '../action/action.ts';
import type { FailureRecord } from '../chain/records.ts';
import type { BoundedRing } from '../ring/bounded-ring.ts';
import { CLOSED, type Receiver, type Runtime } from '../runtime/port.ts';
import { replaceLoneSurrogates } from '../text.ts';
import { type ActionExecutorConfig, checkExecutorConfig } from './config.ts';
import { DeferredQueue } from './deferred-queue.ts';
import { callDispatcher } from './dispatch-call.ts';
import { IdleTick } from './idle-tick.ts';
import { lengthBetween, type Millis, millis, plus } from './millis.ts';
import { type OutcomeChains, OutcomeRecorder } from './outcome-recorder.ts';
import type { Admission, Dispatcher, DispatchResult, ExecutorStats } from './ports.ts';
import type { ExecutorSemantics } from './semantics.ts';
import { WakeUp } from './wake-up.ts';

export interface ExecutorPorts extends OutcomeChains {
  readonly queue: Receiver<PendingAction>;
  readonly admission: Admission;
  readonly dispatcher: Dispatcher;
}

export class ActionExecutor {
  readonly #runtime: Runtime;
  readonly #config: ActionExecutorConfig;
  readonly #queue: Receiver<PendingAction>;
  readonly #admission: Admission;
  readonly #dispatcher: Dispatcher;
  readonly #semantics: ExecutorSemantics;
  readonly #outcomes: OutcomeRecorder;
  readonly #deferred: DeferredQueue;

  /** Throws a RangeError for limits that are no u64s, and for marks that flap where `semantics` refuses them. */
  constructor(runtime: Runtime, config: ActionExecutorConfig, ports: ExecutorPorts, semantics: ExecutorSemantics) {
    checkExecutorConfig(config, semantics);
    this.#runtime = runtime;
    this.#config = config;
    this.#queue = ports.queue;
    this.#admission = ports.admission;
    this.#dispatcher = ports.dispatcher;
    this.#semantics = semantics;
    this.#outcomes = new OutcomeRecorder(runtime, ports, config.recentFailures, semantics);
    this.#deferred = new DeferredQueue(semantics.equalDeadlines);
  }

  /** Live: read it when it is needed. */
  get stats(): ExecutorStats {
    return this.#outcomes.counters;
  }

  get recentFailures(): BoundedRing<FailureRecord> {
    return this.#outcomes.recentFailures;
  }

  /** Actions waiting for a deadline. */
  get deferredCount(): number {
    return this.#deferred.length;
  }

  /** Serves until the queue is closed and empty. Rejects only where the semantics let a throw end the executor. */
  async run(): Promise<void> {
    const wakeUp = new WakeUp(this.#runtime, this.#queue);
    const idleTick =
      this.#semantics.backpressureRelease === 'on-idle-tick' ? new IdleTick(this.#runtime.now()) : undefined;
    for (;;) {
      const woken = await wakeUp.next(this.#deferred.earliestMs, idleTick?.dueAtMs);
      if (woken.source === 'received') {
        if (woken.value === CLOSED) break;
        if (this.#admits(woken.value, 0)) this.#settle(woken.value, 0, await this.#dispatched(woken.value));
        this.#afterAction();
      } else if (woken.source === 'due') {
        const due = this.#deferred.pop();
        if (due === undefined) continue;
        const { pending, defers } = due;
        if (this.#admits(pending, defers)) this.#settle(pending, defers, await this.#dispatched(pending));
        this.#afterAction();
      } else {
        idleTick?.handled(this.#runtime.now());
        this.#reevaluateBackpressure();
      }
    }
    this.#close();
  }

  /**
   * Whether the action, fresh or due, is to be dispatched now: `priorDefers` times deferred or retried before. If not, it
   * has been put off or has ended. Nothing is waited for here, so it costs no promise.
   */
  #admits(pending: PendingAction, priorDefers: number): boolean {
    const nowMs = this.#runtime.now();
    this.#admission.tick(nowMs);
    this.#updateDepth(this.#waiting() + 1);
    const decision = this.#admission.admit(pending.id, pending.action, nowMs);
    switch (decision.kind) {
      case 'admit':
        return true;
      case 'defer':
        this.#defer(pending, priorDefers + 1, plus(nowMs, decision.retryAfterMs));
        return false;
      case 'gate': {
        const cooldownMs = BigInt(lengthBetween(nowMs, decision.untilMs));
        this.#outcomes.gated(pending, replaceLoneSurrogates(decision.reason), cooldownMs);
        return false;
      }
    }
  }

  #afterAction(): void {
    if (this.#semantics.backpressureRelease === 'after-each-action') this.#reevaluateBackpressure();
  }

  #defer(pending: PendingAction, defers: number, deadlineMs: Millis): void {
    const { maxDefers } = this.#config;
    if (defers > maxDefers) {
      this.#outcomes.failed(pending, `deferred ${defers} times — exceeds max_defer_count ${maxDefers}`);
      return;
    }
    this.#outcomes.counters.deferred += 1;
    this.#deferred.push(pending, deadlineMs, defers);
  }

  #dispatched(pending: PendingAction): Promise<DispatchResult> {
    return callDispatcher(this.#dispatcher, pending, this.#semantics.thrownInCall);
  }

  /** What a dispatch's result makes of the action. */
  #settle(pending: PendingAction, priorDefers: number, result: DispatchResult): void {
    if (result.kind === 'ok') {
      this.#outcomes.dispatched(pending);
      return;
    }
    this.#admission.releaseFailedAdmit(pending.id, pending.action);
    this.#reevaluateBackpressure();
    if (result.retryAfterMs === null) {
      this.#outcomes.failed(pending, result.reason);
      return;
    }
    const defers = priorDefers + 1;
    if (defers > this.#config.maxDefers) {
      this.#outcomes.failed(pending, `dispatch retry budget exhausted after ${defers} attempts`);
      return;
    }
    this.#outcomes.retried(pending, result.reason, result.retryAfterMs);
    // A hint counts from the end of the dispatch.
    this.#deferred.push(pending, plus(this.#runtime.now(), millis(result.retryAfterMs)), defers);
  }

  /** The queue is closed and empty; what is still deferred ends here, or is lost. */
  #close(): void {
    if (this.#semantics.deferredAtClose === 'failed') {
      for (let left = this.#deferred.pop(); left !== undefined; left = this.#deferred.pop()) {
        this.#outcomes.failed(left.pending, 'executor closed');
      }
    }
    if (this.#semantics.backpressureRelease === 'after-each-action') this.#reevaluateBackpressure();
  }

  #waiting(): number {
    return this.#queue.length + this.#deferred.length;
  }

  #reevaluateBackpressure(): void {
    this.#updateDepth(this.#waiting());
  }

  #updateDepth(depth: number): void {
    const change = this.#admission.updateQueueDepth(depth);
    if (change === 'steady') return;
    if (change === 'asserted') this.#outcomes.counters.backpressureAsserts += 1;
    else this.#outcomes.counters.backpressureReleases += 1;
    try {
      this.#dispatcher.onBackpressure(change);
    } catch (thrown) {
      if (this.#semantics.thrownInCall === 'ends-executor') throw thrown;
      this.#outcomes.counters.hookFailures += 1;
    }
  }
}
