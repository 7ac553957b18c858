/** What a number of hits in a number of runs says about the chance that one run hits. Exact, for independent runs. */

export interface Chance {
  readonly estimate: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

const OUTSIDE_EACH_END = 0.025;
const SURE_ENOUGH = 0.95;
/** After this many halvings the ends are exact to more digits than are ever printed. */
const HALVINGS = 60;

/**
 * The chance per run, from `hits` in `runs`, with the interval of Clopper and Pearson. If trials stop at their hit, the
 * upper end is a little too high and never too low, whether or not some trials came to their bound.
 */
export function chanceOf(hits: number, runs: number): Chance {
  return {
    estimate: runs === 0 ? 0 : hits / runs,
    low: hits === 0 ? 0 : solve((p) => 1 - atMost(hits - 1, runs, p) < OUTSIDE_EACH_END),
    high: hits === runs ? 1 : solve((p) => atMost(hits, runs, p) > OUTSIDE_EACH_END),
  };
}

/**
 * What no hit in `runs` runs says: with 95 % certainty the chance per run is no greater. The whole 5 % lie above, because
 * nothing lies below 0. For many runs this is the rule of three, 3 / runs.
 */
export function mostWhereNone(runs: number): number {
  return runs === 0 ? 1 : -Math.expm1(Math.log1p(-SURE_ENOUGH) / runs);
}

/** How many runs hit at least once with 95 % certainty, where each hits with this chance. Null where none ever does. */
export function runsToBeSure(chance: number): number | null {
  if (chance <= 0) return null;
  return chance >= SURE_ENOUGH ? 1 : Math.ceil(Math.log1p(-SURE_ENOUGH) / Math.log1p(-chance));
}

/** The chance of `k` or fewer successes in `n` tries of chance `p`. */
export function atMost(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  // In logarithms, because the first terms may be smaller than any number.
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i += 1) {
    logTerm += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** Where a condition on a chance changes: true below, false above. */
function solve(holdsBelow: (p: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (holdsBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
