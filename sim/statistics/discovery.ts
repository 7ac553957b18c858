/**
 * How often a further sample shows something that none has shown so far, by Good and Turing. The estimate is the share of
 * samples that show what no other sample does, since each of them might as well have come last. A sample may show one thing
 * (a species) or many.
 */
import type { Chance } from './chance.ts';

/** Standard deviations to each side of a 95 % interval. */
const Z = 1.959963985;

export interface Discoveries {
  /** Number of samples. */
  readonly samples: number;
  /** Samples that show something that no other does. */
  readonly once: number;
  /** Samples that show something that exactly one other does. */
  readonly twice: number;
}

/**
 * The chance that a further sample shows something new. The interval is Wilson's, with the variance of Esty ("A normal
 * limit law for a nonparametric estimator of the coverage of a random sample", 1983), who adds what was seen twice to what
 * was seen once: samples are not independent in what others show.
 */
export function chanceOfNew({ samples, once, twice }: Discoveries): Chance {
  if (samples === 0) return { estimate: 1, low: 0, high: 1 };
  const square = Z * Z;
  const half = Z * Math.sqrt(once - (once * once) / samples + twice + square / 4);
  const centre = once + square / 2;
  return {
    estimate: once / samples,
    low: Math.max(0, (centre - half) / (samples + square)),
    high: Math.min(1, (centre + half) / (samples + square)),
  };
}
