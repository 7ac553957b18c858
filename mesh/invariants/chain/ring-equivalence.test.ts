import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { ringEquivalence } from './ring-equivalence.ts';

function setup() {
  const mesh = new FakeMesh({ recentFailures: 2 });
  return { mesh, node: mesh.node(1), checker: mesh.checker(ringEquivalence) };
}

describe('ring-equivalence', () => {
  it('holds when the ring gains what the fold gains, past the end of both', () => {
    const { mesh, node, checker } = setup();
    for (let i = 1; i <= 5; i++) node.fresh(node.submit(`k${i}`), { is: 'failed', reason: `reason ${i}` });
    node.fresh(node.submit('k6'), { is: 'gate', untilMs: 5 });
    node.fresh(node.submit('k7'), { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    node.fresh(node.submit('k8'), { is: 'ok' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('leaves out of the ring what the chain lost or got damaged', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'first' });
    node.seams.action = false;
    node.fresh(node.submit('k2'), { is: 'failed', reason: 'not appended' });
    node.seams.action = true;
    node.seams.damage = Uint8Array.of(1, 2);
    node.fresh(node.submit('k3'), { is: 'failed', reason: 'damaged' });
    node.seams.damage = null;
    mesh.crash(1, 0);
    expect(checker.found).toBeNull();
  });

  it('reads each record by the version it was written in', () => {
    const { mesh, node, checker } = setup();
    node.writerVersion = 7;
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'seven' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('starts again with each incarnation', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'before' });
    mesh.crash(1, 1);
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('k2'), { is: 'failed', reason: 'after' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each([
    ['source', { source: 'action-id:1' }],
    ['reason', { reason: 'other' }],
    ['time', { recordedAtMs: 1n }],
  ])('fires when the ring tells another %s than the fold', (_what, change) => {
    const { mesh, node, checker } = setup();
    mesh.before('append-action', () => {
      const [entry] = node.recentFailures.items;
      if (entry !== undefined) node.recentFailures.items[0] = { ...entry, ...change };
    });
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'no route' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toContain(
      'to gain what the fold of its chain gained, {seq: 0, source: "action-id:1:reduce_heat", reason: "no route", recordedAtMs: 1700000000000}',
    );
  });

  it('fires when a retried attempt is on the chain only, once an action has finished', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-failure', () => null);
    mesh.before('append-action', () => node.recentFailures.items.pop());
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    expect(checker.found).toBeNull();
    mesh.after(1);
    node.due(1n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toContain('found nothing');
  });

  it('fires when a failure is on the ring only, because nothing was appended at all', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', () => null);
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'silent' });
    node.fresh(node.submit('k2'), { is: 'failed', reason: 'next' });
    expect(checker.found?.message).toContain('gained, nothing, found {seq: 1, source: "action-id:1:reduce_heat"');
  });

  it('fires when a success is on the ring', () => {
    const { node, checker } = setup();
    node.recordFailure({ seq: 0n, source: 'action-id:1:reduce_heat', reason: 'no failure', recordedAtMs: 0n });
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
  });

  it('fires at the end of an incarnation when an older entry has changed', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'first' });
    node.fresh(node.submit('k2'), { is: 'failed', reason: 'second' });
    const [first] = node.recentFailures.items;
    if (first !== undefined) node.recentFailures.items[0] = { ...first, reason: 'changed' };
    mesh.crash(1, 0);
    expect(checker.found).toMatchObject({ kind: 'crash' });
    expect(checker.found?.message).toContain('to be the fold of its chain, 2 entries');
  });

  it('fires at the end of the run when the fold gives another ring than the model reads', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'first' });
    mesh.decode = () => ({ ok: false, error: 'malformed', message: '' });
    mesh.end();
    expect(checker.found).toMatchObject({ kind: 'the end' });
  });

  it('compares what is not left out with the newest of the fold', () => {
    for (const changed of [false, true]) {
      const { mesh, node, checker } = setup();
      node.fresh(node.submit('k1'), { is: 'failed', reason: 'first' });
      node.seams.action = false;
      node.fresh(node.submit('k2'), { is: 'failed', reason: 'not appended' });
      node.seams.action = true;
      node.fresh(node.submit('k3'), { is: 'failed', reason: 'third' });
      const newest = node.recentFailures.items[1];
      if (changed && newest !== undefined) node.recentFailures.items[1] = { ...newest, reason: 'changed' };
      mesh.end();
      if (changed)
        expect(checker.found?.message).toContain('to be the fold of its chain, 1 entries, found 1 or others');
      else expect(checker.found).toBeNull();
    }
  });

  it('fires when the ring holds fewer or more than the fold', () => {
    for (const by of [-1, 1]) {
      const { mesh, node, checker } = setup();
      node.fresh(node.submit('k1'), { is: 'failed', reason: 'first' });
      const [entry] = node.recentFailures.items;
      if (by < 0) node.recentFailures.items.length = 0;
      else if (entry !== undefined) node.recentFailures.items.push(entry);
      mesh.end();
      expect(checker.found?.message).toContain(`to be the fold of its chain, 1 entries, found ${1 + by} or others`);
    }
  });

  it('fires when a gated action or a last failure differs, as soon as it has finished', () => {
    const { mesh, node, checker } = setup();
    mesh.before('append-action', () => {
      node.recentFailures.items.length = 0;
    });
    node.fresh(node.submit('k1'), { is: 'gate', untilMs: 5 });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toContain('found undefined');
  });

  it('tells the first difference where there are more', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-failure', () => null);
    mesh.before('append-action', () => node.recentFailures.items.pop());
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'first', retryAfterMs: 1 });
    mesh.spoil('append-failure', () => null);
    mesh.before('append-action', () => node.recentFailures.items.pop());
    node.fresh(node.submit('k2'), { is: 'failed', reason: 'second' });
    expect(checker.found?.message).toContain('reason: "first"');
    expect(checker.found?.message).toContain('found nothing');
  });

  it('expects nothing of a node that did nothing, or of an incarnation that is no longer shown', () => {
    const { mesh, node, checker } = setup();
    node.recentFailures.push({ seq: 0n, source: 's', reason: 'of nobody', recordedAtMs: 0n });
    node.fresh(node.submit('k1'), { is: 'ok' });
    mesh.spoil('crash', () => null);
    const other = mesh.node(2);
    other.fresh(other.submit('k2'), { is: 'failed', reason: 'first' });
    mesh.crash(2, 0);
    mesh.boot();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('leaves alone what was damaged without being on the ring', () => {
    const { mesh, node, checker } = setup();
    node.seams.damage = Uint8Array.of(1, 2);
    node.fresh(node.submit('k1'), { is: 'ok' });
    node.seams.damage = null;
    node.seams.action = false;
    node.fresh(node.submit('k2'), { is: 'ok' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('reads the fold of each node in the codec of its chain', () => {
    const { mesh, checker } = setup();
    const node = mesh.node(2);
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'in msgpack' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each(['log-append', 'append-action'] as const)(
    'finds a failure on the ring only when %s shows no entry of it',
    (kind) => {
      const { mesh, node, checker } = setup();
      if (kind === 'log-append') mesh.spoil(kind, () => null);
      else mesh.spoil(kind, (event) => ({ ...event, seq: null }));
      node.fresh(node.submit('k1'), { is: 'failed', reason: 'no entry' });
      expect(checker.found).toBeNull();
      mesh.end();
      expect(checker.found?.message).toContain('to be the fold of its chain, 0 entries, found 1 or others');
    },
  );
});
