import { describe, expect, it } from 'vitest';
import { BoundedRing } from '../ring/bounded-ring.ts';
import { RECENT_FAILURES_CAPACITY } from '../ring/capacities.ts';
import { FoldError, MeshOsSnapshotFold } from './fold.ts';
import type { ActionChainRecord, ActionDisposition } from './records.ts';
import { MeshOsSnapshot } from './snapshot.ts';
import { bodyCodec, RecordDecoder, RecordEncoder } from './wire.ts';

function record(id: bigint, kind: string, disposition: ActionDisposition): ActionChainRecord {
  return { id, kind, emittedAtMs: 1_000_000n, disposition };
}

describe.each(['msgpack', 'postcard'] as const)('the fold of a chain in %s', (codecName) => {
  const encoder = new RecordEncoder(bodyCodec(codecName));
  const fold = new MeshOsSnapshotFold(new RecordDecoder(bodyCodec(codecName)));

  function payload(of: ActionChainRecord): Uint8Array {
    const encoded = encoder.encode(of);
    if (!encoded.ok) throw new Error(encoded.error.message);
    return encoded.value;
  }

  it('leaves recent failures empty for a dispatched record', () => {
    const state = new MeshOsSnapshot();
    expect(fold.apply(payload(record(1n, 'start_daemon', { type: 'dispatched' })), state)).toBeNull();
    expect(state.recentFailures.length).toBe(0);
  });

  it('pushes a failure that names the action for a failed record, its retry hint left out', () => {
    const state = new MeshOsSnapshot();
    for (const retryAfterMs of [null, 250n]) {
      fold.apply(payload(record(42n, 'start_daemon', { type: 'failed', reason: 'process died', retryAfterMs })), state);
    }
    const failure = { seq: 0n, source: 'action-id:42:start_daemon', reason: 'process died', recordedAtMs: 1_000_000n };
    expect(state.recentFailures.toArray()).toEqual([failure, failure]);
  });

  it('pushes a failure that tells the cooldown, if there is one, for a gated record', () => {
    const state = new MeshOsSnapshot();
    for (const cooldownMs of [5000n, 0n, null]) {
      const disposition = { type: 'gated', reason: 'daemon-backoff', cooldownMs } as const;
      fold.apply(payload(record(7n, 'stop_daemon', disposition)), state);
    }
    expect(state.recentFailures.toArray().map(({ reason }) => reason)).toEqual([
      'gated (daemon-backoff); cooldown 5000 ms',
      'gated (daemon-backoff); cooldown 0 ms',
      'gated (daemon-backoff)',
    ]);
    expect(state.recentFailures.at(0)?.source).toBe('action-id:7:stop_daemon');
  });

  it('drops the oldest failures once the ring is full', () => {
    const state = new MeshOsSnapshot();
    for (let id = 0n; id < BigInt(RECENT_FAILURES_CAPACITY + 5); id++) {
      const disposition = { type: 'failed', reason: `err ${id}`, retryAfterMs: null } as const;
      fold.apply(payload(record(id, 'start_daemon', disposition)), state);
    }
    expect(RECENT_FAILURES_CAPACITY).toBe(256);
    expect(state.recentFailures.length).toBe(256);
    expect(state.recentFailures.at(0)?.source).toBe('action-id:5:start_daemon');
    expect(state.recentFailures.newest?.source).toBe('action-id:260:start_daemon');
  });

  it('tells of a payload that is no record, and leaves the state as it was', () => {
    const state = new MeshOsSnapshot(2);
    const failed = { type: 'failed', reason: 'boom', retryAfterMs: null } as const;
    for (const id of [1n, 2n, 3n]) fold.apply(payload(record(id, 'start_daemon', failed)), state);
    const before = state.recentFailures.toArray();
    const sound = payload(record(4n, 'start_daemon', failed));
    for (const damaged of [[], [1, 0xff, 0xff, 0xff], [2, ...sound.subarray(1)], sound.subarray(0, 9)]) {
      const error = fold.apply(Uint8Array.from(damaged), state);
      expect(error).toBeInstanceOf(FoldError);
      expect(error?.message).toContain('ActionChainRecord');
    }
    expect(state.recentFailures.toArray()).toEqual(before);
    expect(state.recentFailures.evicted).toBe(1);
  });
});

describe('a fold error', () => {
  it('reads as recorded', () => {
    expect(new FoldError({ kind: 'unsupported_version', seen: 2, supported: 1 }).message).toBe(
      'decode failed: ActionChainRecord wire decode: unsupported action-chain wire version 2; this build expects 1',
    );
  });
});

describe('a snapshot', () => {
  it('keeps 256 recent failures unless told otherwise', () => {
    expect(new MeshOsSnapshot().recentFailures).toEqual(new BoundedRing(256));
    expect(new MeshOsSnapshot(0).recentFailures.capacity).toBe(1);
  });
});
