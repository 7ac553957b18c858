/**
 * The digest of a sweep: the sum, modulo 2^256, of sha256(seed ‖ run digest). A sum needs no order, so jobs, shards,
 * resumed sweeps and merges of the same seeds come to the same digest.
 */
import { createHash } from 'node:crypto';

const MASK = (1n << 256n) - 1n;

/** What one run adds: the seed as 8 bytes big-endian, then the digest as its 32 bytes. */
export function digestTerm(seed: bigint, digestHex: string): bigint {
  const bytes = Buffer.alloc(40);
  bytes.writeBigUInt64BE(seed);
  if (bytes.write(digestHex, 8, 'hex') !== 32) throw new RangeError(`not a sha256 in hex: ${digestHex}`);
  return BigInt(`0x${createHash('sha256').update(bytes).digest('hex')}`);
}

export function addDigests(a: bigint, b: bigint): bigint {
  return (a + b) & MASK;
}

export function digestText(sum: bigint): string {
  return sum.toString(16).padStart(64, '0');
}
