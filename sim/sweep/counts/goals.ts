/**
 * What a sweep can be told to go on for: until hardly any run does anything new, until every floor is decided. It is looked
 * at fixed numbers of runs, at which all seeds so far have been run and none beyond: so it depends on the seeds alone which
 * runs are made, not on how many workers there are or which of them is faster.
 */
import type { Chance } from '../../statistics/chance.ts';
import type { Behaviours } from './behaviours.ts';
import type { CoverageFloor } from './coverage.ts';

/** Runs from one look to the next. */
export const LOOK_EVERY = 500;

export interface Wanted {
  /** The chance that a further run shows a pair of marks and states that none has shown is below this, with its interval. */
  readonly stableBelow?: number | undefined;
  /** Every floor is met or missed. */
  readonly floorsDecided?: boolean | undefined;
}

/** What was wanted and whether it was reached; what was not wanted is absent. */
export interface GoalsTold {
  readonly stable?: { readonly below: number; readonly rate: Chance; readonly reached: boolean };
  readonly floorsDecided?: { readonly reached: boolean };
}

interface Sources {
  readonly behaviours: Behaviours;
  readonly coverage: () => readonly CoverageFloor[];
}

export class Goals {
  readonly #wanted: Wanted;
  readonly #sources: Sources;
  #decided = false;

  constructor(wanted: Wanted, sources: Sources) {
    this.#wanted = wanted;
    this.#sources = sources;
  }

  /** A look, after so many runs: whether all is reached that was wanted. */
  reachedAt(runs: number): boolean {
    const { stableBelow, floorsDecided } = this.#wanted;
    // Each look may be wrong, so the floors are looked at few times: whenever there are twice as many runs.
    if (floorsDecided === true && isPowerOfTwo(runs / LOOK_EVERY)) this.#decided = this.#areDecided();
    if (floorsDecided === true && !this.#decided) return false;
    return stableBelow === undefined || this.#rate().high < stableBelow;
  }

  /** What the sweep ended with. */
  told(): GoalsTold {
    const { stableBelow, floorsDecided } = this.#wanted;
    const rate = this.#rate();
    return {
      ...(stableBelow === undefined ? {} : { stable: { below: stableBelow, rate, reached: rate.high < stableBelow } }),
      ...(floorsDecided === true ? { floorsDecided: { reached: this.#areDecided() } } : {}),
    };
  }

  #areDecided(): boolean {
    return this.#sources.coverage().every(({ state }) => state !== 'undecided');
  }

  #rate(): Chance {
    return this.#sources.behaviours.counts().pairs.rate;
  }
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n));
}
