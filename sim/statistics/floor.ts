/**
 * Whether at least a declared share of all runs does something, decided from some of them as QuickCheck's `checkCoverage`
 * does (Claessen and Hughes's library, from 2.12 on). Both answers are given only where they are nearly certain, by
 * the score interval of Wilson:
 * - `missed`: the interval ends below the floor. Where the share really is the floor or more, that happens in one look out
 *   of 10^9.
 * - `met`: the interval begins above nine tenths of the floor, which is what makes an answer possible for a share that is
 *   the floor itself. Where the share really is less than that, it happens in one look out of 10^9.
 * - `undecided`: neither, so that more runs are needed. Whatever the share is, so many decide it.
 *
 * Looking again after more runs is what makes the test sequential: each look adds its own chance to be wrong, which is why
 * looks are made at doubling numbers of runs and the chance of each is so small.
 */
import { normalQuantile } from './normal.ts';

export interface Certainty {
  /** One look in so many may be wrong. */
  readonly certainty: number;
  /** A share of this much of the floor, or more, may pass for the floor. */
  readonly tolerance: number;
}

/** QuickCheck's own. */
const STANDARD_CERTAINTY: Certainty = { certainty: 1e9, tolerance: 0.9 };

export type FloorState = 'met' | 'missed' | 'undecided';

export interface FloorDecision {
  readonly state: FloorState;
  /** Ends of the interval that decided it. */
  readonly low: number;
  readonly high: number;
}

/** Decides on a floor, a share above 0 and up to 1, by `hits` in `runs`. */
export function decideFloor(
  floor: number,
  hits: number,
  runs: number,
  how: Certainty = STANDARD_CERTAINTY,
): FloorDecision {
  const { low, high } = wilson(hits, runs, zOf(how));
  const state = high < floor ? 'missed' : low >= how.tolerance * floor ? 'met' : 'undecided';
  return { state, low, high };
}

/** In how many more runs the floor would be decided if all went on as it went so far. */
export function runsToDecide(floor: number, hits: number, runs: number, how: Certainty = STANDARD_CERTAINTY): number {
  // Of no runs nothing is known; the floor itself takes longest, nearly.
  const share = runs === 0 ? floor : hits / runs;
  const decided = (all: number): boolean => decideFloor(floor, share * all, all, how).state !== 'undecided';
  let enough = Math.max(runs, 1);
  while (!decided(enough)) enough *= 2;
  let tooFew = runs;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (decided(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough - runs;
}

/** The interval of Wilson (1927), with `z` standard deviations to each side; of no runs it is everything. */
export function wilson(hits: number, runs: number, z: number): { readonly low: number; readonly high: number } {
  if (runs === 0) return { low: 0, high: 1 };
  const share = hits / runs;
  const square = z * z;
  const centre = share + square / (2 * runs);
  const half = z * Math.sqrt((share * (1 - share)) / runs + square / (4 * runs * runs));
  const scale = 1 + square / runs;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}

/** QuickCheck gives each end half of the chance to be wrong. */
function zOf({ certainty }: Certainty): number {
  return -normalQuantile(1 / (2 * certainty));
}
