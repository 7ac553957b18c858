/**
 * Random streams for generating scenarios from seeds.
 *
 * Each stream is seedrandom's `alea` under a key of its own, made from the seed and a name. So what one part of a generator
 * draws does not shift what another part gets. Nothing draws from a stream during a run; see `chooser.ts`.
 */
import seedrandom from 'seedrandom';

/** A value and its weight, a whole number from 0. */
export type Weighted<T> = readonly [value: T, weight: number];

export class Stream {
  readonly #random: seedrandom.PRNG;

  /** The key must not be empty: seedrandom would then take entropy from the host. */
  constructor(key: string) {
    if (typeof key !== 'string' || key === '') throw new RangeError('a stream of generation needs a key');
    this.#random = seedrandom.alea(key);
  }

  /** A whole number of `min` … `max`, both included; a range of at most 2^32 numbers. */
  int(min: number, max: number): number {
    if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max && max - min < 4294967296)) {
      throw new RangeError(`no whole numbers to draw from ${min} to ${max}`);
    }
    return min + Math.floor(this.#random.double() * (max - min + 1));
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.int(0, 99) < percent;
  }

  /** One of the items, all equally likely. */
  pick<T>(items: readonly T[]): T {
    const index = this.int(0, items.length - 1);
    for (const item of items.slice(index, index + 1)) return item;
    throw new RangeError('nothing to pick from');
  }

  /** One of the values, each as likely as its weight says. */
  weighted<T>(table: readonly Weighted<T>[]): T {
    let total = 0;
    for (const [, weight] of table) total += weight;
    let rest = this.int(0, total - 1);
    for (const [value, weight] of table) {
      if (rest < weight) return value;
      rest -= weight;
    }
    throw new RangeError('nothing to pick from');
  }

  /** Keeps each item with the given chance, in order. */
  subset<T>(items: readonly T[], percent: number): T[] {
    return items.filter(() => this.chance(percent));
  }

  /** A u64. */
  u64(): bigint {
    return (BigInt(this.int(0, 4294967295)) << 32n) | BigInt(this.int(0, 4294967295));
  }
}
