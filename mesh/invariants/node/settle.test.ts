import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { settle } from './settle.ts';

function setup() {
  const mesh = new FakeMesh();
  const checker = mesh.checker(settle);
  mesh.emit({ kind: 'settle', boundMs: 100 });
  return { mesh, checker };
}

describe('settle', () => {
  it('holds when everything has drained at the bound or before', () => {
    const { mesh, checker } = setup();
    mesh.after(100).settled();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('names what did not drain', () => {
    const { mesh, checker } = setup();
    mesh.emit({ kind: 'settled', drained: false, waiting: ['n1: 2 deferred', 'copies differ'] });
    expect(checker.found).toMatchObject({ event: 2, kind: 'settled' });
    expect(checker.found?.message).toBe(
      'expected everything to drain and converge within the bound, found n1: 2 deferred; copies differ',
    );
  });

  it('fires when it settled after its bound, or never', () => {
    const late = setup();
    late.mesh.after(101).settled();
    expect(late.checker.found?.message).toBe('expected the mesh to have settled by 100 ms, found it settled at 101 ms');
    const never = setup();
    never.mesh.end();
    expect(never.checker.found?.message).toBe('expected the mesh to have settled by 100 ms, found that it never did');
  });

  it('does not take the word of a run whose nodes show something undone', () => {
    const undone = [
      ['is down', { up: false }],
      ['has 1 queued actions', { queueLength: 1 }],
      ['has 2 deferred actions', { deferred: 2 }],
      ['has backpressure asserted', { backpressure: true }],
    ] as const;
    for (const [found, spoiled] of undone) {
      const { mesh, checker } = setup();
      Object.assign(mesh.node(2), spoiled);
      mesh.settled();
      expect(checker.found?.message).toBe(
        `expected nothing to be left undone by a settled mesh, found that node 2 ${found}`,
      );
    }
  });

  it('sets no bound to a run that does not settle', () => {
    const mesh = new FakeMesh();
    const checker = mesh.checker(settle);
    mesh.after(5).end();
    expect(checker.found).toBeNull();
    mesh.settled();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('counts the bound from the beginning of settle, and takes one of 0', () => {
    const later = new FakeMesh();
    const checker = later.checker(settle);
    later.after(50);
    later.emit({ kind: 'settle', boundMs: 100 });
    later.after(100).settled();
    expect(checker.found).toBeNull();
    for (const never of [true, false]) {
      const mesh = new FakeMesh();
      const found = mesh.checker(settle);
      mesh.emit({ kind: 'settle', boundMs: 0 });
      if (never) mesh.end();
      else mesh.after(1).settled();
      expect(found.found?.message).toContain('expected the mesh to have settled by 0 ms');
    }
  });

  it('says so when nobody knows what did not drain', () => {
    const { mesh, checker } = setup();
    mesh.emit({ kind: 'settled', drained: false, waiting: [] });
    expect(checker.found?.message).toContain('found that it did not, and no reason given');
  });

  it('looks at every node', () => {
    for (const node of [1, 2]) {
      const { mesh, checker } = setup();
      mesh.node(node).deferred = 1;
      mesh.settled();
      expect(checker.found?.message).toContain(`node ${node} has 1 deferred actions`);
    }
  });
});
