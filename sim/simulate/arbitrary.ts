/**
 * Values of fast-check's arbitraries, drawn from a stream of ours: what an arbitrary gives is then a function of the seed, and
 * fast-check itself need not be found.
 */
import { Stream } from '../kernel/choices/streams.ts';
import type { ArbitraryLike, RandomSource } from './values.ts';

/** Simpler values that are tried of one value. */
const SHRINKS_MAX = 24;

export function isArbitrary(value: unknown): value is ArbitraryLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'generate' in value &&
    typeof value.generate === 'function' &&
    'shrink' in value &&
    typeof value.shrink === 'function'
  );
}

/** A value of the arbitrary; the number decides which, and 0 is the plainest that there is. */
export function arbitraryValue(arbitrary: ArbitraryLike<unknown>, number: number): unknown {
  return arbitrary.generate(number === 0 ? new LeastSource() : new StreamSource(`arbitrary/${number}`), undefined)
    .value;
}

/** Simpler values, the simplest first. */
export function simplerValues(arbitrary: ArbitraryLike<unknown>, value: unknown): readonly unknown[] {
  const simpler: unknown[] = [];
  if (!arbitrary.canShrinkWithoutContext(value)) return simpler;
  for (const { value: next } of arbitrary.shrink(value, undefined)) {
    simpler.push(next);
    if (simpler.length === SHRINKS_MAX) break;
  }
  return simpler;
}

const INT_MIN = -0x80000000;
const INT_MAX = 0x7fffffff;
const HALF_BITS = 32n;

/** As fast-check's own: whole numbers of a range, and doubles of 53 bits. */
class StreamSource implements RandomSource {
  readonly #key: string;
  readonly #stream: Stream;
  #clones = 0;

  constructor(key: string) {
    this.#key = key;
    this.#stream = new Stream(key);
  }

  clone(): RandomSource {
    this.#clones += 1;
    return new StreamSource(`${this.#key}/${this.#clones}`);
  }

  next(bits: number): number {
    return this.#stream.int(0, 0xffffffff) >>> (32 - bits);
  }

  nextBoolean(): boolean {
    return this.#stream.int(0, 1) === 1;
  }

  nextInt(min: number = INT_MIN, max: number = INT_MAX): number {
    if (max - min < 0xffffffff) return this.#stream.int(min, max);
    return Number(this.nextBigInt(BigInt(min), BigInt(max)));
  }

  nextBigInt(min: bigint, max: bigint): bigint {
    const count = max - min + 1n;
    let drawn = 0n;
    for (let rest = count; rest > 0n; rest >>= HALF_BITS) {
      drawn = (drawn << HALF_BITS) | BigInt(this.#stream.int(0, 0xffffffff));
    }
    return min + (drawn % count);
  }

  nextDouble(): number {
    return (this.next(26) * 0x8000000 + this.next(27)) / 0x20000000000000;
  }

  getState(): undefined {
    return undefined;
  }
}

/** The least of everything. */
class LeastSource implements RandomSource {
  clone(): RandomSource {
    return this;
  }

  next(): number {
    return 0;
  }

  nextBoolean(): boolean {
    return false;
  }

  nextInt(min: number = 0): number {
    return min;
  }

  nextBigInt(min: bigint): bigint {
    return min;
  }

  nextDouble(): number {
    return 0;
  }

  getState(): undefined {
    return undefined;
  }
}
