import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { foldReplay } from './fold-replay.ts';

function setup() {
  const mesh = new FakeMesh({ recentFailures: 2 });
  return { mesh, node: mesh.node(1), checker: mesh.checker(foldReplay) };
}

function fail(mesh: FakeMesh, times: number): void {
  const node = mesh.node(1);
  for (let i = 0; i < times; i++)
    node.fresh(node.submit(`k${mesh.events.length}`), { is: 'failed', reason: `reason ${i}` });
}

describe('fold-replay', () => {
  it('holds when pieces, a rebuild and another node give what one go gives', () => {
    const { mesh, checker } = setup();
    fail(mesh, 2);
    mesh.replicate();
    fail(mesh, 2);
    mesh.crash(1, 3);
    mesh.boot();
    mesh.after(1);
    fail(mesh, 1);
    mesh.replicate();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds for a reader of another version, which rejects everything, and says nothing of one that changed', () => {
    const { mesh, checker } = setup();
    mesh.node(2).readerVersion = 4;
    fail(mesh, 2);
    mesh.replicate();
    mesh.node(1).readerVersion = 4;
    fail(mesh, 1);
    mesh.node(1).chain(1).folded.items.length = 0;
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each([
    ['leaves out the first entry', [1n]],
    ['folds an entry twice', [0n, 0n]],
    ['leaves out an entry', [0n, 2n]],
    ['goes back', [0n, 1n, 0n]],
  ])('fires at once when a copy %s', (_what, seqs) => {
    const { mesh, checker } = setup();
    fail(mesh, 3);
    for (const seq of seqs) mesh.spoil('fold', (event) => ({ ...event, seq }));
    const before = mesh.events.length;
    mesh.replicate();
    expect(checker.found).toMatchObject({ event: before + seqs.length, kind: 'fold' });
    expect(checker.found?.message).toContain(`of chain 1 next, found entry ${seqs.at(-1)}`);
  });

  it('fires when a rebuild does not begin with the first entry', () => {
    const { mesh, checker } = setup();
    fail(mesh, 3);
    mesh.crash(1, 3);
    mesh.spoil('fold', () => null);
    mesh.boot();
    expect(checker.found).toMatchObject({ kind: 'fold' });
    expect(checker.found?.message).toBe('expected node 1 to fold entry 0 of chain 1 next, found entry 1');
  });

  it('fires at the end when entries were stored and never folded', () => {
    const { mesh, checker } = setup();
    fail(mesh, 2);
    mesh.spoil('fold', (event) => event);
    mesh.spoil('fold', () => null);
    mesh.replicate();
    mesh.end();
    expect(checker.found?.message).toBe(
      'expected node 2 to have folded the 2 entries of its copy of chain 1, found 1 folded',
    );
  });

  it('fires at the end when the ring made in pieces is another', () => {
    const { mesh, checker } = setup();
    fail(mesh, 3);
    mesh.replicate();
    mesh.node(2).chain(1).folded.items.reverse();
    mesh.end();
    expect(checker.found).toMatchObject({ kind: 'the end' });
    expect(checker.found?.message).toContain(
      'expected the ring that node 2 folded of chain 1 in pieces to be the one it gives in one go',
    );
  });

  it('fires at the end when the ring is longer or shorter', () => {
    for (const by of [1, -1]) {
      const { mesh, node, checker } = setup();
      fail(mesh, 1);
      const { items } = node.chain(1).folded;
      const [first] = items;
      if (by < 0) items.pop();
      else if (first !== undefined) items.push(first);
      mesh.end();
      expect(checker.found?.message).toContain(`1 entries, found ${1 + by} or others`);
    }
  });

  it('folds in one go once for all nodes that hold the same entries and read the same version', () => {
    const folded = (prepare: (mesh: FakeMesh) => void): number => {
      const { mesh, checker } = setup();
      const { fold } = mesh.view;
      let calls = 0;
      Object.assign(mesh.view, {
        fold: (...given: Parameters<typeof fold>) => {
          calls++;
          return fold(...given);
        },
      });
      prepare(mesh);
      mesh.end();
      expect(checker.found).toBeNull();
      return calls;
    };
    // Chain 1 and chain 2, which is empty.
    const both = (mesh: FakeMesh): void => {
      fail(mesh, 3);
      mesh.node(2).fresh(mesh.node(2).submit('other'), { is: 'failed', reason: 'r' });
      mesh.replicate();
    };
    expect(folded(both)).toBe(2);
    expect(
      folded((mesh) => {
        mesh.node(2).readerVersion = 4;
        both(mesh);
      }),
    ).toBe(4);
    expect(
      folded((mesh) => {
        both(mesh);
        fail(mesh, 1);
      }),
    ).toBe(3);
  });

  it('says nothing of a node that is down', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 3);
    node.up = false;
    node.chain(1).folded.items.length = 0;
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires at the end for an incarnation that was never seen to fold what it holds', () => {
    const { mesh, checker } = setup();
    fail(mesh, 3);
    mesh.crash(1, 3);
    for (let i = 0; i < 3; i++) mesh.spoil('fold', () => null);
    mesh.boot();
    mesh.end();
    expect(checker.found?.message).toBe(
      'expected node 1 to have folded the 3 entries of its copy of chain 1, found 0 folded',
    );
  });

  it('fires when an entry of the own log is appended and not folded, or only with the next one', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('fold', () => null);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toBe(
      'expected node 1 to fold entry 0 of its own log as it appended it, found it not folded',
    );
    const behind = setup();
    behind.node.fresh(behind.node.submit('k1'), { is: 'ok' });
    expect(behind.checker.found).toBeNull();
    behind.mesh.spoil('fold', () => null);
    behind.node.fresh(behind.node.submit('k2'), { is: 'ok' });
    expect(behind.checker.found?.message).toContain('to fold entry 1 of its own log');
  });

  it('asks for no fold of a record that made no entry', () => {
    const { node, checker } = setup();
    node.seams.action = false;
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires at the end when an entry that pushes nothing changed the ring, or the newest is another', () => {
    for (const at of [0, 1]) {
      const { mesh, node, checker } = setup();
      fail(mesh, 2);
      node.fresh(node.submit('fine'), { is: 'ok' });
      const { items } = node.chain(1).folded;
      const entry = items[at];
      if (entry !== undefined) items[at] = { ...entry, reason: 'other' };
      mesh.end();
      expect(checker.found).toMatchObject({ kind: 'the end' });
    }
  });

  it('counts the entries of each chain from its own first one', () => {
    const { mesh, checker } = setup();
    fail(mesh, 2);
    mesh.node(2).fresh(mesh.node(2).submit('other'), { is: 'failed', reason: 'r' });
    mesh.spoil('fold', (event) => ({ ...event, seq: 1n }));
    mesh.node(1).fold(2, mesh.node(2).chain(2).stored[0] ?? Uint8Array.of(), false);
    expect(checker.found?.message).toBe('expected node 1 to fold entry 0 of chain 2 next, found entry 1');
  });

  it('folds again what pushes or cannot be read, and one in four of the rest', () => {
    const { mesh, node, checker } = setup();
    const { fold } = mesh.view;
    let folded: readonly Uint8Array[] = [];
    Object.assign(mesh.view, {
      fold: (...given: Parameters<typeof fold>) => {
        if (given[1].length > 0) folded = given[1].map(({ payload }) => payload);
        return fold(...given);
      },
    });
    fail(mesh, 1);
    for (let i = 0; i < 2; i++) node.fresh(node.submit(`fine ${i}`), { is: 'ok' });
    node.seams.damage = Uint8Array.of(1, 0xff);
    node.fresh(node.submit('damaged'), { is: 'ok' });
    node.seams.damage = null;
    for (let i = 0; i < 2; i++) node.fresh(node.submit(`more ${i}`), { is: 'ok' });
    fail(mesh, 1);
    mesh.end();
    expect(checker.found).toBeNull();
    const { stored } = node.chain(1);
    expect(stored).toHaveLength(7);
    expect(folded).toEqual([0, 3, 4, 6].map((at) => stored[at]));
  });

  it('takes no copy for another that is longer, or of other bytes', () => {
    const { mesh, checker } = setup();
    const [one, two] = [mesh.node(1), mesh.node(2)];
    for (const reason of ['first', 'second']) two.fresh(two.submit(reason), { is: 'failed', reason });
    one.fold(2, two.chain(2).stored[0] ?? Uint8Array.of(), false);
    mesh.end();
    expect(checker.found).toBeNull();
    one.fold(2, two.chain(2).stored[0] ?? Uint8Array.of(), false);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('looks at every chain, whatever the version that is read, and however others were read', () => {
    for (const reader of [0, 1]) {
      const { mesh, node, checker } = setup();
      node.readerVersion = reader;
      node.writerVersion = reader;
      fail(mesh, 1);
      node.chain(1).folded.items.length = 0;
      mesh.end();
      expect(checker.found?.message).toContain('node 1 folded of chain 1');
    }
    const { mesh, node, checker } = setup();
    fail(mesh, 1);
    node.readerVersion = 4;
    fail(mesh, 1);
    node.readerVersion = 1;
    const two = mesh.node(2);
    two.fresh(two.submit('other'), { is: 'failed', reason: 'r' });
    node.fold(2, two.chain(2).stored[0] ?? Uint8Array.of(), false);
    node.chain(2).folded.at = () => undefined;
    mesh.end();
    expect(checker.found?.message).toContain('node 1 folded of chain 2');
  });

  it('begins with the first entry of the chain, whatever its seq', () => {
    const folding = (seqs: readonly bigint[]) => {
      const { mesh, node, checker } = setup();
      mesh.spoil('log-append', (event) => ({ ...event, seq: 5n }));
      for (const seq of seqs) {
        mesh.spoil('fold', (event) => ({ ...event, seq }));
        node.fresh(node.submit(`k${seq}`), { is: 'ok' });
      }
      return checker.found?.message ?? null;
    };
    expect(folding([5n, 6n, 7n])).toBeNull();
    expect(folding([6n])).toBe('expected node 1 to fold entry 5 of chain 1 next, found entry 6');
  });

  it('says nothing of a chain that there is not', () => {
    const { mesh, checker } = setup();
    const payload = Uint8Array.of(1);
    const at = { ...mesh.node(1).at, chain: 9, seq: 3n, reader: 1, length: 0, payload, rebuild: false };
    mesh.emit({ kind: 'fold', ...at, outcome: 'malformed' });
    expect(checker.found).toBeNull();
  });
});
