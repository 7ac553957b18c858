/** What a sweep comes to, and how far it is: what reports, files and exit statuses are made from. */
import type { FaultCount, RunVerdict } from '../scenario/run/result.ts';
import type { AnyShrunk } from '../shrink/named.ts';
import type { Chance } from '../statistics/chance.ts';
import type { BehaviourCounts } from './counts/behaviours.ts';
import type { CoverageFloor } from './counts/coverage.ts';
import type { GoalsTold } from './counts/goals.ts';
import type { Failure, Problem } from './counts/tally.ts';
import type { Source } from './source.ts';

export interface SweepProgress {
  readonly runs: number;
  readonly failed: number;
  readonly notHeld: number;
  readonly seconds: number;
}

/**
 * Why a sweep ended; `goals`: it had reached what it was to go on for; `lost`: its workers could not be started any more,
 * or the process that it was left to was killed.
 */
export type SweepEnd = 'complete' | 'goals' | 'time' | 'max-failures' | 'interrupted' | 'lost';

/** What the sweep says of the chance that a run like these violates an invariant, with 95 % certainty. */
export interface ViolationChance extends Chance {
  /** Runs that say something about it. */
  readonly runs: number;
  /** Those that violated one. */
  readonly failed: number;
}

/** How planted bugs fared when that was last measured. */
export interface PlantedBugs {
  readonly mutants: number;
  readonly detected: number;
  /** Names of the others. */
  readonly missed: readonly string[];
  /** Times each was looked for, in at most so many runs. */
  readonly trials: number;
  readonly runsMax: number;
  /** Runs to detection: over mutants, of their medians, and of the worst trial; null where none was seen. */
  readonly medianRuns: number | null;
  readonly worstRuns: number;
  /** Day and commit, for people. */
  readonly on: string;
  /** Whether it was this build that was measured. */
  readonly sameBuild: boolean;
}

/** A failure of which a small scenario was made and written. */
export interface ShrunkFailure {
  readonly seed: bigint;
  readonly invariant: string;
  /** The scenario file. */
  readonly path: string;
  readonly shrunk: AnyShrunk;
}

export interface SweepResult {
  readonly source: Source;
  readonly from: bigint;
  readonly end: SweepEnd;
  readonly runs: number;
  /** Runs that were asked for and not made. */
  readonly cutShort: number;
  /** Seeds with a violation. */
  readonly failed: number;
  /** In order of seed, and of time within one. */
  readonly failures: readonly Failure[];
  /** Those of the failures that were shrunk. */
  readonly shrunk?: readonly ShrunkFailure[];
  /** Absent where nobody has measured. */
  readonly plantedBugs?: PlantedBugs;
  /** Seeds that came to no verdict, by verdict. */
  readonly troubles: ReadonlyMap<RunVerdict, number>;
  /** In order of seed. */
  readonly problems: readonly Problem[];
  /** Whether there were more failures or problems than are listed. */
  readonly truncated: boolean;
  readonly digest: string;
  readonly events: number;
  readonly operations: number;
  readonly virtualMs: number;
  readonly seconds: number;
  /** Hits of every mark the world declares. */
  readonly marks: Readonly<Record<string, number>>;
  /** Of every mark the world declares: runs that came to their end and reached it. */
  readonly markRuns: Readonly<Record<string, number>>;
  readonly unmetMarks: readonly string[];
  /** Every kind the world declares. */
  readonly faults: Readonly<Record<string, FaultCount>>;
  readonly violation: ViolationChance;
  readonly behaviours: BehaviourCounts;
  /** In order of the world's floors; none where it declares none for this profile. */
  readonly floors: readonly CoverageFloor[];
  /** What the sweep was to go on for, and whether it got there; absent where it was to go on for nothing. */
  readonly goals?: GoalsTold;
}
