/**
 * Milliseconds of up to 64 bits, which is what cooldowns, windows, gates and retry hints may have: a number wherever a
 * number is exact, a bigint beyond. Each value has one form, so that equal ones are `===`, and numbers and bigints
 * compare by `<` as they are. The clock itself never gets beyond what a number counts.
 */
export type Millis = number | bigint;

export const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** The one form of a whole number. */
export function millis(value: Millis): Millis {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : BigInt(value);
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** Exact; nothing but memory bounds a sum. */
export function plus(a: Millis, b: Millis): Millis {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return millis(BigInt(a) + BigInt(b));
}

/** From `earlier` to `later`, exact up to 2^64 - 1, which stands for all that is longer; 0 where `later` is not later. */
export function lengthBetween(earlier: Millis, later: Millis): Millis {
  if (later <= earlier) return 0;
  if (typeof earlier === 'number' && typeof later === 'number') {
    const length = later - earlier;
    if (Number.isSafeInteger(length)) return length;
  }
  const length = BigInt(later) - BigInt(earlier);
  return length > U64_MAX ? U64_MAX : millis(length);
}
