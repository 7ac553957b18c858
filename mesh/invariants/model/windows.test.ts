import { describe, expect, it } from 'vitest';
import type { MeshOsAction } from '../../../src/action/action.ts';
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
function admitted(
  windows: ReplicaWindows,
  slots: DrainSlots,
  rate: number,
  action: MeshOsAction,
  nowMs: number,
): number {
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
          const left = admitted(windows, slots, config.drain_rate_per_zone_per_sec, action, atMs);
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

describe('the windows of chains', () => {
  const pull = (chain: bigint): MeshOsAction => ({ kind: 'pull_replica', chain, source: 9n });
  const drop = (chain: bigint): MeshOsAction => ({ kind: 'drop_replica', chain });
  const migrate: MeshOsAction = { kind: 'migrate_blob', blob: 1n, from: 1n, to: 2n };

  it('begin with a dispatch, and are over a window later', () => {
    const windows = new ReplicaWindows(250, 1000);
    expect([windows.cooldownLeft(0), windows.stabilizationLeft(1n, 0)]).toEqual([0, 0]);
    windows.dispatched(1n, pull(1n), 100);
    expect([windows.cooldownLeft(100), windows.cooldownLeft(349), windows.cooldownLeft(350)]).toEqual([250, 1, 0]);
    expect([windows.stabilizationLeft(1n, 100), windows.stabilizationLeft(1n, 1100)]).toEqual([1000, 0]);
    expect(windows.stabilizationLeft(2n, 100)).toBe(0);
  });

  it('begin with a drop for its chain alone, and with nothing else', () => {
    const windows = new ReplicaWindows(250, 1000);
    windows.dispatched(1n, drop(1n), 100);
    windows.dispatched(2n, migrate, 100);
    expect([windows.cooldownLeft(100), windows.stabilizationLeft(1n, 100)]).toEqual([0, 1000]);
  });

  it('end when the dispatch fails: the cooldown of the one that took it, the chain’s in any case', () => {
    const windows = new ReplicaWindows(250, 1000);
    windows.dispatched(1n, pull(1n), 100);
    windows.failed(2n, pull(1n));
    expect([windows.cooldownLeft(100), windows.stabilizationLeft(1n, 100)]).toEqual([250, 0]);
    windows.failed(1n, pull(1n));
    expect(windows.cooldownLeft(100)).toBe(0);
    windows.dispatched(3n, drop(1n), 100);
    windows.failed(4n, migrate);
    expect(windows.stabilizationLeft(1n, 100)).toBe(1000);
    windows.failed(4n, drop(1n));
    expect(windows.stabilizationLeft(1n, 100)).toBe(0);
  });
});

describe('the slots of migrations', () => {
  it('count for a second, and are given back by the action that took one', () => {
    const slots = new DrainSlots();
    slots.dispatched(1n, 0);
    slots.dispatched(2n, 400);
    slots.dispatched(3n, 400);
    expect([slots.taken(400), slots.taken(999)]).toEqual([3, 3]);
    slots.failed(9n);
    slots.failed(3n);
    expect([slots.taken(999), slots.taken(1000), slots.taken(1399), slots.taken(1400)]).toEqual([2, 1, 1, 0]);
    slots.failed(2n);
    expect(slots.taken(1400)).toBe(0);
  });

  it('keep their times when one in between is given back', () => {
    const slots = new DrainSlots();
    slots.dispatched(1n, 0);
    slots.dispatched(2n, 500);
    slots.failed(1n);
    expect([slots.taken(1000), slots.taken(1500)]).toEqual([1, 0]);
  });
});
