/**
 * Damages bytes: always in a copy, and always so that the copy differs from the original. (A Buffer's own `slice` makes no
 * copy.)
 */

/** Ways to damage bytes. */
export type Damage = 'flip' | 'burst' | 'truncate' | 'trailing';

/** `draw(what, bound)` draws 0 … bound - 1. */
export type DamageDraw = (what: 'at' | 'bits' | 'length', bound: number) => number;

/** Length of the longest burst, in bits. */
const BURST_BITS = 32;

/**
 * A damaged copy of `bytes`. Empty input can only gain trailing bytes. Copies are made by the constructor: frames are
 * Buffers, and `slice` of a Buffer is a view of the same memory, so that the damage would reach everybody's frame.
 */
export function damaged(bytes: Uint8Array, how: Damage, draw: DamageDraw): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(draw('bits', 256));
  switch (how) {
    case 'flip': {
      const copy = new Uint8Array(bytes);
      flipBit(copy, draw('at', bytes.length * 8));
      return copy;
    }
    case 'burst': {
      // The first and the last bit of a burst are flipped; those between are drawn.
      const length = Math.min(2 + draw('length', BURST_BITS - 1), bytes.length * 8);
      const start = draw('at', bytes.length * 8 - length + 1);
      const pattern = draw('bits', 0x1_0000_0000);
      const copy = new Uint8Array(bytes);
      for (let bit = 0; bit < length; bit += 1) {
        if (bit === 0 || bit === length - 1 || ((pattern >>> bit) & 1) === 1) flipBit(copy, start + bit);
      }
      return copy;
    }
    case 'truncate':
      return new Uint8Array(bytes.subarray(0, draw('at', bytes.length)));
    case 'trailing': {
      const extra = 1 + draw('length', 8);
      const longer = new Uint8Array(bytes.length + extra);
      longer.set(bytes);
      const pattern = draw('bits', 0x1_0000_0000);
      for (let index = 0; index < extra; index += 1) longer[bytes.length + index] = (pattern >>> (index * 4)) & 0xff;
      return longer;
    }
  }
}

function flipBit(bytes: Uint8Array, bit: number): void {
  const index = bit >>> 3;
  bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit & 7));
}
