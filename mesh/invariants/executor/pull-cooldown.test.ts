import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { drop, migrate, pull } from '../testing/windows.testing.ts';
import { pullCooldown } from './pull-cooldown.ts';

/** A cooldown of 250 ms, a stabilization of 1000 ms. */
function setup() {
  const mesh = new FakeMesh();
  return { mesh, node: mesh.node(1), checker: mesh.checker(pullCooldown) };
}

describe('pull-cooldown', () => {
  it('holds when pulls are a cooldown apart and deferred by what is left of it', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    mesh.after(249);
    node.fresh(node.submit('k2', pull(2n)), { is: 'defer', ms: 1 });
    mesh.after(1);
    node.due(2n, { is: 'ok' });
    node.fresh(node.submit('k3', drop(3n)), { is: 'ok' });
    mesh.after(10);
    node.fresh(node.submit('k4', pull(2n)), { is: 'defer', ms: 990 });
    expect(checker.found).toBeNull();
  });

  it('fires when a pull comes one millisecond too early, of whichever chain', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    mesh.after(249);
    node.fresh(node.submit('k2', pull(2n)), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dispatch' });
    expect(checker.found?.message).toBe(
      'expected no pull on node 1 within 250 ms of the one before, found pull 2 dispatched at 249 ms, 1 ms too early',
    );
  });

  it('counts from admission, not from the end of the dispatch', () => {
    const { mesh, node, checker } = setup();
    mesh.before('dispatch-end', () => mesh.after(250));
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    node.fresh(node.submit('k2', pull(2n)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it.each(['failed', 'rejected', 'threw'] as const)('gives the cooldown back when the dispatch %s', (is) => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), is === 'failed' ? { is, reason: 'busy', retryAfterMs: 1 } : { is });
    node.fresh(node.submit('k2', pull(2n)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when a failed dispatch has not given the cooldown back', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'rejected' });
    node.fresh(node.submit('k2', pull(2n)), { is: 'defer', ms: 250 });
    expect(checker.found).toMatchObject({ kind: 'admit' });
    expect(checker.found?.message).toContain(
      'when neither its chain nor the cooldown stands in its way, found it deferred by 250 ms',
    );
  });

  it('fires when a pull is deferred at the very end of the cooldown', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    mesh.after(250);
    node.fresh(node.submit('k2', pull(2n)), { is: 'defer', ms: 0 });
    expect(checker.found).toMatchObject({ kind: 'admit' });
  });

  it('fires when a pull is deferred by the whole cooldown and not the rest', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    mesh.after(100);
    node.fresh(node.submit('k2', pull(2n)), { is: 'defer', ms: 250 });
    expect(checker.found?.message).toBe(
      'expected pull 2 of node 1 to be deferred by the 150 ms that are left of the cooldown, found 250 ms',
    );
  });

  it('knows no cooldown of a drop, of another node, or of an incarnation that died', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    node.fresh(node.submit('k2', drop(2n)), { is: 'ok' });
    const other = mesh.node(2);
    other.fresh(other.submit('k3', pull(1n)), { is: 'ok' });
    mesh.crash(1, 0);
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('k4', pull(1n)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('is not moved by the wall clock', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    mesh.wallOffsetMs += 100_000;
    node.fresh(node.submit('k2', pull(2n)), { is: 'defer', ms: 250 });
    expect(checker.found).toBeNull();
  });

  it('has nothing to say of what is no pull', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'rejected' });
    node.fresh(node.submit('k2', migrate(1n)), { is: 'defer', ms: 100 });
    node.fresh(node.submit('k3', drop(1n)), { is: 'defer', ms: 7 });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when a pull waits for a chain that is stable, or that a failed drop has freed', () => {
    const stable = setup();
    stable.node.fresh(stable.node.submit('k1', drop(1n)), { is: 'ok' });
    stable.mesh.after(1000);
    stable.node.fresh(stable.node.submit('k2', pull(1n)), { is: 'defer', ms: 5 });
    expect(stable.checker.found).toMatchObject({ kind: 'admit' });
    const freed = setup();
    freed.node.fresh(freed.node.submit('k1', drop(1n)), { is: 'rejected' });
    freed.node.fresh(freed.node.submit('k2', pull(1n)), { is: 'defer', ms: 1000 });
    expect(freed.checker.found).toMatchObject({ kind: 'admit' });
  });

  it('gives nothing back for the failure of another action', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('dispatch-end', () => null);
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    node.fresh(node.submit('k2'), { is: 'rejected' });
    node.fresh(node.submit('k3', pull(1n)), { is: 'defer', ms: 1000 });
    node.fresh(node.submit('k4', pull(2n)), { is: 'defer', ms: 250 });
    expect(checker.found).toBeNull();
  });

  it('lets a pull wait for a chain that was dropped', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', drop(1n)), { is: 'ok' });
    node.fresh(node.submit('k2', pull(1n)), { is: 'defer', ms: 1000 });
    expect(checker.found).toBeNull();
  });
});
