/**
 * Writes down the outcome of an action: counters, failure chain, ring of recent failures, action chain, always in that order.
 * The loop decides what the outcome is; this class only records it.
 */
import { actionKind, type PendingAction } from '../action/action.ts';
import { NO_CHAIN } from '../chain/appenders.ts';
import type { ActionChainRecord, ActionDisposition, Appender, FailureRecord } from '../chain/records.ts';
import { failureSource, gatedReason } from '../chain/snapshot.ts';
import { BoundedRing } from '../ring/bounded-ring.ts';
import type { Runtime } from '../runtime/port.ts';
import type { ExecutorStats } from './ports.ts';
import type { ExecutorSemantics } from './semantics.ts';

/** The executor's counters as the executor itself holds them. */
export type Counters = { -readonly [K in keyof ExecutorStats]: ExecutorStats[K] };

const DISPATCHED: ActionDisposition = { type: 'dispatched' };

/** The two chains that outcomes go to; by default nowhere. */
export interface OutcomeChains {
  readonly actionChain?: Appender<ActionChainRecord> | undefined;
  readonly failureChain?: Appender<FailureRecord> | undefined;
}

export class OutcomeRecorder {
  readonly counters: Counters = {
    dispatched: 0,
    failed: 0,
    deferred: 0,
    gated: 0,
    dispatchRetries: 0,
    backpressureAsserts: 0,
    backpressureReleases: 0,
    chainAppendFailures: 0,
    hookFailures: 0,
  };
  readonly recentFailures: BoundedRing<FailureRecord>;
  readonly #clock: Pick<Runtime, 'wallNow'>;
  readonly #actionChain: Appender<ActionChainRecord>;
  readonly #failureChain: Appender<FailureRecord>;
  readonly #semantics: ExecutorSemantics;
  #lastSeq = 0n;

  constructor(
    clock: Pick<Runtime, 'wallNow'>,
    { actionChain = NO_CHAIN, failureChain = NO_CHAIN }: OutcomeChains,
    recentFailures: number,
    semantics: ExecutorSemantics,
  ) {
    this.#clock = clock;
    this.#actionChain = actionChain;
    this.#failureChain = failureChain;
    this.#semantics = semantics;
    this.recentFailures = new BoundedRing(recentFailures);
  }

  /** The dispatch succeeded. */
  dispatched(pending: PendingAction): void {
    this.counters.dispatched += 1;
    this.#appendAction(pending, DISPATCHED, this.#clock.wallNow());
  }

  /** The action has failed for good. */
  failed(pending: PendingAction, reason: string): void {
    this.counters.failed += 1;
    const recordedAtMs = this.#recordFailure(pending, reason);
    this.#appendAction(pending, { type: 'failed', reason, retryAfterMs: null }, this.#emittedAt(recordedAtMs));
  }

  /** The dispatch failed and will be tried again. */
  retried(pending: PendingAction, reason: string, retryAfterMs: bigint): void {
    this.counters.dispatchRetries += 1;
    const emittedAtMs =
      this.#semantics.retriedAttempts === 'ring-and-chain'
        ? this.#emittedAt(this.#recordFailure(pending, reason))
        : this.#clock.wallNow();
    this.#appendAction(pending, { type: 'failed', reason, retryAfterMs }, emittedAtMs);
  }

  /** Admission refused the action for `cooldownMs` from now. */
  gated(pending: PendingAction, reason: string, cooldownMs: bigint): void {
    this.counters.gated += 1;
    const ringReason =
      this.#semantics.ringWording === 'as-folded'
        ? gatedReason(reason, cooldownMs)
        : `gated (${reason}) for ${cooldownMs} ms`;
    const recordedAtMs = this.#recordFailure(pending, ringReason);
    this.#appendAction(pending, { type: 'gated', reason, cooldownMs }, this.#emittedAt(recordedAtMs));
  }

  /** Failure chain first, ring second. An error of the chain is ignored here. Returns the recorded time. */
  #recordFailure(pending: PendingAction, reason: string): bigint {
    this.#lastSeq += 1n;
    const record: FailureRecord = {
      seq: this.#lastSeq,
      source:
        this.#semantics.ringWording === 'as-folded'
          ? failureSource(pending.id, actionKind(pending.action))
          : `action-id:${pending.id}`,
      reason,
      recordedAtMs: this.#clock.wallNow(),
    };
    this.#failureChain.append(record);
    this.recentFailures.push(record);
    return record.recordedAtMs;
  }

  /** When a record is emitted whose failure was recorded at `recordedAtMs`: one reading for both keeps replay exact. */
  #emittedAt(recordedAtMs: bigint): bigint {
    return this.#semantics.wallReads === 'one' ? recordedAtMs : this.#clock.wallNow();
  }

  #appendAction(pending: PendingAction, disposition: ActionDisposition, emittedAtMs: bigint): void {
    const error = this.#actionChain.append({
      id: pending.id,
      kind: actionKind(pending.action),
      emittedAtMs,
      disposition,
    });
    if (error !== null) this.counters.chainAppendFailures += 1;
  }
}
