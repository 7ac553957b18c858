/** What a node knows of a chain's actions from folding it: the snapshot that operators are shown. */
import { BoundedRing } from '../ring/bounded-ring.ts';
import { RECENT_FAILURES_CAPACITY } from '../ring/capacities.ts';
import type { FailureRecord } from './records.ts';

export class MeshOsSnapshot {
  /** Failed and gated actions, oldest first; `seq` is 0, for only an executor numbers its failures. */
  readonly recentFailures: BoundedRing<FailureRecord>;

  constructor(capacity = RECENT_FAILURES_CAPACITY) {
    this.recentFailures = new BoundedRing(capacity);
  }
}

/** What a failure record names as its source. */
export function failureSource(id: bigint, kind: string): string {
  return `action-id:${id}:${kind}`;
}

/** The reason of a failure record that stands for a gated action. */
export function gatedReason(reason: string, cooldownMs: bigint | null): string {
  return cooldownMs === null ? `gated (${reason})` : `gated (${reason}); cooldown ${cooldownMs} ms`;
}
