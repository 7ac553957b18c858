import { describe, expect, it } from 'vitest';
import { FakeMesh } from './fake-mesh.testing.ts';
import { recordContent } from './record-content.ts';

function setup() {
  const mesh = new FakeMesh({ maxDefers: 1 });
  return { mesh, node: mesh.node(1), judge: mesh.judge(recordContent) };
}

describe('record-content', () => {
  it('holds when the records say what the ports saw, whatever the wall clock does', () => {
    const { mesh, node, judge } = setup();
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
    expect(judge.found).toBeNull();
  });

  it('holds when lone surrogates of a reason were replaced, and fires when they were cut out', () => {
    const { mesh, node, judge } = setup();
    mesh.spoil('dispatch-end', (event) => ({ ...event, reason: 'half \ud83e crab' }));
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'half \ufffd crab' });
    expect(judge.found).toBeNull();
    mesh.spoil('dispatch-end', (event) => ({ ...event, reason: 'half \ud83e crab' }));
    node.fresh(node.submit('k2'), { is: 'failed', reason: 'half  crab' });
    expect(judge.found).toMatchObject({ kind: 'append-action' });
  });

  it('leaves the bytes of a damaged record alone, but not what its encoder made', () => {
    const { mesh, node, judge } = setup();
    node.seams.damage = Uint8Array.of(1, 2, 3);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found).toBeNull();
    mesh.spoil('log-append', (event) => ({ ...event, original: Uint8Array.of(1, 9, 0, 0, 0) }));
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(judge.found?.message).toContain('expected log entry 1 of node 1 to hold {id: 2, kind: "reduce_heat"');
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
    const { mesh, node, judge } = setup();
    mesh.spoil('append-action', (event) => ({ ...event, ...change }));
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'no route' });
    expect(judge.found).toMatchObject({ kind: 'append-action', message: expect.stringContaining(message) });
  });

  it('fires when the record given to the seam is another than was seen', () => {
    const { mesh, node, judge } = setup();
    mesh.spoil('append-action', (event) => ({ ...event, record: { ...event.record, id: 2n } }));
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found?.message).toContain('expected the record given to the seam to say what was observed');
  });

  it('fires when the log holds other bytes than the record', () => {
    const { mesh, node, judge } = setup();
    mesh.spoil('log-append', (event) => ({ ...event, payload: Uint8Array.of(1, 2, 0, 0, 0) }));
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found?.message).toContain('expected log entry 0 of node 1 to hold {id: 1');
  });

  it('fires when the seam took a record of which the log knows nothing', () => {
    const { mesh, node, judge } = setup();
    mesh.spoil('log-append', () => null);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found?.message).toContain('to have made log entry 0, found no entry');
  });

  it('fires when the cooldown is counted from the append and not from admission', () => {
    const { mesh, node, judge } = setup();
    mesh.spoil('append-action', (event) => ({ ...event, ms: (event.ms ?? 0n) - 1n }));
    node.fresh(node.submit('k1'), { is: 'gate', untilMs: 70 });
    expect(judge.found?.message).toContain('expected the record "1 gated, "daemon-backoff", 70 ms"');
  });

  it('fires when a record is missing, as soon as the executor goes on', () => {
    const { mesh, node, judge } = setup();
    mesh.spoil('append-action', () => null);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(judge.found).toBeNull();
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(judge.found).toMatchObject({ kind: 'admit' });
    expect(judge.found?.message).toContain(
      'expected the record "1 dispatched" on the action chain of node 1 before its executor went on, found none',
    );
  });

  it('fires when the last record is missing, at the end of the executor or of the run', () => {
    const closing = setup();
    closing.mesh.spoil('append-action', () => null);
    closing.node.fresh(closing.node.submit('k1'), { is: 'ok' });
    closing.node.close();
    expect(closing.judge.found).toMatchObject({ kind: 'executor-end' });
    const ending = setup();
    ending.mesh.spoil('append-action', () => null);
    ending.node.fresh(ending.node.submit('k1'), { is: 'ok' });
    ending.mesh.end();
    expect(ending.judge.found).toMatchObject({ kind: 'the end' });
  });

  it('fires when a record is written twice, and when a defer writes one', () => {
    const twice = setup();
    twice.node.fresh(twice.node.submit('k1'), { is: 'ok' });
    twice.node.append(1n, { type: 'dispatched' });
    expect(twice.judge.found?.message).toContain('found "1 dispatched"');
    const deferred = setup();
    deferred.node.fresh(deferred.node.submit('k1'), { is: 'defer', ms: 5 });
    deferred.node.append(1n, { type: 'failed', reason: 'deferred', retryAfterMs: 5n });
    expect(deferred.judge.found?.message).toContain('expected the record "1 failed, "executor closed", no ms"');
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
      const { node, mesh, judge } = asked('log');
      node.log('half \ufffd');
      node.log('handed over');
      node.audit('ops');
      mesh.end();
      expect(judge.found).toBeNull();
    });

    it('fires when the record says something else', () => {
      const log = asked('log');
      log.node.log('other');
      expect(log.judge.found?.message).toContain(
        'expected the log record of node 1 to say {kind: "log", level: "debug"',
      );
      const audit = setup();
      audit.mesh.spoil('append-audit', (event) => ({ ...event, record: { ...event.record, operator: 'mallory' } }));
      audit.node.audit('ops');
      expect(audit.judge.found?.message).toContain(
        'expected the audit record of node 1 to say {kind: "admin", operator: "ops"',
      );
    });

    it('fires when a record names another node', () => {
      const { mesh, node, judge } = setup();
      mesh.spoil('append-log', (event) => ({ ...event, record: { ...event.record, nodeId: 2n } }));
      node.log('handed over');
      expect(judge.found?.message).toContain('to say by which node it was made');
    });

    it('fires when nothing is recorded before the loop goes on, or by the end of the run', () => {
      for (const kind of ['log', 'admin'] as const) {
        const goingOn = asked(kind);
        goingOn.node.submit('k1');
        expect(goingOn.judge.found).toMatchObject({ kind: 'take' });
        const ending = asked(kind);
        ending.mesh.end();
        expect(ending.judge.found?.message).toContain(`expected a record of {kind: "${kind}"`);
      }
    });

    it('fires when an audit record comes of itself', () => {
      const { mesh, node, judge } = setup();
      mesh.spoil('take', () => null);
      node.audit('ops');
      expect(judge.found?.message).toContain('that nobody asked for');
    });

    it('fires when a log, an audit entry or a failure is stamped otherwise than by the wall clock', () => {
      const log = setup();
      log.mesh.spoil('append-log', (event) => ({ ...event, record: { ...event.record, tsMs: 0n } }));
      log.node.log('handed over');
      expect(log.judge.found?.message).toBe(
        'expected the log record of node 1 to be stamped 1700000000000, the wall clock at its append, found 0',
      );
      const audit = setup();
      audit.mesh.spoil('append-audit', (event) => ({ ...event, wallMs: 5n }));
      audit.node.audit('ops');
      expect(audit.judge.found).toMatchObject({ kind: 'append-audit' });
      const failure = setup();
      failure.mesh.spoil('append-failure', (event) => ({ ...event, wallMs: 5n }));
      failure.node.fresh(failure.node.submit('k1'), { is: 'rejected' });
      expect(failure.judge.found?.message).toContain('expected the failure of node 1 to be stamped 5');
    });
  });
});
