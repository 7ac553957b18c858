import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../../../src/chain/records.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { Entry, entriesOf, readBody } from './entries.ts';
import { Room } from './wire/bytes.ts';
import { writeMsgpack } from './wire/msgpack-form.ts';
import { writePostcard } from './wire/postcard.ts';

const record: ActionChainRecord = {
  id: 1n,
  kind: 'k',
  emittedAtMs: 2n,
  disposition: { type: 'failed', reason: 'r', retryAfterMs: null },
};
const postcard = Uint8Array.of(1, ...writePostcard(record));
const msgpack = Uint8Array.of(1, ...writeMsgpack(record));

const entryOf = (codec: 'msgpack' | 'postcard', bytes: Uint8Array) => new Entry(codec, bytes, new Room());

describe('an encoded record', () => {
  it('is a version byte and a body in the codec of its chain', () => {
    const entry = entryOf('postcard', postcard);
    expect([entry.version, entry.record, entry.pushes?.reason]).toEqual([1, record, 'r']);
    expect(entryOf('msgpack', msgpack).record).toEqual(record);
    expect(entryOf('msgpack', postcard).record).toBeNull();
    expect(entryOf('postcard', Uint8Array.of(7, ...postcard.subarray(1)))).toMatchObject({ version: 7, record });
  });

  it('says nothing where there are no bytes, or no record in them', () => {
    expect(entryOf('postcard', Uint8Array.of())).toMatchObject({ version: -1, record: null, pushes: null });
    expect(entryOf('postcard', Uint8Array.of(1))).toMatchObject({ version: 1, record: null, pushes: null });
    expect(readBody('postcard', Uint8Array.of())).toBeNull();
    expect(readBody('msgpack', Uint8Array.of())).toBeNull();
  });

  it('keeps its bytes when the log uses the same memory again', () => {
    const reused = postcard.slice();
    const entry = entryOf('postcard', reused);
    reused.fill(0);
    expect(entry.bytes).toEqual(postcard);
  });

  it('keeps its bytes when others are put beside them', () => {
    const room = new Room();
    const made = Array.from({ length: 600 }, (_, i) => Uint8Array.of(1, i, i >> 8, ...postcard));
    const long = new Uint8Array(40_000).fill(7);
    const entries = [...made, long, ...made].map((bytes) => new Entry('postcard', bytes, room));
    expect(entries.map(({ bytes }) => bytes)).toEqual([...made, long, ...made]);
  });
});

describe('the entries of a run', () => {
  it('are shared by all who judge it', () => {
    const { view } = new FakeMesh();
    expect(entriesOf(view)).toBe(entriesOf(view));
    expect(entriesOf(view)).not.toBe(entriesOf(new FakeMesh().view));
  });

  it('are read once, in the codec of their chain, and again for other bytes', () => {
    const entries = entriesOf(new FakeMesh().view);
    const first = entries.read(1, 0n, postcard);
    expect(first.record).toEqual(record);
    expect(entries.read(1, 0n, postcard.slice())).toBe(first);
    const second = entries.read(2, 5n, msgpack);
    expect(second.record).toEqual(record);
    expect(entries.read(2, 5n, msgpack.slice())).toBe(second);
    expect(entries.read(1, 5n, postcard)).not.toBe(second);
    const other = entries.read(1, 0n, Uint8Array.of(1));
    expect(other.record).toBeNull();
    expect(entries.read(1, 0n, Uint8Array.of(1))).toBe(other);
  });

  it('are looked up once for an event, and again for the next, though it shows the same place', () => {
    const entries = entriesOf(new FakeMesh().view);
    const appended = (payload: Uint8Array) =>
      ({
        kind: 'log-append',
        node: 2,
        inc: 0,
        seq: 0n,
        payload,
        damaged: false,
        original: payload,
        offset: 0,
        end: 0,
        crc: 0,
      }) as const;
    const folded = (payload: Uint8Array) =>
      ({
        kind: 'fold',
        node: 1,
        inc: 0,
        chain: 2,
        seq: 0n,
        reader: 1,
        outcome: 'folded',
        reason: null,
        length: 1,
        payload,
        rebuild: false,
      }) as const;
    const first = entries.shown(appended(msgpack));
    expect(first.record).toEqual(record);
    const fold = folded(msgpack.slice());
    expect([entries.shown(fold), entries.shown(fold)]).toEqual([first, first]);
    expect(entries.shown(fold)).toBe(first);
    const other = entries.shown(folded(Uint8Array.of(1)));
    expect(other.record).toBeNull();
    expect(entries.shown(appended(Uint8Array.of(1)))).toBe(other);
    expect(entries.read(2, 0n, Uint8Array.of(1))).toBe(other);
  });

  it('are read whatever their seq and chain, and kept where they follow each other', () => {
    const entries = entriesOf(new FakeMesh().view);
    const kept = (seq: bigint) => {
      const entry = entries.read(1, seq, postcard);
      return entries.read(1, seq, postcard) === entry;
    };
    expect(kept(2n ** 64n - 1n)).toBe(false);
    expect(kept(1025n)).toBe(false);
    expect(kept(1024n)).toBe(true);
    expect(kept(0n)).toBe(true);
    expect(kept(1024n + 1025n)).toBe(true);
    expect(entries.read(9, 0n, msgpack).record).toEqual(record);
  });
});
