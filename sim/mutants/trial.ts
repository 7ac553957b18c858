/**
 * What a worker beside a planted bug is asked, and what it answers. A trial runs seed after seed until an invariant is
 * violated or the bound is reached. A probe makes a few runs and says of each whether the planted text ran and what the
 * run's digest was. So a bug that nobody reaches can be told from one that nobody sees.
 */
import type { ScenarioSize } from '../shrink/size.ts';
import type { Source } from '../sweep/source.ts';

export type Task =
  | {
      readonly kind: 'trials';
      readonly source: Source;
      /** First seed of each trial. */
      readonly starts: readonly bigint[];
      /** Most runs of a trial. */
      readonly runsMax: number;
    }
  | {
      readonly kind: 'probe';
      readonly source: Source;
      readonly from: bigint;
      readonly runs: number;
      /** Where the bug stands, in a file of the build. Absent in a build without a bug. */
      readonly planted?: { readonly url: string; readonly offset: number };
    }
  | {
      /** Asks to make a failing run small. */
      readonly kind: 'shrink';
      readonly source: Source;
      readonly seed: bigint;
      /** The invariant that must stay violated. */
      readonly invariant: string;
      /** Milliseconds of host time after which no smaller run is looked for. */
      readonly wallMs: number;
    };

/** The earliest violation of a trial. */
export interface Sighting {
  readonly seed: bigint;
  /** All invariants that saw it at the earliest event. */
  readonly first: readonly string[];
  readonly atMs: number;
  readonly message: string;
}

export interface Trial {
  readonly from: bigint;
  /** Number of runs, including the one that saw it. */
  readonly runs: number;
  /** Virtual time up to the violation. */
  readonly events: number;
  /** Null if the bound was reached. */
  readonly seen: Sighting | null;
  /** Runs without a verdict about the invariants, and what the first of them came to. */
  readonly troubles: number;
  readonly trouble: string | null;
}

export interface ProbedRun {
  readonly reached: boolean;
  readonly digest: string;
}

export interface ShrunkRun {
  readonly seed: bigint;
  readonly invariant: string;
  readonly from: ScenarioSize;
  readonly to: ScenarioSize;
  /** Whether nothing more can be taken out. False if time ran out first. */
  readonly minimal: boolean;
}

export type Answer =
  /** Another run begins: a sign that the worker makes progress. */
  | { readonly kind: 'run'; readonly seed: bigint }
  | { readonly kind: 'trial'; readonly trial: Trial }
  | { readonly kind: 'probed'; readonly runs: readonly ProbedRun[] }
  | { readonly kind: 'shrunk'; readonly run: ShrunkRun };
