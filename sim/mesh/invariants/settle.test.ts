import { describe, expect, it } from 'vitest';
import { FakeMesh } from './fake-mesh.testing.ts';
import { settle } from './settle.ts';

function setup() {
  const mesh = new FakeMesh();
  const judge = mesh.judge(settle);
  mesh.emit({ kind: 'settle', boundMs: 100 });
  return { mesh, judge };
}

describe('settle', () => {
  it('holds when everything has drained at the bound or before', () => {
    const { mesh, judge } = setup();
    mesh.after(100).settled();
    mesh.end();
    expect(judge.found).toBeNull();
  });

  it('names what did not drain', () => {
    const { mesh, judge } = setup();
    mesh.emit({ kind: 'settled', drained: false, waiting: ['n1: 2 deferred', 'copies differ'] });
    expect(judge.found).toMatchObject({ event: 2, kind: 'settled' });
    expect(judge.found?.message).toBe(
      'expected everything to drain and converge within the bound, found n1: 2 deferred; copies differ',
    );
  });

  it('fires when it settled after its bound, or never', () => {
    const late = setup();
    late.mesh.after(101).settled();
    expect(late.judge.found?.message).toBe('expected the mesh to have settled by 100 ms, found it settled at 101 ms');
    const never = setup();
    never.mesh.end();
    expect(never.judge.found?.message).toBe('expected the mesh to have settled by 100 ms, found that it never did');
  });

  it('does not take the word of a run whose nodes show something undone', () => {
    const undone = [
      ['is down', { up: false }],
      ['has 1 queued actions', { queueLength: 1 }],
      ['has 2 deferred actions', { deferred: 2 }],
      ['has backpressure asserted', { backpressure: true }],
    ] as const;
    for (const [found, spoiled] of undone) {
      const { mesh, judge } = setup();
      Object.assign(mesh.node(2), spoiled);
      mesh.settled();
      expect(judge.found?.message).toBe(
        `expected nothing to be left undone by a settled mesh, found that node 2 ${found}`,
      );
    }
  });
});
