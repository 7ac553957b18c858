import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { wireVersion } from './wire-version.ts';

function setup() {
  const mesh = new FakeMesh({ recentFailures: 2 });
  return { mesh, node: mesh.node(1), checker: mesh.checker(wireVersion) };
}

function fail(mesh: FakeMesh, times = 1): void {
  const node = mesh.node(1);
  for (let i = 0; i < times; i++)
    node.fresh(node.submit(`k${mesh.events.length}`), { is: 'failed', reason: 'no route' });
}

describe('wire-version', () => {
  it('holds when other versions are rejected and counted, at the writer, at a reader and over a restart', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 3);
    node.writerVersion = 9;
    fail(mesh, 2);
    node.writerVersion = 1;
    mesh.node(2).readerVersion = 9;
    fail(mesh, 1);
    mesh.replicate();
    mesh.crash(1, 6);
    mesh.boot();
    fail(mesh, 1);
    mesh.end();
    expect(checker.found).toBeNull();
    expect(mesh.node(1).chain(1).rejectedVersion).toBe(2);
    expect(mesh.node(2).chain(1).rejectedVersion).toBe(4);
  });

  it('leaves damaged and empty entries of the right version to others', () => {
    const { mesh, node, checker } = setup();
    for (const damage of [Uint8Array.of(1, 0xff), new Uint8Array(0)]) {
      node.seams.damage = damage;
      fail(mesh);
    }
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each(['folded', 'malformed', 'empty'] as const)('fires when an entry of another version is %s', (outcome) => {
    const { mesh, node, checker } = setup();
    node.writerVersion = 2;
    mesh.spoil('fold', (event) => ({ ...event, outcome }));
    fail(mesh);
    expect(checker.found).toMatchObject({ kind: 'fold' });
    expect(checker.found?.message).toBe(
      `expected an entry with version 2 to be rejected as unsupported by a decoder of version 1, found '${outcome}'`,
    );
  });

  it('fires when an entry of the right version, or one without any, is rejected for its version', () => {
    const { mesh, checker } = setup();
    mesh.spoil('fold', (event) => ({ ...event, outcome: 'unsupported_version' }));
    fail(mesh);
    expect(checker.found?.message).toContain('with version 1 not to be rejected for its version');
    const none = setup();
    none.node.seams.damage = new Uint8Array(0);
    none.mesh.spoil('fold', (event) => ({ ...event, outcome: 'unsupported_version' }));
    fail(none.mesh);
    expect(none.checker.found?.message).toContain('with version none not to be rejected for its version');
  });

  it('fires when a rejected entry made the ring longer', () => {
    const { mesh, node, checker } = setup();
    node.writerVersion = 2;
    mesh.spoil('fold', (event) => ({ ...event, length: 1 }));
    fail(mesh);
    expect(checker.found?.message).toContain('to stay at 0 entries over one of another version, found 1');
  });

  it('fires when a rejected entry pushed an old one out of a full ring', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 3);
    node.writerVersion = 2;
    mesh.before('fold', () => {
      node.chain(1).folded.evicted++;
    });
    fail(mesh);
    expect(checker.found?.message).toContain('found 1 evicted');
  });

  it.each([1, -1])('fires when the count is off by %i, at the next entry or at the end', (by) => {
    for (const further of [true, false]) {
      const { mesh, node, checker } = setup();
      node.writerVersion = 2;
      fail(mesh);
      node.writerVersion = 1;
      node.chain(1).rejectedVersion += by;
      if (further) fail(mesh);
      else mesh.end();
      expect(checker.found).toMatchObject({ kind: further ? 'fold' : 'the end' });
      expect(checker.found?.message).toBe(
        `expected node 1 to have counted 1 entries of chain 1 of another version, found ${1 + by}`,
      );
    }
  });

  it('checks what is fed straight to a decoder against that decoder', () => {
    const { mesh, node, checker } = setup();
    const probe = {
      kind: 'probe',
      ...node.at,
      largestBytes: 0,
      codec: 'msgpack',
      bytes: Uint8Array.of(4, 1),
      decoded: null,
    } as const;
    mesh.emit({ ...probe, reader: 4, outcome: 'malformed' });
    mesh.emit({ ...probe, reader: 1, outcome: 'unsupported_version' });
    mesh.emit({ ...probe, reader: 1, outcome: 'threw' });
    expect(checker.found).toBeNull();
    mesh.emit({ ...probe, reader: 1, outcome: 'malformed' });
    expect(checker.found).toMatchObject({ event: 4, kind: 'probe' });
  });

  it('looks at the count of each chain when the node dies or the run ends', () => {
    for (const when of ['crash', 'the end'] as const) {
      for (const chain of [1, 2]) {
        const { mesh, node, checker } = setup();
        fail(mesh);
        mesh.node(2).fresh(mesh.node(2).submit('other'), { is: 'ok' });
        mesh.replicate();
        node.chain(chain).rejectedVersion = 1;
        if (when === 'crash') mesh.crash(1, 1);
        else mesh.end();
        expect(checker.found).toMatchObject({ kind: when });
        expect(checker.found?.message).toBe(
          `expected node 1 to have counted 0 entries of chain ${chain} of another version, found 1`,
        );
      }
    }
  });

  it('looks at a copy that is rebuilt only once it has been', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 2);
    node.writerVersion = 2;
    fail(mesh, 3);
    mesh.crash(1, 5);
    for (let i = 0; i < 5; i++) {
      mesh.before('fold', () => {
        mesh.node(1).chain(1).folded.evicted = i;
        mesh.node(1).chain(1).rejectedVersion = 9;
      });
    }
    mesh.boot();
    expect(checker.found).toBeNull();
    mesh.end();
    expect(checker.found?.message).toContain('to have counted 3 entries of chain 1 of another version');
  });

  it('lets what is of the right version push old entries out of a full ring', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 4);
    node.writerVersion = 2;
    fail(mesh, 1);
    node.writerVersion = 1;
    fail(mesh, 2);
    node.writerVersion = 2;
    fail(mesh, 1);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds nothing seen of an earlier incarnation against the one that is shown', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 3);
    node.writerVersion = 2;
    fail(mesh, 1);
    mesh.spoil('crash', () => null);
    mesh.crash(1, 4);
    for (let i = 0; i < 4; i++) mesh.spoil('fold', () => null);
    mesh.boot();
    mesh.node(1).chain(1).rejectedVersion = 7;
    mesh.node(1).chain(1).folded.evicted = 9;
    node.fold(1, node.chain(1).stored[3] ?? Uint8Array.of(), false);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('looks at evictions from the moment the ring is full', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 2);
    node.writerVersion = 2;
    mesh.before('fold', () => {
      node.chain(1).folded.evicted = 1;
    });
    fail(mesh);
    expect(checker.found?.message).toContain('over an entry of another version, found 1 evicted');
  });

  it('says nothing of a chain that there is not', () => {
    const { mesh, checker } = setup();
    const payload = Uint8Array.of(1);
    const at = { ...mesh.node(1).at, chain: 9, seq: 3n, reader: 1, length: 0, payload, rebuild: false };
    mesh.emit({ kind: 'fold', ...at, outcome: 'unsupported_version' });
    expect(checker.found).toBeNull();
  });

  it('takes an entry for counted before or after it is seen to be folded', () => {
    const { mesh, node, checker } = setup();
    node.writerVersion = 2;
    fail(mesh);
    mesh.before('fold', () => {
      node.chain(1).rejectedVersion++;
    });
    fail(mesh);
    node.chain(1).rejectedVersion--;
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('begins anew with the evictions of a ring that was rebuilt', () => {
    const { mesh, checker } = setup();
    fail(mesh, 5);
    mesh.crash(1, 5);
    mesh.boot();
    mesh.node(1).writerVersion = 2;
    fail(mesh);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('says that it speaks of bytes where a decoder was fed straight', () => {
    const { mesh, node, checker } = setup();
    const bytes = Uint8Array.of(4, 1);
    mesh.emit({
      kind: 'probe',
      ...node.at,
      largestBytes: 0,
      codec: 'msgpack',
      reader: 1,
      bytes,
      outcome: 'malformed',
      decoded: null,
    });
    expect(checker.found?.message).toBe(
      "expected bytes with version 4 to be rejected as unsupported by a decoder of version 1, found 'malformed'",
    );
  });
});
