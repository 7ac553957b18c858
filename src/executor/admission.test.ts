import { describe, expect, it } from 'vitest';
import type { DaemonRef, MeshOsAction } from '../action/action.ts';
import { BackpressureState } from './admission.ts';
import { DEFAULT_EXECUTOR_CONFIG } from './config.ts';
import type { ExecutorConfig } from './ports.ts';
import { netMesh021, strict } from './semantics.ts';

const pull = (chain: bigint): MeshOsAction => ({ kind: 'pull_replica', chain, source: 9n });
const drop = (chain: bigint): MeshOsAction => ({ kind: 'drop_replica', chain });
const migrate: MeshOsAction = { kind: 'migrate_blob', blob: 1n, from: 1n, to: 2n };
const daemon: DaemonRef = { id: 1n, name: 'a' };
const start: MeshOsAction = { kind: 'start_daemon', daemon };

const ADMIT = { kind: 'admit' };
const defer = (retryAfterMs: number) => ({ kind: 'defer', retryAfterMs });

function admission(limits: Partial<ExecutorConfig> = {}): BackpressureState {
  return new BackpressureState({ ...DEFAULT_EXECUTOR_CONFIG, ...limits });
}

describe('pull_replica', () => {
  it('waits out the cooldown of the last pull, of whichever chain, and is admitted at its end', () => {
    const state = admission();
    expect(state.admit(1n, pull(1n), 0)).toEqual(ADMIT);
    expect(state.admit(2n, pull(2n), 249)).toEqual(defer(1));
    expect(state.admit(2n, pull(2n), 250)).toEqual(ADMIT);
  });

  it('looks at the chain before it looks at the cooldown', () => {
    const state = admission();
    state.admit(1n, pull(1n), 0);
    expect(state.admit(2n, pull(1n), 10)).toEqual(defer(59_990));
    expect(state.admit(2n, pull(1n), 59_999)).toEqual(defer(1));
    expect(state.admit(2n, pull(1n), 60_000)).toEqual(ADMIT);
  });

  it('gives back the cooldown only to the action that took it, the chain to whoever asks', () => {
    const state = admission();
    state.admit(1n, pull(1n), 0);
    state.releaseFailedAdmit(7n, pull(1n));
    expect(state.admit(2n, pull(1n), 1)).toEqual(defer(249));
    state.releaseFailedAdmit(1n, pull(1n));
    expect(state.admit(2n, pull(1n), 1)).toEqual(ADMIT);
  });
});

describe('drop_replica', () => {
  it('waits for the chain and starts its window, but knows no cooldown', () => {
    const state = admission();
    state.admit(1n, pull(1n), 0);
    expect(state.admit(2n, drop(1n), 1)).toEqual(defer(59_999));
    expect(state.admit(3n, drop(2n), 1)).toEqual(ADMIT);
    expect(state.admit(4n, pull(2n), 300)).toEqual(defer(59_701));
  });

  it('frees the chain when its dispatch failed', () => {
    const state = admission();
    state.admit(1n, drop(1n), 0);
    state.releaseFailedAdmit(1n, drop(1n));
    expect(state.admit(2n, drop(1n), 0)).toEqual(ADMIT);
  });
});

describe('migrate_blob', () => {
  it('is rationed over the last second, a slot being free again when it is 1000 ms old', () => {
    const state = admission({ drainRatePerSec: 2 });
    expect(state.admit(1n, migrate, 0)).toEqual(ADMIT);
    expect(state.admit(2n, migrate, 400)).toEqual(ADMIT);
    expect(state.admit(3n, migrate, 999)).toEqual(defer(100));
    expect(state.admit(3n, migrate, 1000)).toEqual(ADMIT);
    expect(state.admit(4n, migrate, 1399)).toEqual(defer(100));
    expect(state.admit(4n, migrate, 1400)).toEqual(ADMIT);
  });

  it('gives back the slot of the action that took it, and no other', () => {
    const state = admission({ drainRatePerSec: 1 });
    state.admit(1n, migrate, 0);
    state.releaseFailedAdmit(2n, migrate);
    expect(state.admit(3n, migrate, 1)).toEqual(defer(100));
    state.releaseFailedAdmit(1n, migrate);
    expect(state.admit(3n, migrate, 1)).toEqual(ADMIT);
  });

  it('is never admitted at a rate of 0', () => {
    expect(admission({ drainRatePerSec: 0 }).admit(1n, migrate, 5000)).toEqual(defer(100));
  });
});

