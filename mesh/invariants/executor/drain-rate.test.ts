import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { migrate, pull } from '../testing/windows.testing.ts';
import { drainRate } from './drain-rate.ts';

/** Two migrations a second. */
function setup() {
  const mesh = new FakeMesh();
  return { mesh, node: mesh.node(1), checker: mesh.checker(drainRate) };
}

describe('drain-rate', () => {
  it('holds when no second sees more than the rate, and what is over it waits 100 ms', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', migrate(1n)), { is: 'ok' });
    mesh.after(500);
    node.fresh(node.submit('k2', migrate(2n)), { is: 'ok' });
    node.fresh(node.submit('k3', pull(2n)), { is: 'defer', ms: 40 });
    mesh.after(499);
    node.fresh(node.submit('k4', migrate(3n)), { is: 'defer', ms: 100 });
    mesh.after(1);
    node.fresh(node.submit('k5', migrate(4n)), { is: 'ok' });
    mesh.after(99);
    node.due(4n, { is: 'defer', ms: 100 });
    expect(checker.found).toBeNull();
  });

  it('fires at the migration that is one too many within a second', () => {
    const { mesh, node, checker } = setup();
    for (let i = 1; i <= 3; i++) {
      node.fresh(node.submit(`k${i}`, migrate(1n)), { is: 'ok' });
      mesh.after(i === 1 ? 0 : 999);
    }
    expect(checker.found).toMatchObject({ kind: 'dispatch' });
    expect(checker.found?.message).toBe(
      'expected at most 2 migrations within 1000 ms on node 1, found migration 3 dispatched at 999 ms after 2',
    );
  });

  it('gives the slot of a failed dispatch back, and only that', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', migrate(1n)), { is: 'rejected' });
    node.fresh(node.submit('k2', migrate(2n)), { is: 'ok' });
    node.fresh(node.submit('k3', migrate(3n)), { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    node.fresh(node.submit('k4', migrate(4n)), { is: 'ok' });
    expect(checker.found).toBeNull();
    node.fresh(node.submit('k5', migrate(5n)), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dispatch' });
  });

  it('fires when a failed dispatch has not given its slot back', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', migrate(1n)), { is: 'rejected' });
    node.fresh(node.submit('k2', migrate(2n)), { is: 'ok' });
    node.fresh(node.submit('k3', migrate(3n)), { is: 'defer', ms: 100 });
    expect(checker.found).toMatchObject({ kind: 'admit' });
    expect(checker.found?.message).toContain(
      'to be admitted with 1 of 2 in the last second, found it deferred by 100 ms',
    );
  });

  it('fires when a migration waits for another time than 100 ms', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1', migrate(1n)), { is: 'ok' });
    node.fresh(node.submit('k2', migrate(2n)), { is: 'ok' });
    node.fresh(node.submit('k3', migrate(3n)), { is: 'defer', ms: 1000 });
    expect(checker.found?.message).toBe('expected migration 3 of node 1 to be deferred by 100 ms, found 1000 ms');
  });

  it('admits none at a rate of 0', () => {
    const mesh = new FakeMesh({ drainRatePerSec: 0 });
    const checker = mesh.checker(drainRate);
    const node = mesh.node(1);
    node.fresh(node.submit('k1', migrate(1n)), { is: 'defer', ms: 100 });
    expect(checker.found).toBeNull();
    node.fresh(node.submit('k2', migrate(2n)), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dispatch' });
  });

  it('counts anew in each incarnation', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1', migrate(1n)), { is: 'ok' });
    mesh.crash(1, 0);
    mesh.boot();
    const again = mesh.node(1);
    for (let i = 2; i <= 3; i++) again.fresh(again.submit(`k${i}`, migrate(1n)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });
});
