import { describe, expect, it } from 'vitest';
import { crc32Of } from './crc32.ts';

const sum = (text: string, from = 0): number => {
  const bytes = new TextEncoder().encode(text);
  return crc32Of(bytes, from, bytes.length);
};

describe("the judge's CRC-32", () => {
  it('gives the check value that the catalogue of CRCs lists, and known sums', () => {
    expect(sum('123456789')).toBe(0xcbf4_3926);
    expect(sum('')).toBe(0);
    expect(sum('a')).toBe(0xe8b7_be43);
    expect(sum('The quick brown fox jumps over the lazy dog')).toBe(0x414f_a339);
  });

  it('gives the same wherever the bytes stand, for every length up to 40', () => {
    for (let length = 0; length <= 40; length++) {
      const bytes = Uint8Array.from({ length }, (_unused, index) => (index * 37 + 11) & 0xff);
      const shifted = Uint8Array.of(9, 8, 7, ...bytes, 6);
      expect(crc32Of(shifted, 3, 3 + length)).toBe(bitByBit(bytes));
    }
  });
});

function bitByBit(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb8_8320;
  }
  return ~crc >>> 0;
}