describe('daemon gates', () => {
  it('hold until their time, which is already open', () => {
    const state = admission();
    state.gateDaemon(daemon, 100);
    expect(state.admit(1n, start, 99)).toEqual({ kind: 'gate', untilMs: 100, reason: 'daemon-backoff' });
    expect(state.admit(1n, start, 100)).toEqual(ADMIT);
  });

  it('concern start, stop and backoff of exactly that daemon', () => {
    const state = admission();
    state.gateDaemon(daemon, 100);
    const gated = { kind: 'gate', untilMs: 100, reason: 'daemon-backoff' };
    expect(state.admit(1n, { kind: 'stop_daemon', daemon, reason: 'x', deadlineMs: 0 }, 0)).toEqual(gated);
    expect(state.admit(1n, { kind: 'apply_backoff', daemon, untilMs: 9 }, 0)).toEqual(gated);
    expect(state.admit(1n, { kind: 'start_daemon', daemon: { id: 1n, name: 'b' } }, 0)).toEqual(ADMIT);
    expect(state.admit(1n, { kind: 'start_daemon', daemon: { id: 2n, name: 'a' } }, 0)).toEqual(ADMIT);
  });

  it('tell names apart that look the same', () => {
    const state = admission();
    state.gateDaemon({ id: 1n, name: 'caf\u00e9' }, 100);
    const named = (name: string) => state.admit(1n, { kind: 'start_daemon', daemon: { id: 1n, name } }, 0).kind;
    expect(['caf\u00e9', 'cafe\u0301', 'CAF\u00c9', 'caf\u00e9 '].map(named)).toEqual([
      'gate',
      'admit',
      'admit',
      'admit',
    ]);
  });

  it('are replaced, by shorter ones too', () => {
    const state = admission();
    state.gateDaemon(daemon, 100);
    state.gateDaemon(daemon, 50);
    expect(state.admit(1n, start, 50)).toEqual(ADMIT);
  });

  it('are not installed by apply_backoff itself', () => {
    const state = admission();
    state.admit(1n, { kind: 'apply_backoff', daemon, untilMs: 1000 }, 0);
    expect(state.admit(2n, start, 1)).toEqual(ADMIT);
  });
});

it('admits the other kinds at any time', () => {
  const state = admission({ drainRatePerSec: 0 });
  const others: MeshOsAction[] = [
    { kind: 'request_placement', chain: 1n, exclude: [], target: null },
    { kind: 'request_eviction', chain: 1n, victim: 2n },
    { kind: 'reduce_heat', blob: 1n, by: 1 },
    { kind: 'mark_avoid', peer: 1n, reason: 'r', ttlMs: 1 },
    { kind: 'commit_maintenance_transition', node: 1n, target: { kind: 'active' } },
  ];
  for (const other of others) expect(state.admit(1n, other, 0)).toEqual(ADMIT);
});

describe('tick', () => {
  it('forgets what has elapsed, so that a clock read late cannot bring it back', () => {
    const state = admission({ drainRatePerSec: 1 });
    state.gateDaemon(daemon, 100);
    state.gateDaemon({ id: 2n, name: 'b' }, 101);
    state.admit(1n, drop(1n), 0);
    state.admit(2n, migrate, 0);
    state.tick(100);
    expect(state.admit(3n, start, 50)).toEqual(ADMIT);
    expect(state.admit(3n, { kind: 'start_daemon', daemon: { id: 2n, name: 'b' } }, 50).kind).toBe('gate');
    state.tick(101);
    expect(state.admit(3n, { kind: 'start_daemon', daemon: { id: 2n, name: 'b' } }, 50)).toEqual(ADMIT);
    state.tick(60_000);
    expect(state.admit(4n, drop(1n), 50)).toEqual(ADMIT);
    expect(state.admit(5n, migrate, 50)).toEqual(ADMIT);
  });
});

describe('backpressure', () => {
  it('is asserted at the on mark and released at the off mark', () => {
    const state = admission({ backpressureOn: 5, backpressureOff: 2 });
    const changes = [0, 4, 5, 6, 3, 2, 4, 5].map((depth) => state.updateQueueDepth(depth));
    expect(changes).toEqual(['steady', 'steady', 'asserted', 'steady', 'steady', 'released', 'steady', 'asserted']);
    expect(state.queueDepth).toBe(5);
    expect(state.asserted).toBe(true);
  });

  it('refuses marks that flap under strict, and flaps at every update as recorded', () => {
    const flapping = { ...DEFAULT_EXECUTOR_CONFIG, backpressureOn: 3, backpressureOff: 3 };
    expect(() => new BackpressureState(flapping, strict)).toThrow(
      new RangeError(
        'backpressureOff (3) must be below backpressureOn (3): a depth between them would assert and release at every update',
      ),
    );
    const state = new BackpressureState(flapping, netMesh021);
    expect([3, 3, 3].map((depth) => state.updateQueueDepth(depth))).toEqual(['asserted', 'released', 'asserted']);
  });
});

const LIMITS = [
  'pullCooldownMs',
  'drainRatePerSec',
  'stabilizationMs',
  'backpressureOn',
  'backpressureOff',
  'maxDefers',
] as const;

it('refuses a limit that is no whole number, by its name', () => {
  expect(() => admission({ pullCooldownMs: 0.5 })).toThrow(RangeError);
  for (const limit of LIMITS) {
    const refusal = new RangeError(`${limit} must be a whole number of at least 0, not -1`);
    expect(() => admission({ [limit]: -1 })).toThrow(refusal);
  }
});
