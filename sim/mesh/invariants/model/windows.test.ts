import { describe, expect, it } from 'vitest';
import type { MeshOsAction } from '../../../../src/action/action.ts';
import { actionOf, type RecordedAction, readVectors } from './vectors.testing.ts';
import { DRAIN_RETRY_MS, DrainSlots, ReplicaWindows } from './windows.ts';

interface Vector {
  readonly name: string;
  readonly config: {
    readonly pull_cooldown_ms: number;
    readonly replica_stabilization_window_ms: number;
    readonly drain_rate_per_zone_per_sec: number;
  };
  readonly ops: readonly { op: string; at_ms: number; id?: number | string; action?: RecordedAction }[];
  readonly results: readonly ({ result?: string; retry_after_ms?: number } | null)[];
}

/** What the windows say of an action: 0 to admit it, else by how much it is put off. */
function judged(windows: ReplicaWindows, slots: DrainSlots, rate: number, action: MeshOsAction, nowMs: number): number {
  switch (action.kind) {
    case 'pull_replica': {
      const left = windows.stabilizationLeft(action.chain, nowMs);
      return Math.max(left > 0 ? left : windows.cooldownLeft(nowMs), 0);
    }
    case 'drop_replica':
      return Math.max(windows.stabilizationLeft(action.chain, nowMs), 0);
    case 'migrate_blob':
      return slots.taken(nowMs) >= rate ? DRAIN_RETRY_MS : 0;
    default:
      return 0;
  }
}

describe('the windows of admission', () => {
  const vectors = readVectors<Vector>('backpressure.jsonl');

  it('say of every recorded admission what the upstream source said', () => {
    let compared = 0;
    for (const { name, config, ops, results } of vectors) {
      const windows = new ReplicaWindows(config.pull_cooldown_ms, config.replica_stabilization_window_ms);
      const slots = new DrainSlots();
      let lastMs = 0;
      for (const [i, { op, at_ms: atMs, id, action: recorded }] of ops.entries()) {
        if (recorded === undefined || id === undefined) continue;
        // Monotonic time never goes back; one recorded case does, to see what the source makes of it.
        if (atMs < lastMs) break;
        lastMs = atMs;
        const action = actionOf(recorded);
        const result = results[i];
        if (op === 'release_failed_admit') {
          windows.failed(BigInt(id), action);
          if (action.kind === 'migrate_blob') slots.failed(BigInt(id));
        } else if (result?.result === 'admit' || result?.result === 'defer') {
          compared++;
          const left = judged(windows, slots, config.drain_rate_per_zone_per_sec, action, atMs);
          expect(left, `${name}, operation ${i}`).toBe(result.retry_after_ms ?? 0);
          if (result.result === 'defer') continue;
          windows.dispatched(BigInt(id), action, atMs);
          if (action.kind === 'migrate_blob') slots.dispatched(BigInt(id), atMs);
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});
