import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../../../src/chain/records.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { drop } from '../testing/windows.testing.ts';
import { recordContent } from './record-content.ts';

function setup() {
  const mesh = new FakeMesh({ maxDefers: 1 });
  return { mesh, node: mesh.node(1), checker: mesh.checker(recordContent) };
}

describe('record-content', () => {
  it('holds when the records say what the ports saw, whatever the wall clock does', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'ok' });
    mesh.wallOffsetMs = 5;
    node.fresh(node.submit('k2'), { is: 'failed', reason: 'no route' });
    node.fresh(node.submit('k3'), { is: 'rejected' });
    node.fresh(node.submit('k4'), { is: 'gate', untilMs: 70 });
    const retried = node.submit('k5');
    mesh.before('dispatch-end', () => mesh.after(3));
    node.fresh(retried, { is: 'failed', reason: 'busy', retryAfterMs: 0 });
    node.due(retried, { is: 'failed', reason: 'busy', retryAfterMs: 0 });
    const deferred = node.submit('k6');
    node.fresh(deferred, { is: 'defer', ms: 1 });
    mesh.after(1);
    node.due(deferred, { is: 'defer', ms: 1 });
    node.fresh(node.submit('k7'), { is: 'defer', ms: 100 });
    node.close();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds when lone surrogates of a reason were replaced, and fires when they were cut out', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('dispatch-end', (event) => ({ ...event, reason: 'half \ud83e crab' }));
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'half \ufffd crab' });
    expect(checker.found).toBeNull();
    mesh.spoil('dispatch-end', (event) => ({ ...event, reason: 'half \ud83e crab' }));
    node.fresh(node.submit('k2'), { is: 'failed', reason: 'half  crab' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
  });

  it('leaves the bytes of a damaged record alone, but not what its encoder made', () => {
    const { mesh, node, checker } = setup();
    node.seams.damage = Uint8Array.of(1, 2, 3);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toBeNull();
    mesh.spoil('log-append', (event) => ({ ...event, original: Uint8Array.of(1, 9, 0, 0, 0) }));
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(checker.found?.message).toContain('expected log entry 1 of node 1 to hold {id: 2, kind: "reduce_heat"');
  });

  const spoiled = [
    [
      'id',
      { id: 9n },
      'expected the record "1 failed, "no route", no ms" on node 1, found "9 failed, "no route", no ms"',
    ],
    ['type', { type: 'gated' }, 'found "1 gated, "no route", no ms"'],
    ['reason', { reason: 'other' }, 'found "1 failed, "other", no ms"'],
    ['milliseconds', { ms: 5n }, 'found "1 failed, "no route", 5 ms"'],
    [
      'kind',
      { action: 'start_daemon' },
      'expected the kind reduce_heat in the record of action 1 of node 1, found start_daemon',
    ],
    ['stamp', { emittedAtMs: 3n }, 'to be stamped 1700000000000, the wall clock at its append, found 3'],
    ['seq', { seq: 7n }, 'to have made log entry 7, found entry 0'],
    ['version', { version: 9 }, 'expected log entry 0 of node 1 to begin with version 9, found 1'],
  ] as const;

  it.each(spoiled)('fires when the %s of a record is wrong', (_what, change, message) => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', (event) => ({ ...event, ...change }));
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'no route' });
    expect(checker.found).toMatchObject({ kind: 'append-action', message: expect.stringContaining(message) });
  });

  it('fires when the record given to the seam is another than was seen', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', (event) => ({ ...event, record: { ...event.record, id: 2n } }));
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found?.message).toContain('expected the record given to the seam to say what was observed');
  });

  it('fires when the log holds other bytes than the record', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('log-append', (event) => ({ ...event, payload: Uint8Array.of(1, 2, 0, 0, 0) }));
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found?.message).toContain('expected log entry 0 of node 1 to hold {id: 1');
    expect(checker.found?.message).toContain('found {id: 2, kind: ""');
  });

  it('fires when the seam took a record of which the log knows nothing', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('log-append', () => null);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found?.message).toContain('to have made log entry 0, found no entry');
  });

  it('fires when the cooldown is counted from the append and not from admission', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', (event) => ({ ...event, ms: (event.ms ?? 0n) - 1n }));
    node.fresh(node.submit('k1'), { is: 'gate', untilMs: 70 });
    expect(checker.found?.message).toContain('expected the record "1 gated, "daemon-backoff", 70 ms"');
  });

  it('fires when a record is missing, as soon as the executor goes on', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', () => null);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toBeNull();
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'admit' });
    expect(checker.found?.message).toContain(
      'expected the record "1 dispatched" on the action chain of node 1 before its executor went on, found none',
    );
  });

  it('fires when the last record is missing, at the end of the executor or of the run', () => {
    const closing = setup();
    closing.mesh.spoil('append-action', () => null);
    closing.node.fresh(closing.node.submit('k1'), { is: 'ok' });
    closing.node.close();
    expect(closing.checker.found).toMatchObject({ kind: 'executor-end' });
    const ending = setup();
    ending.mesh.spoil('append-action', () => null);
    ending.node.fresh(ending.node.submit('k1'), { is: 'ok' });
    ending.mesh.end();
    expect(ending.checker.found).toMatchObject({ kind: 'the end' });
  });

  it('fires when a record is written twice, and when a defer writes one', () => {
    const twice = setup();
    twice.node.fresh(twice.node.submit('k1'), { is: 'ok' });
    twice.node.append(1n, { type: 'dispatched' });
    expect(twice.checker.found?.message).toContain('found "1 dispatched"');
    const deferred = setup();
    deferred.node.fresh(deferred.node.submit('k1'), { is: 'defer', ms: 5 });
    deferred.node.append(1n, { type: 'failed', reason: 'deferred', retryAfterMs: 5n });
    expect(deferred.checker.found?.message).toContain('expected the record "1 failed, "executor closed", no ms"');
  });

  describe('of the journal', () => {
    function asked(kind: 'log' | 'admin') {
      const all = setup();
      const { mesh, node } = all;
      const given = kind === 'log' ? LOG : ADMIN;
      node.offer('j1', given);
      mesh.emit({ kind: 'take', ...node.at, op: 'j1', input: kind });
      return all;
    }
    const LOG = { kind: 'log', level: 'debug', daemonId: null, message: 'half \ud83e' } as const;
    const ADMIN = { kind: 'admin', operator: 'ops', operation: 'drain', outcome: 'accepted' } as const;

    it('holds when what was asked for stands in the next record, and logs come of themselves', () => {
      const { node, mesh, checker } = asked('log');
      node.log('half \ufffd');
      node.log('handed over');
      node.audit('ops');
      mesh.end();
      expect(checker.found).toBeNull();
    });

    it('fires when the record says something else', () => {
      const log = asked('log');
      log.node.log('other');
      expect(log.checker.found?.message).toContain(
        'expected the log record of node 1 to say {kind: "log", level: "debug"',
      );
      const audit = setup();
      audit.mesh.spoil('append-audit', (event) => ({ ...event, record: { ...event.record, operator: 'mallory' } }));
      audit.node.audit('ops');
      expect(audit.checker.found?.message).toContain(
        'expected the audit record of node 1 to say {kind: "admin", operator: "ops"',
      );
    });

    it('fires when a record names another node', () => {
      const { mesh, node, checker } = setup();
      mesh.spoil('append-log', (event) => ({ ...event, record: { ...event.record, nodeId: 2n } }));
      node.log('handed over');
      expect(checker.found?.message).toContain('to say by which node it was made');
    });

    it('fires when nothing is recorded before the loop goes on, or by the end of the run', () => {
      for (const kind of ['log', 'admin'] as const) {
        const goingOn = asked(kind);
        goingOn.node.submit('k1');
        expect(goingOn.checker.found).toMatchObject({ kind: 'take' });
        const ending = asked(kind);
        ending.mesh.end();
        expect(ending.checker.found?.message).toContain(`expected a record of {kind: "${kind}"`);
      }
    });

    it('fires when an audit record comes of itself', () => {
      const { mesh, node, checker } = setup();
      mesh.spoil('take', () => null);
      node.audit('ops');
      expect(checker.found?.message).toContain('that nobody asked for');
    });

    it('fires when a log, an audit entry or a failure is stamped otherwise than by the wall clock', () => {
      const log = setup();
      log.mesh.spoil('append-log', (event) => ({ ...event, record: { ...event.record, tsMs: 0n } }));
      log.node.log('handed over');
      expect(log.checker.found?.message).toBe(
        'expected the log record of node 1 to be stamped 1700000000000, the wall clock at its append, found 0',
      );
      const audit = setup();
      audit.mesh.spoil('append-audit', (event) => ({ ...event, wallMs: 5n }));
      audit.node.audit('ops');
      expect(audit.checker.found).toMatchObject({ kind: 'append-audit' });
      const failure = setup();
      failure.mesh.spoil('append-failure', (event) => ({ ...event, wallMs: 5n }));
      failure.node.fresh(failure.node.submit('k1'), { is: 'rejected' });
      expect(failure.checker.found?.message).toContain('expected the failure of node 1 to be stamped 5');
    });
  });

  it('holds for actions of several kinds, in either codec, damaged or not', () => {
    const { mesh, checker } = setup();
    for (const number of [1, 2]) {
      const node = mesh.node(number);
      node.fresh(node.submit('k1', drop(1n)), { is: 'ok' });
      node.fresh(node.submit('k2'), { is: 'ok' });
      node.seams.damage = Uint8Array.of(1, 2, 3);
      node.fresh(node.submit('k3', drop(2n)), { is: 'failed', reason: 'no route' });
      node.seams.damage = null;
      node.seams.action = false;
      node.fresh(node.submit('k4', drop(3n)), { is: 'ok' });
      node.seams.action = true;
      node.close();
    }
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('counts a cooldown from admission, and takes a missing reason for an empty one', () => {
    const { mesh, node, checker } = setup();
    mesh.after(30);
    node.fresh(node.submit('k1'), { is: 'gate', untilMs: 100 });
    for (const retryAfterMs of [undefined, 5]) {
      mesh.spoil('dispatch-end', (event) => ({ ...event, reason: null }));
      const hint = retryAfterMs === undefined ? {} : { retryAfterMs };
      node.fresh(node.submit('k'), { is: 'failed', reason: '', ...hint });
    }
    node.close();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when an action that is being served is failed as by a close, or failed twice by one', () => {
    const served = setup();
    const id = served.node.submit('k1');
    served.node.fresh(id, { is: 'defer', ms: 1 });
    const closed = { type: 'failed', reason: 'executor closed', retryAfterMs: null } as const;
    served.mesh.before('dispatch', () => served.node.append(id, closed));
    served.node.due(id, { is: 'ok' });
    expect(served.checker.found?.message).toContain(
      'expected no record of node 1 for which nothing happened at the ports',
    );
    const twice = setup();
    twice.node.fresh(twice.node.submit('k1'), { is: 'defer', ms: 1 });
    twice.node.append(1n, closed);
    expect(twice.checker.found).toBeNull();
    twice.node.append(1n, closed);
    expect(twice.checker.found?.message).toContain('found "1 failed, "executor closed", no ms"');
  });

  it('fires when a record is missing before a dispatch ends, or before anything else is recorded', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', () => null);
    node.fresh(node.submit('k1'), { is: 'ok' });
    mesh.spoil('admit', () => null);
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dispatch-end' });
  });

  const failed = { type: 'failed', reason: 'no route', retryAfterMs: null } as const;
  const gated = { type: 'gated', reason: 'daemon-backoff', cooldownMs: 70n } as const;
  const changes: readonly (readonly ['failed' | 'gated' | 'dispatched', Partial<ActionChainRecord>])[] = [
    ['failed', { kind: 'other' }],
    ['failed', { emittedAtMs: 9n }],
    ['failed', { disposition: { type: 'dispatched' } }],
    ['failed', { disposition: { ...failed, reason: 'other' } }],
    ['failed', { disposition: { ...failed, retryAfterMs: 5n } }],
    ['failed', { disposition: { type: 'gated', reason: 'no route', cooldownMs: null } }],
    ['gated', { disposition: { ...gated, reason: 'other' } }],
    ['gated', { disposition: { ...gated, cooldownMs: 71n } }],
    ['gated', { disposition: { type: 'failed', reason: 'daemon-backoff', retryAfterMs: 70n } }],
    ['dispatched', { disposition: { type: 'failed', reason: '', retryAfterMs: null } }],
  ];

  it.each(changes)('fires when the seam of a %s action is given another record: %o', (was, change) => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', (event) => ({ ...event, record: { ...event.record, ...change } }));
    const id = node.submit('k1');
    if (was === 'failed') node.fresh(id, { is: 'failed', reason: 'no route' });
    else if (was === 'gated') node.fresh(id, { is: 'gate', untilMs: 70 });
    else node.fresh(id, { is: 'ok' });
    expect(checker.found?.message).toContain('expected the record given to the seam to say what was observed');
  });

  it('fires when a second append made no entry, or one that holds no record', () => {
    const none = setup();
    none.node.fresh(none.node.submit('k1'), { is: 'ok' });
    none.mesh.spoil('log-append', () => null);
    none.node.fresh(none.node.submit('k2'), { is: 'ok' });
    expect(none.checker.found?.message).toContain('to have made log entry 1, found no entry');
    const unreadable = setup();
    unreadable.mesh.spoil('log-append', (event) => ({ ...event, payload: Uint8Array.of(1, 0xff) }));
    unreadable.node.fresh(unreadable.node.submit('k1'), { is: 'ok' });
    expect(unreadable.checker.found?.message).toContain('found bytes that hold no record');
  });

  it('expects no entry of an append that failed, nor a journal of what was dropped', () => {
    const { mesh, node, checker } = setup();
    const log = { kind: 'log', level: 'debug', daemonId: null, message: 'dropped' } as const;
    node.offer('j1', log, 'full');
    mesh.emit({ kind: 'take', ...node.at, op: 'j1', input: 'log' });
    mesh.spoil('append-action', (event) => ({ ...event, ok: false, seq: 9n }));
    node.fresh(node.submit('k1'), { is: 'ok' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires at the hand-over when nothing was recorded of what was asked for', () => {
    const { mesh, node, checker } = setup();
    const id = node.collect('k1');
    const log = { kind: 'log', level: 'debug', daemonId: null, message: 'm' } as const;
    node.offer('j1', log);
    mesh.emit({ kind: 'take', ...node.at, op: 'j1', input: 'log' });
    node.enqueue(id);
    expect(checker.found).toMatchObject({ kind: 'enqueue' });
  });

  it('names the entry in whose stamp or version it finds a fault', () => {
    const stamp = setup();
    stamp.mesh.spoil('append-action', (event) => ({ ...event, emittedAtMs: 3n }));
    stamp.node.fresh(stamp.node.submit('k1'), { is: 'ok' });
    expect(stamp.checker.found?.message).toContain('expected the record of action 1 of node 1 to be stamped');
    const audit = setup();
    audit.mesh.spoil('append-audit', (event) => ({ ...event, wallMs: 5n }));
    audit.node.audit('ops');
    expect(audit.checker.found?.message).toContain('expected the audit record of node 1 to be stamped 5');
  });

  it('expects the reason of the dispatcher of a due action that fails for good', () => {
    const { node, checker } = setup();
    const id = node.submit('k1');
    node.fresh(id, { is: 'defer', ms: 0 });
    node.due(id, { is: 'failed', reason: 'no route' });
    expect(checker.found).toBeNull();
  });
});
