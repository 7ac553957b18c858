import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

describe('the CRC-32', () => {
  it('of the digits 1 to 9 is the one that every catalogue of CRCs gives', () => {
    expect(crc32(Buffer.from('123456789'), 9)).toBe(0xcbf4_3926);
  });

  it('is that of zlib, for any bytes of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400, size: 'max' }), (bytes) => {
        expect(crc32(bytes, bytes.length)).toBe(zlibCrc32(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('is of all bytes, however many', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 157 + 11) & 0xff);
    for (const length of [1_000, 1_024, 1_025, 4_096, 5_000, 65_536, 65_537, 100_000]) {
      expect(crc32(bytes, length), `${length} bytes`).toBe(zlibCrc32(bytes.subarray(0, length)));
    }
  });

  it('is of the bytes before its length and of no others, wherever its ways part', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, at) => (at * 157 + 11) & 0xff);
    for (let length = 0; length <= bytes.length; length += 1) {
      expect(crc32(bytes, length), `${length} bytes`).toBe(zlibCrc32(bytes.subarray(0, length)));
    }
  });
});
