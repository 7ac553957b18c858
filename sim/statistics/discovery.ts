/**
 * How often a further sample shows something that none has shown so far, by Good and Turing: as often as a sample of those
 * there are shows what no other of them does, since each of them might as well have come last. What a sample shows may be
 * one thing (a species) or many.
 */
import type { Chance } from './chance.ts';

/** Standard deviations to each side of a 95 % interval. */
const Z = 1.959963985;

export interface Discoveries {
  /** How many were looked at. */
  readonly samples: number;
  /** Samples that show something no other does. */
  readonly once: number;
  /** Samples that show something exactly one other does. */
  readonly twice: number;
}

/**
 * The chance that a further sample shows something new. The interval is Wilson's with the variance of Esty ("A normal limit
 * law for a nonparametric estimator of the coverage of a random sample", 1983), who adds what was seen twice to what was
 * seen once: samples are not independent in what others show.
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
