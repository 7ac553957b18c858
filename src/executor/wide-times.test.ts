/** Cooldowns, windows, gates and hints of up to 64 bits. */
import { describe, expect, it } from 'vitest';
import type { DaemonRef, MeshOsAction } from '../action/action.ts';
import { BackpressureState } from './admission.ts';
import { DEFAULT_EXECUTOR_CONFIG } from './config.ts';
import { ExecutorRig, failsWith } from './executor-rig.testing.ts';
import { lengthBetween, millis, plus, U64_MAX } from './millis.ts';
import type { ExecutorConfig } from './ports.ts';

const pull = (chain: bigint): MeshOsAction => ({ kind: 'pull_replica', chain, source: 9n });
const daemon: DaemonRef = { id: 1n, name: 'a' };
const start: MeshOsAction = { kind: 'start_daemon', daemon };
const TWO_53 = 2n ** 53n;

function admission(limits: Partial<ExecutorConfig> = {}): BackpressureState {
  return new BackpressureState({ ...DEFAULT_EXECUTOR_CONFIG, ...limits });
}

describe('a number of milliseconds', () => {
  it('is a number where that is exact, and a bigint beyond', () => {
    const last = Number.MAX_SAFE_INTEGER;
    expect([millis(7n), millis(7), millis(BigInt(last))]).toEqual([7, 7, last]);
    expect([millis(TWO_53), millis(U64_MAX)]).toEqual([TWO_53, U64_MAX]);
    expect([plus(last, 0), plus(last, 1), plus(1n, 2)]).toEqual([last, TWO_53, 3]);
  });

  it('is as long as from one to the other, to the millisecond, and never below 0 nor above 2^64 - 1', () => {
    expect([lengthBetween(3, 10), lengthBetween(10, 3), lengthBetween(10, 10)]).toEqual([7, 0, 0]);
    expect(lengthBetween(1, TWO_53)).toBe(Number.MAX_SAFE_INTEGER);
    expect(lengthBetween(1000, U64_MAX)).toBe(U64_MAX - 1000n);
    expect(lengthBetween(-5, U64_MAX)).toBe(U64_MAX);
    expect(lengthBetween(-2, Number.MAX_SAFE_INTEGER)).toBe(TWO_53 + 1n);
  });
});

describe('admission', () => {
  it('holds a pull back for the rest of a cooldown of 2^64 - 1', () => {
    const state = admission({ pullCooldownMs: U64_MAX });
    expect(state.admit(1n, pull(1n), 0)).toEqual({ kind: 'admit' });
    expect(state.admit(2n, pull(2n), 1000)).toEqual({ kind: 'defer', retryAfterMs: U64_MAX - 1000n });
  });

  it('holds a drop back for the rest of a window of 2^53', () => {
    const state = admission({ stabilizationMs: TWO_53 });
    expect(state.admit(1n, { kind: 'drop_replica', chain: 1n }, 0)).toEqual({ kind: 'admit' });
    const again = state.admit(2n, { kind: 'drop_replica', chain: 1n }, 1000);
    expect(again).toEqual({ kind: 'defer', retryAfterMs: 9_007_199_254_739_992 });
    expect(state.admit(3n, pull(1n), 1)).toEqual({ kind: 'defer', retryAfterMs: Number.MAX_SAFE_INTEGER });
  });

  it('gates until the very millisecond, and tells gates beyond 2^53 apart', () => {
    for (const until of [TWO_53, TWO_53 + 1n, U64_MAX]) {
      const state = admission();
      state.gateDaemon(daemon, until);
      state.tick(Number.MAX_SAFE_INTEGER);
      expect(state.admit(1n, start, 5)).toEqual({ kind: 'gate', untilMs: until, reason: 'daemon-backoff' });
    }
  });

  it('compares depths with marks beyond 2^53 exactly', () => {
    const state = admission({ backpressureOn: TWO_53, backpressureOff: TWO_53 - 1n });
    expect(state.updateQueueDepth(TWO_53 - 1n)).toBe('steady');
    expect(state.updateQueueDepth(TWO_53)).toBe('asserted');
    expect(state.updateQueueDepth(TWO_53 - 1n)).toBe('released');
  });

  it.each([[U64_MAX + 1n], [-1n], [2 ** 53], [0.5], [Number.NaN]])('refuses a cooldown of %s', (pullCooldownMs) => {
    expect(() => admission({ pullCooldownMs })).toThrow(/^pullCooldownMs must be /);
  });
});

describe('the executor', () => {
  it('waits for ever for a deadline that the clock never reaches, and serves everything else meanwhile', async () => {
    const rig = new ExecutorRig({ config: { pullCooldownMs: U64_MAX } });
    await rig.runAll([pull(1n), pull(2n), start], 100);
    expect(rig.dispatchedIds()).toEqual(['1', '3']);
    expect(rig.ring()).toEqual([expect.stringMatching(/^1 action-id:2:pull_replica: executor closed/)]);
  });

  it('ends what waits in order of deadlines beyond 2^53, one millisecond apart', async () => {
    const script = [failsWith('busy', U64_MAX), failsWith('busy', U64_MAX - 1n), failsWith('busy', TWO_53)];
    const rig = new ExecutorRig({ script });
    await rig.runAll([start, start, start], 0);
    const ended = rig.ring().filter((entry) => entry.includes('executor closed'));
    expect(ended.map((entry) => entry.split(':')[1])).toEqual(['3', '2', '1']);
  });

  it('records the exact cooldown of a gate beyond 2^53', async () => {
    const rig = new ExecutorRig();
    rig.admission.gateDaemon(daemon, U64_MAX);
    await rig.runtime.until(7);
    await rig.runAll([start], 7);
    expect(rig.actionChain[0]?.disposition).toEqual({
      type: 'gated',
      reason: 'daemon-backoff',
      cooldownMs: U64_MAX - 7n,
    });
  });
});
