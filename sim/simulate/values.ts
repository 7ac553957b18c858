/**
 * How a test says what a value may be: a range, a list of choices, a constant, or an arbitrary of fast-check's. The same
 * words serve the values of operations and `sim.draw`.
 *
 *     { forMs: [0, 20], colour: ['red', 'green', 'blue'], size: { oneOf: [1, 1000] }, text: fc.string(), retries: 3 }
 */

/** The part of fast-check's random generator that arbitraries call. */
export interface RandomSource {
  clone(): RandomSource;
  next(bits: number): number;
  nextBoolean(): boolean;
  nextInt(): number;
  nextInt(min: number, max: number): number;
  nextBigInt(min: bigint, max: bigint): bigint;
  nextDouble(): number;
  getState(): readonly number[] | undefined;
}

/** An arbitrary of fast-check's, by what is needed of it: any version does, and none has to be installed. */
export interface ArbitraryLike<T> {
  generate(random: RandomSource, biasFactor: number | undefined): { readonly value: T };
  canShrinkWithoutContext(value: unknown): value is T;
  shrink(value: T, context: unknown): Iterable<{ readonly value: T }>;
}

/** One of these, each as often. For lists of two numbers, which would be a range without it. */
export interface OneOf<T> {
  readonly oneOf: readonly T[];
}

/** What stands in a scenario file as it is. */
export type Plain = string | number | boolean | null;

/**
 * - `[0, 20]`: a whole number of that range, both ends included;
 * - `['a', 'b']` or `{ oneOf: [1, 1000] }`: one of them;
 * - an arbitrary of fast-check's, whose values are plain data;
 * - anything else: that itself.
 */
export type ValueSpec = Plain | readonly [number, number] | readonly Plain[] | OneOf<Plain> | ArbitraryLike<unknown>;

/** The type of the values that a specification gives. */
export type ValueOf<S> =
  S extends ArbitraryLike<infer T>
    ? T
    : S extends OneOf<infer T>
      ? T
      : S extends readonly [number, number]
        ? number
        : S extends readonly (infer T)[]
          ? T
          : S;
