import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../../../src/chain/records.ts';
import { fakeEncode } from '../testing/fake-codec.testing.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { wireDamage } from './wire-damage.ts';

function setup() {
  const mesh = new FakeMesh({ recentFailures: 2 });
  return { mesh, node: mesh.node(1), checker: mesh.checker(wireDamage) };
}

function fail(mesh: FakeMesh, times = 1): void {
  const node = mesh.node(1);
  for (let i = 0; i < times; i++)
    node.fresh(node.submit(`k${mesh.events.length}`), { is: 'failed', reason: 'no route' });
}

/** The same with one byte more: a short text's length in a byte of its own. `bytes` begin with a version and a map's header. */
function overlong(bytes: Uint8Array): Uint8Array {
  const [version = 0, header = 0, text = 0] = bytes;
  return Uint8Array.from([version, header, 0xd9, text & 0x1f, ...bytes.subarray(3)]);
}

const record: ActionChainRecord = { id: 1n, kind: 'k', emittedAtMs: 2n, disposition: { type: 'dispatched' } };

describe('wire-damage', () => {
  it('holds when damage is rejected and counted, or happens to be a record', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 3);
    const still = fakeEncode('postcard', 1, {
      ...record,
      disposition: { type: 'gated', reason: 'x', cooldownMs: null },
    });
    for (const damage of [Uint8Array.of(1, 0xff, 0xff), new Uint8Array(0), still, Uint8Array.of(3)]) {
      node.seams.damage = damage;
      fail(mesh);
    }
    node.seams.damage = null;
    fail(mesh);
    mesh.replicate();
    mesh.crash(1, 8);
    mesh.boot();
    mesh.end();
    expect(checker.found).toBeNull();
    expect(mesh.node(1).chain(1).rejectedDamaged).toBe(2);
  });

  it('fires when a copy folds other bytes than were written', () => {
    const { mesh, checker } = setup();
    fail(mesh);
    mesh.spoil('fold', (event) => ({ ...event, payload: Uint8Array.from([...event.payload, 0]) }));
    mesh.replicate();
    expect(checker.found).toMatchObject({ kind: 'fold' });
    expect(checker.found?.message).toBe(
      'expected node 2 to fold entry 0 of chain 1 as it was written, found other bytes',
    );
  });

  it('fires when a copy folds an entry that was never written', () => {
    const { mesh, checker } = setup();
    fail(mesh);
    mesh.spoil('fold', (event) => ({ ...event, seq: 4n }));
    mesh.replicate();
    expect(checker.found?.message).toContain('to fold entry 4 of chain 1 as it was written');
  });

  it('checks a seq that a crash cut off and a restart gave again by the new bytes', () => {
    const { mesh, checker } = setup();
    fail(mesh, 2);
    mesh.crash(1, 1);
    mesh.boot();
    mesh.after(7);
    fail(mesh, 1);
    mesh.replicate();
    expect(checker.found).toBeNull();
  });

  it('fires when bytes that hold no record are folded', () => {
    const { mesh, node, checker } = setup();
    node.seams.damage = Uint8Array.of(1, 0xff, 0xff);
    mesh.spoil('fold', (event) => ({ ...event, outcome: 'folded' }));
    fail(mesh);
    expect(checker.found?.message).toContain('which holds no record, to be rejected by node 1, found it folded');
  });

  it('fires when an error is said to be for want of bytes and it is not, and the other way round', () => {
    for (const damage of [Uint8Array.of(1, 0xff), new Uint8Array(0)]) {
      const { mesh, node, checker } = setup();
      node.seams.damage = damage;
      mesh.spoil('fold', (event) => ({ ...event, outcome: damage.length === 0 ? 'malformed' : 'empty' }));
      fail(mesh);
      expect(checker.found?.message).toContain("expected 'empty' of a decoder for entries without bytes and no others");
    }
  });

  it('fires when an error changed the ring: its length, its newest entry or its evictions', () => {
    const length = setup();
    length.node.seams.damage = Uint8Array.of(1, 0xff);
    length.mesh.spoil('fold', (event) => ({ ...event, length: 1 }));
    fail(length.mesh);
    expect(length.checker.found?.message).toContain('to stay at 0 entries over a rejected one, found 1');
    for (const what of ['newest', 'evicted'] as const) {
      const { mesh, node, checker } = setup();
      fail(mesh, 3);
      node.seams.damage = Uint8Array.of(1, 0xff);
      mesh.before('fold', () => {
        const ring = node.chain(1).folded;
        if (what === 'evicted') ring.evicted++;
        else ring.items[1] = { seq: 0n, source: 'half a record', reason: '', recordedAtMs: 0n };
      });
      fail(mesh);
      expect(checker.found).toMatchObject({ kind: 'fold' });
      expect(checker.found?.message).toContain('after a rejected entry as before it');
    }
  });

  it.each([1, -1])('fires when the count is off by %i, at the next entry or at the end', (by) => {
    for (const further of [true, false]) {
      const { mesh, node, checker } = setup();
      node.seams.damage = Uint8Array.of(1, 0xff);
      fail(mesh);
      node.seams.damage = null;
      node.chain(1).rejectedDamaged += by;
      if (further) fail(mesh);
      else mesh.end();
      expect(checker.found?.message).toBe(
        `expected node 1 to have counted 1 damaged entries of chain 1, found ${1 + by}`,
      );
    }
  });

  describe('of what is fed straight to a decoder', () => {
    const bytes = fakeEncode('postcard', 1, record);
    const wrong = [
      ['threw', { outcome: 'threw', decoded: null }, 'found that it threw'],
      ['gave a record with a number for a bigint', { decoded: { ...record, id: 1 } }, 'its id is no u64'],
      ['gave a record with a negative time', { decoded: { ...record, emittedAtMs: -1n } }, 'its emittedAtMs is no u64'],
      [
        'gave a record with a time past u64',
        { decoded: { ...record, emittedAtMs: 2n ** 64n } },
        'its emittedAtMs is no u64',
      ],
      [
        'gave a record with half a character',
        { decoded: { ...record, kind: '\ud83e' } },
        'its kind is no well-formed string',
      ],
      ['gave a record with a field too many', { decoded: { ...record, more: 1 } }, 'it has 5 fields instead of 4'],
      [
        'gave a disposition of no known type',
        { decoded: { ...record, disposition: { type: 'lost' } } },
        'of no known type',
      ],
      [
        'gave a failure without milliseconds',
        { decoded: { ...record, disposition: { type: 'failed', reason: '', retryAfterMs: undefined } } },
        'its milliseconds are neither null nor a u64',
      ],
      ['gave no record', { decoded: null }, 'it is no object'],
      ['rejected what holds a record', { outcome: 'malformed', decoded: null }, 'for 0101016b0200, found an error'],
      [
        'read msgpack in another form than is written',
        { codec: 'msgpack', bytes: overlong(fakeEncode('msgpack', 1, record)) },
        'expected an error of the msgpack decoder',
      ],
      ['gave another record than the bytes hold', { decoded: { ...record, id: 9n } }, 'found {id: 9'],
      ['called bytes empty', { outcome: 'empty', decoded: null }, "found 'empty' for 6 bytes"],
      ['did not call no bytes empty', { bytes: new Uint8Array(0), outcome: 'malformed', decoded: null }, 'for 0 bytes'],
      [
        'made a record of what holds none',
        { bytes: Uint8Array.of(1, 0xff) },
        'expected an error of the postcard decoder for 01ff',
      ],
    ] as const;

    it.each(wrong)('fires when it %s', (_what, change, message) => {
      const { mesh, node, checker } = setup();
      const probe = {
        kind: 'probe',
        largestBytes: 0,
        ...node.at,
        codec: 'postcard',
        reader: 1,
        bytes,
        outcome: 'record',
        decoded: record,
      } as const;
      mesh.emit(probe);
      expect(checker.found).toBeNull();
      // A decoder under test may give what its type forbids; that is the point here.
      mesh.emit(Object.assign({}, probe, change));
      expect(checker.found).toMatchObject({ event: 2, kind: 'probe' });
      expect(checker.found?.message).toContain(message);
    });
  });

  it('looks at the count of each chain when the node dies or the run ends', () => {
    for (const when of ['crash', 'the end'] as const) {
      for (const chain of [1, 2]) {
        const { mesh, node, checker } = setup();
        fail(mesh);
        mesh.node(2).fresh(mesh.node(2).submit('other'), { is: 'ok' });
        mesh.replicate();
        node.chain(chain).rejectedDamaged = 1;
        if (when === 'crash') mesh.crash(1, 1);
        else mesh.end();
        expect(checker.found).toMatchObject({ kind: when });
        expect(checker.found?.message).toBe(
          `expected node 1 to have counted 0 damaged entries of chain ${chain}, found 1`,
        );
      }
    }
  });

  it('looks at a copy that is rebuilt only once it has been', () => {
    const { mesh, node, checker } = setup();
    fail(mesh);
    for (let i = 0; i < 2; i++) {
      node.seams.damage = Uint8Array.of(1, 0xff);
      fail(mesh);
    }
    mesh.crash(1, 3);
    for (let i = 0; i < 3; i++) {
      mesh.before('fold', () => {
        mesh.node(1).chain(1).folded.evicted = 4;
        mesh.node(1).chain(1).rejectedDamaged = 4;
      });
    }
    mesh.boot();
    expect(checker.found).toBeNull();
    mesh.end();
    expect(checker.found?.message).toContain('to have counted 2 damaged entries of chain 1');
  });

  it('fires when an error put something into a ring that was empty', () => {
    const { mesh, node, checker } = setup();
    node.seams.damage = Uint8Array.of(1, 0xff);
    mesh.before('fold', () => {
      node.chain(1).folded.items.push({ seq: 0n, source: 'half', reason: '', recordedAtMs: 0n });
    });
    fail(mesh);
    expect(checker.found?.message).toContain('to end with undefined after a rejected entry as before it');
  });

  it('holds nothing seen of an earlier incarnation against the one that is shown', () => {
    const { mesh, node, checker } = setup();
    fail(mesh, 3);
    node.seams.damage = Uint8Array.of(1, 0xff);
    fail(mesh, 1);
    mesh.spoil('crash', () => null);
    mesh.crash(1, 4);
    for (let i = 0; i < 4; i++) mesh.spoil('fold', () => null);
    mesh.boot();
    mesh.node(1).chain(1).rejectedDamaged = 7;
    mesh.node(1).chain(1).folded.items.length = 0;
    mesh.spoil('fold', (event) => ({ ...event, seq: 3n }));
    node.fold(1, node.chain(1).stored[3] ?? Uint8Array.of(), false);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('says nothing of a chain that there is not', () => {
    const { mesh, checker } = setup();
    const payload = Uint8Array.of(1);
    const at = { ...mesh.node(1).at, chain: 9, seq: 3n, reader: 1, length: 0, payload, rebuild: false };
    mesh.emit({ kind: 'fold', ...at, outcome: 'malformed' });
    expect(checker.found).toBeNull();
  });

  it('takes an entry for counted before or after it is seen to be folded', () => {
    const { mesh, node, checker } = setup();
    node.seams.damage = Uint8Array.of(1, 0xff);
    fail(mesh);
    mesh.before('fold', () => {
      node.chain(1).rejectedDamaged++;
    });
    fail(mesh);
    node.chain(1).rejectedDamaged--;
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when a copy folds the first entry of a chain that has none', () => {
    const { mesh, node, checker } = setup();
    node.fold(2, Uint8Array.of(1, 2, 3), false);
    expect(checker.found?.message).toBe(
      'expected node 1 to fold entry 0 of chain 2 as it was written, found other bytes',
    );
    expect(mesh.events).toHaveLength(1);
  });

  it('fires when an error took the newest entry out of the ring', () => {
    const { mesh, node, checker } = setup();
    fail(mesh);
    node.seams.damage = Uint8Array.of(1, 0xff);
    mesh.before('fold', () => {
      node.chain(1).folded.items.length = 0;
    });
    mesh.spoil('fold', (event) => ({ ...event, length: 1 }));
    fail(mesh);
    expect(checker.found?.message).toContain('to end with {seq: 0, source: "action-id:1:reduce_heat"');
    expect(checker.found?.message).toContain('as before it, found undefined and 0 evicted');
  });

  it('fires when a damaged entry that still holds a record is rejected', () => {
    const { mesh, node, checker } = setup();
    node.seams.damage = fakeEncode('postcard', 1, record);
    mesh.spoil('fold', (event) => ({ ...event, outcome: 'malformed' }));
    fail(mesh);
    expect(checker.found?.message).toContain('which holds a record, to be folded by node 1, found it malformed');
  });

  it('takes a damaged msgpack entry for none that holds a record where no encoder writes it so', () => {
    for (const outcome of ['folded', 'malformed'] as const) {
      const mesh = new FakeMesh({ codecs: ['msgpack', 'msgpack'] });
      const checker = mesh.checker(wireDamage);
      mesh.node(1).seams.damage = overlong(fakeEncode('msgpack', 1, record));
      mesh.spoil('fold', (event) => ({ ...event, outcome }));
      fail(mesh);
      if (outcome === 'malformed') expect(checker.found).toBeNull();
      else expect(checker.found?.message).toContain('which holds no record, to be rejected by node 1, found it folded');
    }
  });

  it('takes a postcard record for one in whichever form it is, damaged in a log or fed straight to a decoder', () => {
    // A 1 in two bytes, as no encoder writes it.
    const [version = 0, id = 0, ...rest] = fakeEncode('postcard', 1, record);
    const bytes = Uint8Array.from([version, id | 0x80, 0, ...rest]);
    const { mesh, node, checker } = setup();
    node.seams.damage = bytes;
    fail(mesh);
    const probe = { kind: 'probe', ...node.at, largestBytes: 0, codec: 'postcard', reader: 1, bytes } as const;
    mesh.emit({ ...probe, outcome: 'record', decoded: record });
    expect(checker.found).toBeNull();
    mesh.emit({ ...probe, outcome: 'malformed', decoded: null });
    expect(checker.found?.message).toContain('found an error');
  });

  it('takes an entry that was not damaged as it was written, whatever the encoder would make of it now', () => {
    for (const outcome of ['folded', 'malformed'] as const) {
      const mesh = new FakeMesh({ codecs: ['msgpack', 'msgpack'] });
      const checker = mesh.checker(wireDamage);
      fail(mesh);
      mesh.encode = () => Uint8Array.of(1);
      mesh.spoil('fold', (event) => ({ ...event, outcome }));
      mesh.replicate();
      if (outcome === 'folded') expect(checker.found).toBeNull();
      else expect(checker.found?.message).toContain('which holds a record, to be folded by node 2, found it malformed');
    }
  });

  it('lets a msgpack decoder reject what holds no record, and has it reject one in another form', () => {
    const { mesh, node, checker } = setup();
    const probe = { kind: 'probe', ...node.at, largestBytes: 0, codec: 'msgpack', reader: 1 } as const;
    mesh.emit({ ...probe, bytes: Uint8Array.of(1, 0xff), outcome: 'malformed', decoded: null });
    const bytes = overlong(fakeEncode('msgpack', 1, record));
    mesh.emit({ ...probe, bytes, outcome: 'malformed', decoded: null });
    expect(checker.found).toBeNull();
    mesh.emit({ ...probe, bytes, outcome: 'record', decoded: record });
    expect(checker.found?.message).toContain('expected an error of the msgpack decoder');
  });

  it('lets a decoder that is fed straight reject what holds no record, and says what it should have read', () => {
    const { mesh, node, checker } = setup();
    const bytes = fakeEncode('postcard', 1, record);
    const probe = { kind: 'probe', ...node.at, largestBytes: 0, codec: 'postcard', reader: 1, bytes } as const;
    mesh.emit({ ...probe, bytes: bytes.subarray(0, 4), outcome: 'malformed', decoded: null });
    mesh.emit({ ...probe, outcome: 'unsupported_version', decoded: null });
    const written = fakeEncode('msgpack', 1, record);
    mesh.emit({ ...probe, codec: 'msgpack', bytes: written, outcome: 'record', decoded: record });
    mesh.emit({ ...probe, codec: 'msgpack', bytes: overlong(written), outcome: 'malformed', decoded: null });
    expect(checker.found).toBeNull();
    mesh.emit({ ...probe, outcome: 'record', decoded: { ...record, id: 9n } });
    expect(checker.found?.message).toContain(
      'expected {id: 1, kind: "k", emittedAtMs: 2, disposition: {type: "dispatched"}} of',
    );
  });
});
