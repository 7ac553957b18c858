/**
 * Whether at least a declared share of all runs does something, decided from some of them as QuickCheck's `checkCoverage`
 * does (Claessen and Hughes's library, from 2.12 on). Both answers are given only where they are nearly certain, by Wilson's
 * score interval:
 * - `missed`: the interval ends below the floor. If the true share is the floor or more, this happens in one look out of 10^9.
 * - `met`: the interval begins above nine tenths of the floor. (Nine tenths make an answer possible where the share is the
 *   floor itself.) If the true share is less than that, this happens in one look out of 10^9.
 * - `undecided`: neither. More runs are needed, and enough of them decide it whatever the share is.
 *
 * Looking again after more runs makes the test sequential. Each look adds its own chance to be wrong; so looks are made at
 * doubling numbers of runs, and the chance of each is small.
 */
import { normalQuantile } from './normal.ts';

export interface Certainty {
  /** One look out of this many may be wrong. */
  readonly certainty: number;
  /** A share of at least this much of the floor may pass for the floor. */
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

/** How many more runs would decide the floor if all goes on as it went so far. */
export function runsToDecide(floor: number, hits: number, runs: number, how: Certainty = STANDARD_CERTAINTY): number {
  // Nothing is known of no runs. A share equal to the floor takes nearly the longest.
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

/** The interval of Wilson (1927), with `z` standard deviations to each side. Of no runs it is everything. */
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
