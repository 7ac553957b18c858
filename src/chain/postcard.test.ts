import { describe, expect, it } from 'vitest';
import { postcardCodec } from './postcard.ts';
import { PostcardReader, PostcardWriter } from './postcard-bytes.ts';

const END_OF_BUFFER = 'Hit the end of buffer, expected more data';
const BAD_VARINT = "Found a varint that didn't terminate. Is the usize too big for this platform?";

/** What decoding the body gives: the record, or the reason. */
function decode(...body: readonly number[]): unknown {
  const decoded = postcardCodec.decode(Uint8Array.from(body), 0);
  return decoded.ok ? decoded.value : decoded.error;
}

describe('the postcard body', () => {
  it('begins where it is told to, and the bytes after it do not matter', () => {
    const bytes = Uint8Array.from([9, 9, 7, 1, 0x6b, 5, 0, 0xff]);
    expect(postcardCodec.decode(bytes, 2)).toEqual({
      ok: true,
      value: { id: 7n, kind: 'k', emittedAtMs: 5n, disposition: { type: 'dispatched' } },
    });
  });

  it('reads integers written longer than they need be, and none longer than a u64', () => {
    const k = [1, 0x6b, 5, 0];
    expect(decode(0x80, 0x80, 0x00, ...k)).toMatchObject({ id: 0n });
    expect(decode(...Array(9).fill(0xff), 0x01, ...k)).toMatchObject({ id: 0xffff_ffff_ffff_ffffn });
    expect(decode(...Array(9).fill(0xff), 0x02, ...k)).toBe(BAD_VARINT);
    expect(decode(...Array(10).fill(0x80), 0x00, ...k)).toBe(BAD_VARINT);
  });

  it('never believes a length that the bytes do not bear out', () => {
    for (const length of [[2], [0xff, 0xff, 0xff, 0xff, 0x0f], [...Array(9).fill(0xff), 0x01]]) {
      expect(decode(1, ...length, 0x6b)).toBe(END_OF_BUFFER);
    }
  });

  it('tells the first thing that is amiss, as the crate does', () => {
    expect(decode()).toBe(END_OF_BUFFER);
    expect(decode(1, 1, 0xff, 5, 9)).toBe('Tried to parse invalid utf-8');
    expect(decode(1, 1, 0x6b, 5, 3, 1, 0xff)).toBe('Serde Deserialization Error');
    expect(decode(1, 1, 0x6b, 5, 1, 1, 0x72, 2)).toBe("Found an Option discriminant that wasn't 0 or 1");
    expect(decode(1, 1, 0x6b, 5, 1, 1, 0x72)).toBe(END_OF_BUFFER);
    expect(decode(1, 1, 0x6b, 5, 0xff, 0xff, 0xff, 0xff, 0x10)).toBe(BAD_VARINT);
  });
});

describe('a writer of postcard', () => {
  it.each(['x', '\u0080', '\u07ff', '\u8a9e', '\u{1f600}'])(
    'makes room for texts of %j, wherever its buffer ends',
    (unit) => {
      for (let count = 335; count <= 350; count += 1) {
        const text = unit.repeat(count);
        const writer = new PostcardWriter();
        writer.u64(1n);
        writer.text(text);
        writer.text('end');
        const reader = new PostcardReader();
        reader.restart(writer.written(), 0);
        expect([reader.u64(), reader.text(), reader.text(), reader.error]).toEqual([1n, text, 'end', null]);
      }
    },
  );
});

describe('a reader of postcard', () => {
  const groups = (...values: readonly number[]) =>
    values.map((value, at) => (at === values.length - 1 ? value : value | 0x80));

  it.each([
    ['2^28', groups(0, 0, 0, 0, 1)],
    ['2^28 + 1', groups(1, 0, 0, 0, 1)],
    ['2^31', groups(0, 0, 0, 0, 8)],
  ])('knows no variant %s', (_name, bytes) => {
    const reader = new PostcardReader();
    reader.restart(Uint8Array.from([...bytes, 0, 0, 0]), 0);
    reader.variant(3);
    expect(reader.error).not.toBeNull();
  });

  it.each([
    ['2^28 + 1', groups(1, 0, 0, 0, 1)],
    ['2^56 + 1', groups(1, 0, 0, 0, 0, 0, 0, 0, 1)],
    ['2^63 + 1', groups(1, 0, 0, 0, 0, 0, 0, 0, 0, 1)],
  ])('finds no text of %s bytes', (_name, bytes) => {
    const reader = new PostcardReader();
    reader.restart(Uint8Array.from([...bytes, 0x61, 0x62, 0x63]), 0);
    expect(reader.text()).toBe('');
    expect(reader.error).not.toBeNull();
  });
});
