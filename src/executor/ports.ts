/** What the action executor is given: admission, dispatcher with its backpressure hook, and its counters' shape. */
import type { DaemonRef, MeshOsAction, PendingAction } from '../action/action.ts';
import type { Millis } from './millis.ts';

/** Limits of admission and executor: u64s, each a number or, above 2^53 - 1, a bigint. */
export interface ExecutorConfig {
  /** Least time between two admitted pulls, of whichever chain. Default 250. */
  readonly pullCooldownMs: Millis;
  /** Admitted migrations per second. Default 10. */
  readonly drainRatePerSec: number | bigint;
  /** How long a chain is left alone after a pull or a drop. Default 60 000. */
  readonly stabilizationMs: Millis;
  /** Backpressure is asserted at this depth or above. Default 1000. */
  readonly backpressureOn: number | bigint;
  /** Backpressure is released at this depth or below. Default 200. */
  readonly backpressureOff: number | bigint;
  /** Defers and retries an action may have before it fails. Default 16. */
  readonly maxDefers: number | bigint;
}

export type AdmitDecision =
  | { readonly kind: 'admit' }
  | { readonly kind: 'defer'; readonly retryAfterMs: Millis }
  | { readonly kind: 'gate'; readonly untilMs: Millis; readonly reason: string };

/** What an update of the queue depth changed. */
export type BackpressureChange = 'steady' | 'asserted' | 'released';

/** Decides whether an action may be dispatched now. All times are monotonic milliseconds. */
export interface Admission {
  admit(id: bigint, action: MeshOsAction, nowMs: number): AdmitDecision;
  /** Undoes what a failed dispatch reserved. */
  releaseFailedAdmit(id: bigint, action: MeshOsAction): void;
  /** Drops elapsed windows and gates. */
  tick(nowMs: number): void;
  /** Feeds the depth to the asserted/released flag. */
  updateQueueDepth(depth: number): BackpressureChange;
  /** Gates a daemon until `untilMs`, replacing an earlier gate, longer or shorter. */
  gateDaemon(daemon: DaemonRef, untilMs: Millis): void;
}

export type DispatchResult =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: bigint | null };

/** Carries actions out. One that throws or rejects counts as `failed` with reason "dispatcher panicked". */
export interface Dispatcher {
  dispatch(pending: PendingAction): Promise<DispatchResult>;
  /** Called on each backpressure edge. */
  onBackpressure(change: 'asserted' | 'released'): void;
}

/** The executor's counters. */
export interface ExecutorStats {
  readonly dispatched: number;
  readonly failed: number;
  readonly deferred: number;
  readonly gated: number;
  readonly dispatchRetries: number;
  readonly backpressureAsserts: number;
  readonly backpressureReleases: number;
  readonly chainAppendFailures: number;
  /** Throws of the backpressure hook; counted under `strict` only. */
  readonly hookFailures: number;
}
