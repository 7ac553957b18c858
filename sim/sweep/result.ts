/** What a sweep comes to, and how far it is. Reports, files and exit statuses are made from this. */
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
 * Why a sweep ended. `goals`: it reached what it was to go on for. `lost`: its workers could not be started any more, or
 * their process was killed.
 */
export type SweepEnd = 'complete' | 'goals' | 'time' | 'max-failures' | 'interrupted' | 'lost';

/** The chance that a run like these violates an invariant, with 95 % certainty. */
export interface ViolationChance extends Chance {
  /** Number of runs that say something about it. */
  readonly runs: number;
  /** Number of those that violated one. */
  readonly failed: number;
}

/** How planted bugs fared when they were last measured. */
export interface PlantedBugs {
  readonly mutants: number;
  readonly detected: number;
  /** Names of the bugs that were missed. */
  readonly missed: readonly string[];
  /** Number of trials of each, of at most this many runs. */
  readonly trials: number;
  readonly runsMax: number;
  /** Runs to detection: the median over mutants of their medians, and the worst trial. Null where none was seen. */
  readonly medianRuns: number | null;
  readonly worstRuns: number;
  /** Day and commit, for people. */
  readonly on: string;
  /** Whether this build was measured. */
  readonly sameBuild: boolean;
}

/** A failure for which a small scenario was written. */
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
  /** In order of seed, and of time within a seed. */
  readonly failures: readonly Failure[];
  /** The failures that were shrunk. */
  readonly shrunk?: readonly ShrunkFailure[];
  /** Absent where nothing was measured. */
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
  /** Hits of every mark that the world declares. */
  readonly marks: Readonly<Record<string, number>>;
  /** By every mark that the world declares: runs that came to their end and reached it. */
  readonly markRuns: Readonly<Record<string, number>>;
  readonly unmetMarks: readonly string[];
  /** Every kind that the world declares. */
  readonly faults: Readonly<Record<string, FaultCount>>;
  readonly violation: ViolationChance;
  readonly behaviours: BehaviourCounts;
  /** In the order of the world's floors. Empty where it declares none for this profile. */
  readonly floors: readonly CoverageFloor[];
  /** What the sweep was to go on for, and whether it got there. Absent where it had no such goal. */
  readonly goals?: GoalsTold;
}
