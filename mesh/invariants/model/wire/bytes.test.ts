import { describe, expect, it } from 'vitest';
import { ByteReader, joined, sameBytes, Unreadable } from './bytes.ts';

const reader = (...bytes: readonly number[]) => new ByteReader(Uint8Array.from(bytes), 0);

function read(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return new ByteReader(bytes, 0).text(bytes.length);
}

describe('byte strings', () => {
  it('are the same with the same bytes at the same places', () => {
    expect(sameBytes(Uint8Array.of(), Uint8Array.of())).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    for (const other of [[], [1], [1, 2, 3], [2, 2], [1, 3], [2, 1]]) {
      expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.from(other))).toBe(false);
      expect(sameBytes(Uint8Array.from(other), Uint8Array.of(1, 2))).toBe(false);
    }
  });
});

describe('long byte strings', () => {
  it('are the same with the same bytes, and told apart at their ends', () => {
    for (const length of [40, 41, 256, 257, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i);
      expect(sameBytes(bytes, bytes.slice())).toBe(true);
      expect(sameBytes(bytes, bytes.with(0, 9))).toBe(false);
      expect(sameBytes(bytes, bytes.with(length - 1, 9 + (length % 7)))).toBe(false);
      expect(sameBytes(bytes, bytes.slice(1))).toBe(false);
    }
  });
});

describe('a reader of bytes', () => {
  it('goes on from where it stands, and knows what is left', () => {
    const from = new ByteReader(Uint8Array.of(9, 1, 2, 0x61, 3), 1);
    expect([from.left, from.byte(), from.left, from.byte(), from.text(1), from.left, from.byte()]).toEqual([
      4,
      1,
      3,
      2,
      'a',
      1,
      3,
    ]);
    expect(from.left).toBe(0);
    expect(() => from.byte()).toThrow(Unreadable);
  });

  it('reads unsigned numbers with the biggest byte first', () => {
    expect(reader(0xfe).unsigned(1)).toBe(0xfen);
    expect(reader(0x01, 0x02).unsigned(2)).toBe(0x0102n);
    expect(reader(0xff, 0x02, 0x03, 0x04).unsigned(4)).toBe(0xff02_0304n);
    expect(reader(1, 2, 3, 4, 0xf5, 6, 7, 8).unsigned(8)).toBe(0x0102_0304_f506_0708n);
    expect(reader(0, 0, 0, 1, 0, 0, 0, 0).unsigned(8)).toBe(2n ** 32n);
    expect(reader(0, 0, 0, 0, 255, 255, 255, 255).unsigned(8)).toBe(2n ** 32n - 1n);
    expect(reader(255, 255, 255, 255, 255, 255, 255, 255).unsigned(8)).toBe(2n ** 64n - 1n);
    expect(() => reader(1, 2, 3).unsigned(4)).toThrow(Unreadable);
  });

  it('reads signed numbers from 0 up, and no others', () => {
    expect(reader(0).notNegative(1)).toBe(0n);
    expect(reader(0x7f, 0xff).notNegative(2)).toBe(0x7fffn);
    expect(() => reader(0x80, 0).notNegative(2)).toThrow(Unreadable);
    expect(() => reader().notNegative(1)).toThrow(Unreadable);
  });

  it('reads texts up to the end and not beyond', () => {
    expect(reader(0x61, 0x62).text(2)).toBe('ab');
    expect(reader(0x61).text(0)).toBe('');
    expect(() => reader(0x61, 0x62).text(3)).toThrow(Unreadable);
  });

  it('keeps byte order marks and NUL, and refuses what is no UTF-8', () => {
    for (const text of ['\ufeffa', '\0', 'é🦀']) expect(read(text)).toBe(text);
    expect(() => reader(0xff).text(1)).toThrow(Unreadable);
    expect(() => reader(0xed, 0xa0, 0x80).text(3)).toThrow(Unreadable);
    expect(() => reader(0xff).text(1)).toThrow(Unreadable);
  });

  it('takes no text for another that it has read before, with the same hash or the same beginning', () => {
    // 'aA' and 'BB' have one hash by which read texts are found again.
    for (const text of ['aA', 'BB', 'aA', 'aABB', 'BBaA', 'aAaA', 'BBBB', 'a', 'aa', 'a', ''])
      expect(read(text)).toBe(text);
  });

  it('reads more different texts than it remembers', () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 1500; i++) expect(read(`text ${i}`)).toBe(`text ${i}`);
    }
  });
});

describe('texts that are read again and again', () => {
  it('are told apart by every byte', () => {
    for (const length of [1, 7, 8, 9, 16, 33, 64, 130]) {
      const plain = new Uint8Array(length).fill(0x61);
      const read = (bytes: Uint8Array) => new ByteReader(bytes, 0).text(length);
      for (let i = 0; i < length; i++) {
        const other = plain.slice();
        other[i] = 0x62;
        expect(read(plain)).toBe('a'.repeat(length));
        expect(read(other)).toBe(`${'a'.repeat(i)}b${'a'.repeat(length - i - 1)}`);
      }
    }
  });
});

describe('a number of two halves', () => {
  it('is put together without loss', () => {
    for (const value of [
      0n,
      1n,
      2n ** 30n - 1n,
      2n ** 30n,
      2n ** 31n,
      2n ** 32n - 1n,
      2n ** 32n,
      2n ** 53n + 1n,
      2n ** 64n - 1n,
    ]) {
      expect(joined(Number(value >> 32n), Number(value & 0xffff_ffffn))).toBe(value);
    }
  });
});
