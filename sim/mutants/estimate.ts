/** What so many detections in so many runs say about the chance that one run detects. */

export interface Chance {
  readonly estimate: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

const OUTSIDE_EACH_END = 0.025;
const SURE_ENOUGH = 0.95;
/** Halvings after which the ends are exact to more digits than anybody prints. */
const HALVINGS = 60;

/**
 * The chance per run, from `detections` in `runs`, with the interval of Clopper and Pearson. Trials that stop at their
 * detection make the upper end a little too high, never too low, whether or not some of them came to their bound.
 */
export function chanceOf(detections: number, runs: number): Chance {
  return {
    estimate: runs === 0 ? 0 : detections / runs,
    low: detections === 0 ? 0 : solve((p) => 1 - atMost(detections - 1, runs, p) < OUTSIDE_EACH_END),
    high: detections === runs ? 1 : solve((p) => atMost(detections, runs, p) > OUTSIDE_EACH_END),
  };
}

/** So many runs detect with 95 % certainty where each does with this chance; null where none ever does. */
export function runsToBeSure(chance: number): number | null {
  if (chance <= 0) return null;
  return chance >= SURE_ENOUGH ? 1 : Math.ceil(Math.log1p(-SURE_ENOUGH) / Math.log1p(-chance));
}

/** The chance of `k` or fewer successes in `n` tries of chance `p`. */
export function atMost(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  // In logarithms, since the first terms may be smaller than any number.
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i += 1) {
    logTerm += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** Where a condition on a chance, true below and false above, changes. */
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

/** The middle of some numbers, or the mean of the two around it. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}
