import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { backpressureEdges } from './backpressure-edges.ts';

/** Asserted at 3, released at 1. */
function setup(semantics: 'strict' | 'netMesh021' = 'strict') {
  const mesh = new FakeMesh({}, semantics);
  return { mesh, node: mesh.node(1), checker: mesh.checker(backpressureEdges) };
}

function submit(mesh: FakeMesh, count: number): void {
  for (let i = 0; i < count; i++) mesh.node(1).submit(`k${mesh.events.length}`);
}

describe('backpressure-edges', () => {
  it('holds through fresh and due actions, retries, failures, a close and a restart', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 4);
    node.fresh(1n, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    node.fresh(2n, { is: 'defer', ms: 1 });
    node.fresh(3n, { is: 'rejected' });
    mesh.after(1);
    node.due(1n, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    node.due(2n, { is: 'ok' });
    node.fresh(4n, { is: 'ok' });
    submit(mesh, 3);
    node.fresh(5n, { is: 'ok' });
    node.fresh(6n, { is: 'defer', ms: 9 });
    node.fresh(7n, { is: 'gate', untilMs: 9 });
    node.close();
    mesh.emit({ kind: 'settled', drained: true, waiting: [] });
    mesh.end();
    expect(checker.found).toBeNull();
    expect(mesh.events.filter(({ kind }) => kind === 'hook')).toHaveLength(4);
  });

  it('starts released after a crash', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 3);
    node.fresh(1n, { is: 'ok' });
    mesh.crash(1, 0);
    mesh.boot();
    submit(mesh, 3);
    mesh.node(1).fresh(1n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when the depth fed is not that of queue and deferred actions', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 2);
    mesh.spoil('depth', (event) => ({ ...event, depth: 1 }));
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'depth' });
    expect(checker.found?.message).toBe('expected depth 2 on node 1, 1 queued, 0 deferred and 1 in hand, found 1');
  });

  it('fires when a failed dispatch still counts while it is released', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 1);
    mesh.spoil('depth', (event) => event);
    mesh.spoil('depth', (event) => ({ ...event, depth: event.depth + 1 }));
    node.fresh(1n, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    expect(checker.found?.message).toContain('expected depth 0 on node 1');
  });

  it('fires when an action is requeued before the depth is fed', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 1);
    mesh.spoil('depth', (event) => event);
    mesh.spoil('depth', () => null);
    node.fresh(1n, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    expect(checker.found).toMatchObject({ kind: 'append-failure' });
    expect(checker.found?.message).toContain('to be fed after a failed dispatch, before anything is written');
  });

  it.each([
    ['asserted one too late', 3, 'steady', "to be 'asserted'"],
    ['asserted one too early', 2, 'asserted', "to be 'steady'"],
  ] as const)('fires when backpressure is %s', (_what, count, change, expected) => {
    const { mesh, node, checker } = setup();
    submit(mesh, count);
    mesh.spoil('depth', (event) => ({ ...event, change }));
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'depth' });
    expect(checker.found?.message).toContain(`expected depth ${count} on node 1 ${expected} with marks 3 and 1`);
  });

  it.each([
    ['released one too late', 4, 'steady', "expected depth 1 on node 1 to be 'released'"],
    ['released one too early', 2, 'released', "expected depth 2 on node 1 to be 'steady'"],
    ['asserted twice', 2, 'asserted', "expected depth 2 on node 1 to be 'steady'"],
  ] as const)('fires when backpressure is %s', (_what, feed, change, expected) => {
    const { mesh, node, checker } = setup();
    submit(mesh, 3);
    // Fed are 3, then 2 when the first action is done with, 2 when the second is taken up, and 1 when that is done with.
    for (let i = 1; i < feed; i++) mesh.spoil('depth', (event) => event);
    mesh.spoil('depth', (event) => ({ ...event, change }));
    node.fresh(1n, { is: 'ok' });
    node.fresh(2n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'depth' });
    expect(checker.found?.message).toContain(expected);
  });

  it('fires when the hook hears of no edge, of another, or of one that never was', () => {
    const silent = setup();
    submit(silent.mesh, 3);
    silent.mesh.spoil('hook', () => null);
    silent.node.fresh(1n, { is: 'ok' });
    expect(silent.checker.found?.message).toBe(
      "expected the hook of node 1 to be told 'asserted' at once, found 'admit' first",
    );
    const other = setup();
    submit(other.mesh, 3);
    other.mesh.spoil('hook', (event) => ({ ...event, change: 'released' }));
    other.node.fresh(1n, { is: 'ok' });
    expect(other.checker.found?.message).toBe("expected the hook of node 1 to be told 'asserted', found 'released'");
    const never = setup();
    never.mesh.emit({ kind: 'hook', ...never.node.at, change: 'asserted', threw: false });
    expect(never.checker.found?.message).toContain('nothing, as there was no edge');
  });

  it('fires under strict when the depth was not fed after an action, as soon as the next is taken up', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 3);
    node.fresh(1n, { is: 'ok' });
    mesh.spoil('depth', (event) => event);
    mesh.spoil('depth', () => null);
    mesh.spoil('hook', () => null);
    node.fresh(2n, { is: 'ok' });
    expect(checker.found).toBeNull();
    node.fresh(3n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dequeue' });
    expect(checker.found?.message).toContain('to be fed once an action was done with');
  });

  it('fires when the depth is not fed with an action before admission decides on it', () => {
    const fresh = setup();
    submit(fresh.mesh, 1);
    fresh.mesh.spoil('depth', () => null);
    fresh.node.fresh(1n, { is: 'ok' });
    expect(fresh.checker.found).toMatchObject({ kind: 'admit' });
    expect(fresh.checker.found?.message).toContain('to be fed with action 1 before admission decided on it');
    for (const semantics of ['strict', 'netMesh021'] as const) {
      const { mesh, node, checker } = setup(semantics);
      submit(mesh, 1);
      node.fresh(1n, { is: 'defer', ms: 0 });
      mesh.spoil('depth', () => null);
      if (semantics === 'netMesh021') node.feed(0);
      node.due(1n, { is: 'ok' });
      // The depth of the idle tick cannot be told from that of a due action, so netMesh021 is given the doubt.
      if (semantics === 'strict') expect(checker.found).toMatchObject({ kind: 'admit' });
      else expect(checker.found).toBeNull();
    }
  });

  it('leaves what a closing executor forgets to others', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 1);
    node.fresh(1n, { is: 'defer', ms: 9 });
    node.deferred = 0;
    node.deferredIds.length = 0;
    node.close();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('lets netMesh021 wait for its idle tick', () => {
    const { mesh, node, checker } = setup('netMesh021');
    submit(mesh, 3);
    node.fresh(1n, { is: 'ok' });
    mesh.spoil('depth', (event) => ({ ...event }));
    mesh.spoil('depth', () => null);
    mesh.spoil('hook', () => null);
    node.fresh(2n, { is: 'ok' });
    node.backpressure = true;
    node.fresh(3n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it.each(['settled', 'executor-end', 'the end'] as const)(
    'fires at %s when what has drained is still asserted',
    (when) => {
      const { mesh, node, checker } = setup('netMesh021');
      submit(mesh, 3);
      node.fresh(1n, { is: 'ok' });
      mesh.spoil('depth', (event) => event);
      mesh.spoil('depth', () => null);
      mesh.spoil('hook', () => null);
      node.fresh(2n, { is: 'ok' });
      if (when === 'settled') mesh.settled();
      else if (when === 'executor-end') mesh.emit({ kind: 'executor-end', ...node.at });
      else mesh.end();
      expect(checker.found).toMatchObject({ kind: when });
      expect(checker.found?.message).toContain('at depth 1 with an off mark of 1, found it asserted');
    },
  );

  it('fires when a depth of 0 is fed while something is deferred and the queue is open', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 1);
    mesh.spoil('depth', (event) => event);
    mesh.spoil('depth', (event) => ({ ...event, depth: 0 }));
    node.fresh(1n, { is: 'defer', ms: 9 });
    expect(checker.found?.message).toContain('expected depth 1 on node 1');
  });

  it('fires when a closing executor feeds a depth that is neither its own nor 0', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 1);
    node.fresh(1n, { is: 'defer', ms: 9 });
    mesh.emit({ kind: 'queue-close', ...node.at });
    mesh.spoil('depth', (event) => ({ ...event, depth: 5, change: 'asserted' }));
    node.feed(0);
    expect(checker.found?.message).toContain('expected depth 1 on node 1');
  });

  it('holds when a closing executor feeds the depth after each action that it fails', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 3);
    for (const id of [1n, 2n, 3n]) node.fresh(id, { is: 'defer', ms: 9 });
    mesh.emit({ kind: 'queue-close', ...node.at });
    for (const id of [1n, 2n, 3n]) {
      node.deferred--;
      node.fail(id, { type: 'failed', reason: 'executor closed', retryAfterMs: null });
      node.feed(0);
    }
    mesh.emit({ kind: 'executor-end', ...node.at });
    expect(checker.found).toBeNull();
  });

  it('takes nothing but a failure on the chain for the close of a deferred action', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 1);
    node.fresh(1n, { is: 'defer', ms: 9 });
    node.append(1n, { type: 'dispatched' });
    node.feed(0);
    expect(checker.found).toBeNull();
  });

  it('counts queued and deferred actions together when it asks for a release', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 3);
    node.fresh(1n, { is: 'defer', ms: 9 });
    mesh.settled();
    expect(checker.found).toBeNull();
  });

  it('counts nothing that the queue dropped', () => {
    const { node, checker } = setup();
    node.enqueue(node.collect('dropped'), 'full');
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('counts nothing more of an action that failed for good, when it was due or had no budget left', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 4);
    node.fresh(1n, { is: 'defer', ms: 0 });
    node.due(1n, { is: 'failed', reason: 'no route' });
    for (const [id, is] of [
      [2n, { is: 'defer', ms: 0 }],
      [3n, { is: 'failed', reason: 'busy', retryAfterMs: 0 }],
    ] as const) {
      node.fresh(id, is);
      node.due(id, is);
      node.due(id, is);
    }
    node.fresh(4n, { is: 'rejected' });
    submit(mesh, 1);
    node.fresh(5n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires at the next depth when the hook has not heard of the last', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 3);
    mesh.spoil('hook', () => null);
    node.feed(0);
    node.feed(0);
    expect(checker.found).toMatchObject({ event: mesh.events.length, kind: 'depth' });
    expect(checker.found?.message).toContain("told 'asserted' at once, found 'depth' first");
  });

  it.each(['append-failure', 'append-action'] as const)(
    'fires at %s when the hook has not heard of a release',
    (kind) => {
      const mesh = new FakeMesh({ backpressureOn: 1, backpressureOff: 0 });
      const checker = mesh.checker(backpressureEdges);
      const node = mesh.node(1);
      const id = node.submit('k1');
      mesh.spoil('hook', (event) => event);
      mesh.spoil('hook', () => null);
      if (kind === 'append-action') mesh.spoil('append-failure', () => null);
      node.fresh(id, { is: 'failed', reason: 'no route' });
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toContain("told 'released' at once");
    },
  );

  it('fires when the depth is not fed after a failed dispatch, before the chain is written', () => {
    const { mesh, node, checker } = setup();
    submit(mesh, 1);
    mesh.spoil('depth', (event) => event);
    mesh.spoil('depth', () => null);
    mesh.spoil('append-failure', () => null);
    node.fresh(1n, { is: 'failed', reason: 'no route' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toContain('to be fed after a failed dispatch');
  });

  it('fires when an executor ends without feeding the depth, or without telling the hook', () => {
    const unfed = setup();
    submit(unfed.mesh, 1);
    unfed.mesh.spoil('depth', (event) => event);
    unfed.mesh.spoil('depth', () => null);
    unfed.node.fresh(1n, { is: 'ok' });
    unfed.mesh.emit({ kind: 'executor-end', ...unfed.node.at });
    expect(unfed.checker.found).toMatchObject({ kind: 'executor-end' });
    expect(unfed.checker.found?.message).toContain(
      "to be fed once an action was done with, found 'executor-end' first, backpressure being released at depth 0",
    );
    const untold = setup();
    submit(untold.mesh, 3);
    untold.mesh.spoil('hook', () => null);
    untold.node.feed(0);
    untold.mesh.emit({ kind: 'executor-end', ...untold.node.at });
    expect(untold.checker.found?.message).toContain("told 'asserted' at once, found 'executor-end' first");
  });

  it.each([
    ['settled', 'once everything has settled'],
    ['executor-end', 'before its executor ends'],
    ['the end', 'by the end of the run'],
  ] as const)('says at %s by when it should have been released', (when, words) => {
    const { mesh, node, checker } = setup('netMesh021');
    submit(mesh, 3);
    node.feed(0);
    for (const id of [1n, 2n]) {
      mesh.spoil('depth', (event) => event);
      mesh.spoil('depth', () => null);
      mesh.spoil('hook', () => null);
      node.fresh(id, { is: 'ok' });
    }
    if (when === 'settled') mesh.settled();
    else if (when === 'executor-end') mesh.emit({ kind: 'executor-end', ...node.at });
    else mesh.end();
    expect(checker.found?.message).toContain(`to be released ${words}, at depth 1`);
  });
});
