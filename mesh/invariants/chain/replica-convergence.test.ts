import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { replicaConvergence } from './replica-convergence.ts';

function setup() {
  const mesh = new FakeMesh({ nodes: 3, codecs: ['postcard', 'msgpack', 'postcard'] });
  const checker = mesh.checker(replicaConvergence);
  for (const number of [1, 2, 3]) {
    const node = mesh.node(number);
    node.fresh(node.submit('k1'), { is: 'ok' });
  }
  return { mesh, checker };
}

describe('replica-convergence', () => {
  it('holds when all copies are equal at the end of settle, and lets them lag before', () => {
    const { mesh, checker } = setup();
    expect(checker.found).toBeNull();
    mesh.replicate();
    mesh.settled();
    expect(checker.found).toBeNull();
  });

  it('fires when a copy is short, long or other', () => {
    for (const spoil of ['short', 'long', 'other'] as const) {
      const { mesh, checker } = setup();
      mesh.replicate();
      const copy = mesh.node(3).chain(2);
      if (spoil === 'short') copy.stored = [];
      else if (spoil === 'long') copy.stored = [...copy.stored, Uint8Array.of(1)];
      else copy.stored = copy.stored.map((bytes) => bytes.map((byte, i) => (i === 2 ? byte ^ 1 : byte)));
      mesh.settled();
      expect(checker.found).toMatchObject({ kind: 'settled' });
      expect(checker.found?.message).toMatch(
        /^expected node 3 to hold the \d+ bytes of chain 2 as its writer does, found \d+ bytes/,
      );
    }
  });

  it('fires also when the run says itself that it has not drained', () => {
    const { mesh, checker } = setup();
    mesh.emit({ kind: 'settled', drained: false, waiting: ['copies'] });
    expect(checker.found?.message).toContain('expected node 2 to hold');
  });

  it('looks at each copy of each chain', () => {
    for (const chain of [1, 2, 3]) {
      for (const node of [1, 2, 3]) {
        if (node === chain) continue;
        const { mesh, checker } = setup();
        mesh.replicate();
        mesh.node(node).chain(chain).stored = [];
        const header = mesh.node(node).chain(chain).header.length;
        mesh.settled();
        expect(checker.found?.message).toContain(`expected node ${node} to hold the`);
        expect(checker.found?.message).toContain(
          `bytes of chain ${chain} as its writer does, found ${header} bytes, the first difference at byte ${header}`,
        );
      }
    }
  });

  it('says where the first difference is', () => {
    const { mesh, checker } = setup();
    mesh.replicate();
    const copy = mesh.node(3).chain(2);
    const { length } = copy.bytes();
    copy.stored = [...copy.stored, Uint8Array.of(1)];
    mesh.settled();
    expect(checker.found?.message).toBe(
      `expected node 3 to hold the ${length} bytes of chain 2 as its writer does, found ${length + 17} bytes, the first difference at byte ${length}`,
    );
    const other = setup();
    other.mesh.replicate();
    const changed = other.mesh.node(3).chain(2);
    changed.stored = changed.stored.map((bytes) => bytes.map((byte, i) => (i === 2 ? byte ^ 1 : byte)));
    other.mesh.settled();
    expect(other.checker.found?.message).toContain(`the first difference at byte ${changed.header.length + 14}`);
  });
});
