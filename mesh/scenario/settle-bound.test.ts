import { describe, expect, it } from 'vitest';
import type { Keyed, Scenario } from '../../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';
import { settleBoundMs } from './settle-bound.ts';

const CONFIG: MeshConfig = {
  nodes: 2,
  codecs: ['msgpack', 'postcard'],
  inboxCapacity: 16,
  queueCapacity: 16,
  pullCooldownMs: 40,
  drainRatePerSec: 10,
  stabilizationMs: 60,
  backpressureOn: 8,
  backpressureOff: 2,
  maxDefers: 3,
  recentFailures: 8,
  logRing: 8,
  auditRing: 8,
  failureChain: 8,
  logChain: 8,
  auditChain: 8,
  dispatch: { minMs: 0, maxMs: 7 },
  network: { minMs: 1, maxMs: 20 },
  sync: { minMs: 0, maxMs: 5 },
  syncEveryMs: 50,
  reRequestMs: 200,
  broadcastTimeoutMs: 300,
  answer: { minMs: 0, maxMs: 10 },
  backends: 2,
  epochMs: 0,
};

/** The part of the bound that no operation or fault of these tests touches: hand-over, idle tick, sync, re-request. */
const COPYING = 2 * (500 + 100 + 50 + 5 + 200);

const submit = {
  kind: 'submit',
  node: 1,
  action: { kind: 'drop_replica', chain: 1n },
} as const satisfies MeshOperation;
const broadcast = {
  kind: 'broadcast',
  node: 1,
  operation: { kind: 'quiesce', reason: 'maintenance' },
} as const satisfies MeshOperation;

function bound(operations: readonly MeshOperation[], faults: readonly MeshFault[], config: Partial<MeshConfig> = {}) {
  const keyed = <T extends object>(prefix: string, items: readonly T[]): (Keyed & T)[] =>
    items.map((item, index) => ({ key: `${prefix}${index + 1}`, at: 0, ...item }));
  const scenario: Scenario<MeshConfig, MeshOperation, MeshFault> = {
    format: 1,
    name: 'bound',
    world: 'mesh',
    semantics: 'strict',
    seed: 1n,
    config: { ...CONFIG, ...config },
    workload: keyed('k', operations),
    faults: keyed('f', faults),
  };
  return settleBoundMs(scenario);
}

describe('the settle bound', () => {
  it('waits 100 ms a defer when no window is longer', () => {
    expect(bound([], [])).toBe((3 + 2) * 100 + COPYING + 10 * 20);
  });

  it('waits the longest of cooldown, stabilization, gates and hints instead when one is longer', () => {
    const rest = COPYING + 10 * 20;
    expect(bound([], [], { stabilizationMs: 900 })).toBe(5 * 900 + rest);
    expect(bound([], [], { pullCooldownMs: 901 })).toBe(5 * 901 + rest);
    const daemon = { id: 1n, name: 'd' };
    expect(bound([{ kind: 'gate-daemon', node: 1, daemon, forMs: 902 }], [])).toBe(5 * 902 + rest);
    const target = { node: 1, percent: 50 };
    expect(bound([], [{ kind: 'dispatch-retry', target, forMs: 10, reason: 'busy', hintMs: 903 }])).toBe(
      5 * 903 + rest,
    );
  });

  it('gives every action, those of a burst too, one dispatch of the longest kind', () => {
    const target = { node: 1, percent: 50 };
    const faults: readonly MeshFault[] = [
      { kind: 'queue-burst', node: 1, actions: [{ kind: 'drop_replica', chain: 1n }, submit.action] },
      { kind: 'dispatch-slow', target, forMs: 10, extraMs: 600 },
      { kind: 'dispatch-slow', target, forMs: 10, extraMs: 400 },
    ];
    expect(bound([submit, submit], faults)).toBe(5 * 100 + 4 * (7 + 600) + COPYING + 10 * 20 + 4 * (200 + 2 * 20));
  });

  it('adds slow syncs, and both ways in which a message can be late', () => {
    const link = { from: 1, to: 2, percent: 100, forMs: 10 };
    const faults: readonly MeshFault[] = [
      { kind: 'sync-slow', node: 1, extraMs: 30, forMs: 10 },
      { kind: 'link-delay', ...link, extraMs: 70 },
      { kind: 'link-reorder', ...link, extraMs: 9 },
    ];
    expect(bound([], faults)).toBe(5 * 100 + COPYING + 2 * 30 + 10 * (20 + 70 + 9));
  });

  it('lets every broadcast run into its timeout, of which 0 is taken as 1', () => {
    const rest = 5 * 100 + COPYING + 10 * 20;
    expect(bound([broadcast, broadcast], [])).toBe(rest + 2 * 301);
    expect(bound([broadcast, broadcast], [], { broadcastTimeoutMs: 0 })).toBe(rest + 2 * 2);
  });

  it('lets a replica that discards early entries ask once for each entry of the longest chain', () => {
    const rest = 5 * 100 + COPYING + 10 * 20;
    const away = { ...submit, node: 2 };
    expect(bound([submit, submit, away], [])).toBe(rest + 3 * 7 + 2 * (200 + 2 * 20));
    const retry = {
      kind: 'dispatch-retry',
      target: { node: 1, percent: 50 },
      forMs: 10,
      reason: 'r',
      hintMs: 0,
    } as const;
    expect(bound([submit, away], [retry])).toBe(rest + 2 * 7 + (3 + 1) * (200 + 2 * 20));
    expect(bound([submit], [], { nodes: 1, codecs: ['msgpack'] })).toBe(rest + 7);
  });

  it('is a time also for a file that asks for as much as a file may', () => {
    const day = 86_400_000;
    const longest = { maxDefers: 1000, reRequestMs: day, network: { minMs: day, maxMs: day }, earlyEntriesMax: 1 };
    const asked = Array.from({ length: 60_000 }, () => submit);
    expect(Number.isSafeInteger(bound(asked, [], longest) + day)).toBe(true);
  });
});
