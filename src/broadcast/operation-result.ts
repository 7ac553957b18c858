/** What a broadcast came to, built the same way by the model and by the live broadcaster. */
import type { BackendKey } from './backend.ts';
import type { BackendResponse, BroadcastFailureReason, BroadcastOperation } from './operation.ts';
import type { BroadcastPolicy } from './policy.ts';

export interface BroadcastTimeout {
  readonly key: BackendKey;
  /** The policy's. */
  readonly timeoutMs: bigint;
}

export interface BroadcastFailure {
  readonly key: BackendKey;
  readonly reason: BroadcastFailureReason;
}

/** Every backend is in exactly one of the four lists, each in order of registration. */
export interface BroadcastResult {
  readonly operation: BroadcastOperation;
  readonly acks: readonly BackendKey[];
  readonly timeouts: readonly BroadcastTimeout[];
  readonly failures: readonly BroadcastFailure[];
  readonly skippedDead: readonly BackendKey[];
  /** Live backends it was sent to. */
  readonly sentCount: number;
  /** True also where there was none. */
  readonly allLiveBackendsAcked: boolean;
}

/** One backend's share of a broadcast: its response, or null if it was dead and passed over. */
export interface BroadcastOutcome {
  readonly key: BackendKey;
  readonly response: BackendResponse | null;
}

/** Sorts the backends' outcomes, given in order of registration, into a result. */
export function broadcastResult(
  operation: BroadcastOperation,
  policy: BroadcastPolicy,
  outcomes: Iterable<BroadcastOutcome>,
): BroadcastResult {
  const acks: BackendKey[] = [];
  const timeouts: BroadcastTimeout[] = [];
  const failures: BroadcastFailure[] = [];
  const skippedDead: BackendKey[] = [];
  for (const { key, response } of outcomes) {
    if (response === null) skippedDead.push(key);
    else if (response.kind === 'ack') acks.push(key);
    else if (response.kind === 'timeout') timeouts.push({ key, timeoutMs: policy.ackTimeoutMs });
    else failures.push({ key, reason: response.reason });
  }
  return {
    operation,
    acks,
    timeouts,
    failures,
    skippedDead,
    sentCount: acks.length + timeouts.length + failures.length,
    allLiveBackendsAcked: timeouts.length === 0 && failures.length === 0,
  };
}
