/**
 * CRC-32 as zlib has it. Entries are short, and for those the way into zlib costs more than the sum: they are summed up
 * here, eight bytes at a time by eight tables ("slicing by 8"); zlib, which is faster byte for byte, sums up the rest.
 */
import { crc32 as zlibCrc32 } from 'node:zlib';

/** Up to this length the tables are faster. */
const SHORT_BYTES_MAX = 160;

/** The bits of the polynomial, lowest power first. */
const POLYNOMIAL = 0xedb8_8320;

/** `TABLES[256 * n + byte]` is the remainder of `byte` followed by `n` zero bytes. */
const TABLES = tables();

function tables(): Int32Array {
  const all = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 1) === 0 ? sum >>> 1 : (sum >>> 1) ^ POLYNOMIAL;
    all[byte] = sum;
  }
  for (let at = 256; at < all.length; at++) {
    const sum = all[at - 256] ?? 0;
    all[at] = (all[sum & 0xff] ?? 0) ^ (sum >>> 8);
  }
  return all;
}

/** The CRC-32 of the first `length` bytes. */
export function crc32(bytes: Uint8Array, length: number): number {
  return length > SHORT_BYTES_MAX ? zlibCrc32(bytes.subarray(0, length)) : shortCrc32(bytes, length);
}

function shortCrc32(bytes: Uint8Array, length: number): number {
  let sum = -1;
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    sum ^=
      byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24);
    sum =
      entry(7, sum & 0xff) ^
      entry(6, (sum >>> 8) & 0xff) ^
      entry(5, (sum >>> 16) & 0xff) ^
      entry(4, sum >>> 24) ^
      entry(3, byteAt(bytes, at + 4)) ^
      entry(2, byteAt(bytes, at + 5)) ^
      entry(1, byteAt(bytes, at + 6)) ^
      entry(0, byteAt(bytes, at + 7));
  }
  for (; at < length; at++) sum = entry(0, (sum ^ byteAt(bytes, at)) & 0xff) ^ (sum >>> 8);
  return ~sum >>> 0;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function entry(table: number, byte: number): number {
  return TABLES[256 * table + byte] ?? 0;
}
