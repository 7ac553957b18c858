import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { drop, migrate, pull } from '../testing/windows.testing.ts';
import { stabilization } from './stabilization.ts';

/** A stabilization of 1000 ms, a cooldown of 250 ms. */
function setup() {
  const mesh = new FakeMesh();
  return { mesh, node: mesh.node(1), checker: mesh.checker(stabilization) };
}

describe('stabilization', () => {
  it('holds when a chain is left alone for its window, and deferred by what is left of it', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    node.fresh(node.submit('k2', drop(1n)), { is: 'defer', ms: 1000 });
    node.fresh(node.submit('k3', drop(2n)), { is: 'ok' });
    node.fresh(node.submit('k4', pull(3n)), { is: 'defer', ms: 250 });
    mesh.after(600);
    node.fresh(node.submit('k5', pull(2n)), { is: 'defer', ms: 400 });
    mesh.after(400);
    node.due(2n, { is: 'ok' });
    node.due(5n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it.each([
    ['pulled', pull(1n)],
    ['dropped', drop(1n)],
  ])('fires when a chain is %s one millisecond too early', (_what, action) => {
    for (const first of [pull(1n), drop(1n)]) {
      const { mesh, node, checker } = setup();
      node.fresh(node.submit('k1', first), { is: 'ok' });
      mesh.after(999);
      node.fresh(node.submit('k2', action), { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'dispatch' });
      expect(checker.found?.message).toBe(
        `expected chain 1 to be left alone on node 1 for another 1 ms, found ${action.kind} 2 dispatched at 999 ms`,
      );
    }
  });

  it('frees the chain when the dispatch failed', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', drop(1n)), { is: 'rejected' });
    node.fresh(node.submit('k2', pull(1n)), { is: 'failed', reason: 'no', retryAfterMs: 1 });
    node.fresh(node.submit('k3', drop(1n)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when a failed dispatch has not freed the chain', () => {
    for (const action of [drop(1n), pull(1n)]) {
      const { node, checker } = setup();
      node.fresh(node.submit('k1', action), { is: 'rejected' });
      node.fresh(node.submit('k2', action), { is: 'defer', ms: 1000 });
      expect(checker.found).toMatchObject({ kind: 'admit' });
      expect(checker.found?.message).toContain('when chain 1 is stable, found it deferred by 1000 ms');
    }
  });

  it('fires when a drop waits for the cooldown of pulls', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    node.fresh(node.submit('k2', drop(2n)), { is: 'defer', ms: 250 });
    expect(checker.found?.message).toContain('when chain 2 is stable');
  });

  it('fires when a pull is deferred by the cooldown although its chain stabilizes longer', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    node.fresh(node.submit('k2', pull(1n)), { is: 'defer', ms: 250 });
    expect(checker.found?.message).toBe(
      'expected action 2 of node 1 to be deferred by the 1000 ms for which chain 1 stabilizes, found 250 ms',
    );
  });

  it('fires when a drop is deferred at the very end of the window', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', drop(1n)), { is: 'ok' });
    mesh.after(1000);
    node.fresh(node.submit('k2', drop(1n)), { is: 'defer', ms: 0 });
    expect(checker.found).toMatchObject({ kind: 'admit' });
  });

  it('forgets the windows of an incarnation that died', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', drop(1n)), { is: 'ok' });
    mesh.crash(1, 0);
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('k2', drop(1n)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('has nothing to say of what is neither pull nor drop', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'rejected' });
    node.fresh(node.submit('k2', migrate(1n)), { is: 'defer', ms: 100 });
    expect(checker.found).toBeNull();
  });

  it('fires when a pull is deferred at the very end of the cooldown', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    mesh.after(250);
    node.fresh(node.submit('k2', pull(2n)), { is: 'defer', ms: 0 });
    expect(checker.found?.message).toContain('when chain 2 is stable');
  });

  it('frees no chain for the failure of another action', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('dispatch-end', () => null);
    node.fresh(node.submit('k1', drop(1n)), { is: 'ok' });
    node.fresh(node.submit('k2'), { is: 'rejected' });
    node.fresh(node.submit('k3', drop(1n)), { is: 'defer', ms: 1000 });
    expect(checker.found).toBeNull();
  });
});
