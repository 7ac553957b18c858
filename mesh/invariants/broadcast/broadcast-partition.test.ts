import { describe, expect, it } from 'vitest';
import type { BackendKey } from '../../../src/broadcast/backend.ts';
import { FakeBroadcaster, type Lists } from '../testing/fake-broadcast.testing.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { broadcastPartition } from './broadcast-partition.ts';

function setup() {
  const mesh = new FakeMesh();
  const checker = mesh.checker(broadcastPartition);
  return { mesh, checker, cast: new FakeBroadcaster(mesh) };
}

/** b1 and b3 are live, b2 is dead; sent to both that live. */
function sent() {
  const all = setup();
  const { cast } = all;
  cast.register('b1');
  cast.register('b2', false);
  cast.register('b3');
  cast.ask('k1');
  cast.send('k1', 'b1', 1);
  cast.send('k1', 'b3', 3);
  return all;
}

describe('broadcast-partition', () => {
  it('holds when every backend of the sending is in one list, in order', () => {
    const { cast, checker } = sent();
    cast.live('b2', true);
    cast.live('b3', false);
    cast.register('b4');
    cast.register('b1', false);
    cast.result('k1', { acks: ['b1'], timeouts: ['b3'], skippedDead: ['b2'] });
    cast.ask('k2');
    cast.send('k2', 'b2', 2);
    cast.send('k2', 'b4', 4);
    cast.result('k2', {
      failures: [
        ['b2', 'rejected'],
        ['b4', 'rejected'],
      ],
      skippedDead: ['b1', 'b3'],
    });
    expect(checker.found).toBeNull();
  });

  it('holds for a broadcast to nobody and one to none but the dead', () => {
    const { cast, checker } = setup();
    cast.ask('k1');
    cast.result('k1', {});
    cast.register('b1', false);
    cast.ask('k2');
    cast.result('k2', { skippedDead: ['b1'] });
    expect(checker.found).toBeNull();
  });

  const wrong: readonly [string, Lists, string][] = [
    ['is left out', { acks: ['b1'], skippedDead: ['b2'] }, 'expected b3 in exactly one list of k1, found it in 0'],
    [
      'stands in two lists',
      { acks: ['b1', 'b3'], timeouts: ['b3'], skippedDead: ['b2'] },
      'expected b3 in exactly one list of k1, found it in 2',
    ],
    ['stands twice in one', { acks: ['b1', 'b1', 'b3'], skippedDead: ['b2'] }, 'each backend once, found b1, b1, b3'],
    ['stands out of order', { acks: ['b3', 'b1'], skippedDead: ['b2'] }, 'expected the acks of k1 in insertion order'],
    [
      'is unknown',
      { acks: ['b1', 'b3'], skippedDead: ['b2', 'b9'] },
      'expected only registered backends in the skipped dead of k1, found b9',
    ],
    ['was dead and is not skipped', { acks: ['b1', 'b2', 'b3'] }, 'expected b2, dead when k1 was sent, to be skipped'],
    [
      'was live and is skipped',
      { acks: ['b1'], skippedDead: ['b2', 'b3'] },
      'expected b3, live when k1 was sent, not to be skipped as dead',
    ],
  ];

  it.each(wrong)('fires at the result when a backend %s', (_what, lists, message) => {
    const { cast, checker } = sent();
    cast.result('k1', lists);
    expect(checker.found).toMatchObject({ kind: 'broadcast-result', message: expect.stringContaining(message) });
  });

  it('fires when a backend registered after the sending is in a list', () => {
    const { cast, checker } = sent();
    cast.register('b4');
    cast.result('k1', { acks: ['b1', 'b3', 'b4'], skippedDead: ['b2'] });
    expect(checker.found?.message).toContain('found b4');
  });

  it('fires at the sending when a dead backend receives', () => {
    const { cast, checker } = setup();
    cast.register('b1', false);
    cast.ask('k1');
    cast.send('k1', 'b1', 1);
    expect(checker.found).toMatchObject({ kind: 'backend-send' });
    expect(checker.found?.message).toContain('next nobody more, found b1 (endpoint 1), which is dead');
  });

  it('fires at the sending when one receives twice, out of order, or at an endpoint that was replaced', () => {
    const twice = sent();
    twice.cast.send('k1', 'b1', 1);
    expect(twice.checker.found).toMatchObject({ kind: 'backend-send' });
    const order = setup();
    order.cast.register('b1');
    order.cast.register('b2');
    order.cast.ask('k1');
    order.cast.send('k1', 'b2', 2);
    expect(order.checker.found?.message).toContain('next b1 (endpoint 1), found b2 (endpoint 2)');
    const replaced = setup();
    replaced.cast.register('b1');
    replaced.cast.register('b1');
    replaced.cast.ask('k1');
    replaced.cast.send('k1', 'b1', 1);
    expect(replaced.checker.found?.message).toContain('next b1 (endpoint 2), found b1 (endpoint 1)');
  });

  it('fires when a live backend did not receive', () => {
    const { cast, checker } = setup();
    cast.register('b1');
    cast.register('b2');
    cast.ask('k1');
    cast.send('k1', 'b1', 1);
    cast.result('k1', { acks: ['b1'], timeouts: ['b2'] });
    expect(checker.found?.message).toBe('expected k1 to be sent to all 2 live backends of node 1, found it sent to 1');
  });

  it('starts with an empty registry after a crash', () => {
    const { mesh, cast, checker } = sent();
    mesh.crash(1, 0);
    mesh.boot();
    cast.ask('k2');
    cast.result('k2', {});
    expect(checker.found).toBeNull();
  });

  it.each([
    ['acks', { acks: ['b3', 'b1'], skippedDead: ['b2'] }],
    ['timeouts', { timeouts: ['b3', 'b1'], skippedDead: ['b2'] }],
    [
      'failures',
      {
        failures: [
          ['b3', 'r'],
          ['b1', 'r'],
        ],
        skippedDead: ['b2'],
      },
    ],
  ] as const)('names the list that is out of order: %s', (name, lists) => {
    const { cast, checker } = sent();
    cast.result('k1', lists);
    expect(checker.found?.message).toBe(
      `expected the ${name} of k1 in insertion order, each backend once, found b3, b1`,
    );
  });

  it('fires when a stranger receives, at an endpoint of its own or of another', () => {
    for (const endpoint of [1, 9]) {
      const { cast, checker } = setup();
      cast.register('b1');
      cast.ask('k1');
      cast.send('k1', 'b9', endpoint);
      expect(checker.found?.message).toBe(
        `expected k1 to be sent to the live backends of node 1 in order, next b1 (endpoint 1), found b9 (endpoint ${endpoint})`,
      );
    }
  });

  it('says nothing of death when a live backend receives out of order', () => {
    const { cast, checker } = setup();
    cast.register('b1');
    cast.register('b2');
    cast.ask('k1');
    cast.send('k1', 'b2', 2);
    expect(checker.found?.message).toMatch(/found b2 \(endpoint 2\)$/);
  });

  it('fires when a list names a backend by a key that is its own in part only', () => {
    for (const [list, backend] of [
      ['acks', 'b1'],
      ['skippedDead', 'b2'],
      ['timeouts', 'b3'],
      ['failures', 'b3'],
    ] as const) {
      const { mesh, cast, checker } = sent();
      mesh.spoil('broadcast-result', (event) => {
        const { result } = event;
        const other = (key: BackendKey): BackendKey => ({ ...key, serviceName: 'other' });
        const changed = {
          acks: { ...result, acks: result.acks.map(other) },
          skippedDead: { ...result, skippedDead: result.skippedDead.map(other) },
          timeouts: { ...result, timeouts: result.timeouts.map((part) => ({ ...part, key: other(part.key) })) },
          failures: { ...result, failures: result.failures.map((part) => ({ ...part, key: other(part.key) })) },
        };
        return { ...event, result: changed[list] };
      });
      cast.result('k1', {
        acks: ['b1'],
        skippedDead: ['b2'],
        ...(list === 'failures' ? { failures: [['b3', 'rejected']] } : { timeouts: ['b3'] }),
      });
      expect(checker.found?.message).toContain(`expected the result of k1 to name ${backend} by its key, {`);
      expect(checker.found?.message).toContain('found {');
    }
  });
});
