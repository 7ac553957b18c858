import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addDigests, digestTerm, digestText } from './digest-sum.ts';

const RUN = 'ab'.repeat(32);

describe('the digest of a sweep', () => {
  it('adds the sha256 of the seed, 8 bytes big-endian, before the 32 bytes of the run digest', () => {
    const bytes = Buffer.concat([Buffer.from('0102030405060708', 'hex'), Buffer.from(RUN, 'hex')]);
    expect(digestText(digestTerm(0x0102030405060708n, RUN))).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('wraps at 2^256 and is always 64 digits', () => {
    const greatest = (1n << 256n) - 1n;
    expect(digestText(addDigests(greatest, 1n))).toBe('0'.repeat(64));
    expect(digestText(addDigests(greatest, greatest))).toBe(`${'f'.repeat(63)}e`);
  });

  it('refuses what is no sha256', () => {
    expect(() => digestTerm(1n, 'abc')).toThrow(RangeError);
    expect(() => digestTerm(1n, '')).toThrow(RangeError);
  });
});
