import { describe, expect, it } from 'vitest';
import { checkBackpressure } from './backpressure.ts';

const config = {
  cluster_backpressure_release: 1,
  cluster_backpressure_threshold: 2,
  drain_rate_per_zone_per_sec: 10,
  max_defer_count: 16,
  pull_cooldown_ms: 250,
  replica_stabilization_window_ms: 60_000,
};
const pull = (id: number, atMs: number) => ({
  op: 'admit',
  id,
  at_ms: atMs,
  action: { kind: 'pull_replica', chain: id, source: 9 },
});
const gate = { op: 'record_daemon_gate', at_ms: 0, daemon: { id: 1, name: 'a' }, until_ms: 50 };
const start = { op: 'admit', id: 9, at_ms: 0, action: { kind: 'start_daemon', daemon: { id: 1, name: 'a' } } };
const depth = { op: 'update_cluster_backpressure', at_ms: 0, queue_depth: 2 };

describe('a case of admission', () => {
  const ops = [pull(1, 0), pull(2, 1), gate, start, depth, { op: 'tick', at_ms: 60 }];
  const results = [
    { result: 'admit' },
    { result: 'defer', retry_after_ms: 249 },
    null,
    { result: 'gate', cooldown_until_ms: 50, reason: 'daemon-backoff' },
    { change: 'asserted', queue_depth: 2, cluster_backpressure: true },
    null,
  ];

  it('holds when every answer is the one recorded', async () => {
    expect(await checkBackpressure({ name: 'x', config, ops, results })).toBeNull();
  });

  it.each([
    [1, { result: 'defer', retry_after_ms: 250 }, 'results[1].retry_after_ms: expected 250, got 249'],
    [3, { result: 'admit' }, 'results[3]'],
    [4, { change: 'steady', queue_depth: 2, cluster_backpressure: true }, 'results[4].change: expected "steady"'],
    [5, { result: 'admit' }, 'results[5]'],
  ])('tells which answer differs: %i', async (index, wrong, message) => {
    const changed = results.map((result, at) => (at === index ? wrong : result));
    expect(await checkBackpressure({ name: 'x', config, ops, results: changed })).toContain(message);
  });

  it('holds with numbers above 2^53: all that are past what a clock counts are one time', async () => {
    const far = '18446744073709551615';
    const big = { ...config, pull_cooldown_ms: far, cluster_backpressure_threshold: 9007199254740992 };
    const backoff = {
      op: 'admit',
      id: 3,
      at_ms: 1,
      action: { kind: 'apply_backoff', daemon: gate.daemon, until_ms: far },
    };
    const stop = { kind: 'stop_daemon', daemon: { id: 1, name: 'b' }, reason: 'r', deadline_ms: far };
    const deep = { ...depth, queue_depth: 9007199254740992 };
    expect(
      await checkBackpressure({
        name: 'x',
        config: big,
        ops: [{ ...gate, until_ms: far }, start, backoff, { op: 'admit', id: 4, at_ms: 1, action: stop }, deep],
        results: [
          null,
          { result: 'gate', cooldown_until_ms: far, reason: 'daemon-backoff' },
          { result: 'gate', cooldown_until_ms: far, reason: 'daemon-backoff' },
          { result: 'admit' },
          { change: 'asserted', queue_depth: 9007199254740992, cluster_backpressure: true },
        ],
      }),
    ).toBeNull();
  });

  it('tells an operation it does not know', async () => {
    const message = await checkBackpressure({ name: 'x', config, ops: [{ op: 'dance', at_ms: 0 }], results: [null] });
    expect(message).toMatch(/^not a vector of this file/);
  });
});
