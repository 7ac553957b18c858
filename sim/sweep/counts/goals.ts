/**
 * What a sweep can be told to go on for: until hardly any run does anything new, or until every floor is decided. It is
 * checked at fixed numbers of runs, when all seeds so far have been run and none beyond. So the seeds alone decide which
 * runs are made, whatever the number of workers or their speed.
 */
import type { Chance } from '../../statistics/chance.ts';
import type { Behaviours } from './behaviours.ts';
import type { CoverageFloor } from './coverage.ts';

/** Runs from one check to the next. */
export const LOOK_EVERY = 500;

export interface Wanted {
  /** The upper end of the chance that a further run shows a new pair of marks and states is below this. */
  readonly stableBelow?: number | undefined;
  /** Every floor is met or missed. */
  readonly floorsDecided?: boolean | undefined;
}

/** What was wanted and whether it was reached. What was not wanted is absent. */
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

  /** Checks, after this many runs, whether everything that was wanted is reached. */
  reachedAt(runs: number): boolean {
    const { stableBelow, floorsDecided } = this.#wanted;
    // Each check may be wrong, so floors are checked rarely: whenever the number of runs has doubled.
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
