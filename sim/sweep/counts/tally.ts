/**
 * What many runs come to. A tally is plain data that crosses threads. Adding runs and merging tallies need no order, and
 * the size of a tally does not grow with the number of runs that held.
 */
import type { FaultCount, RunResult, RunVerdict } from '../../scenario/run/result.ts';
import { addDigests, digestTerm } from './digest-sum.ts';

/** A (seed, invariant) that did not hold. */
export interface Failure {
  readonly seed: bigint;
  readonly invariant: string;
  readonly atMs: number;
  readonly message: string;
}

/** A run that came to no verdict about the invariants. */
export interface Problem {
  readonly seed: bigint;
  readonly verdict: RunVerdict;
  readonly problem: string;
  readonly detail?: string;
}

export interface Tally {
  runs: number;
  /** Runs that say something about the invariants: they came to their own end, or to a violation. */
  decided: number;
  /** Seeds with a violation. */
  failed: number;
  /** Seeds with a violation, or without a verdict about the invariants. */
  notHeld: number;
  digest: bigint;
  events: number;
  operations: number;
  virtualMs: number;
  readonly marks: Map<string, number>;
  /** By mark: runs that came to their own end and reached it, however often. */
  readonly markRuns: Map<string, number>;
  readonly faults: Map<string, FaultCount>;
  /** Of the lowest failing seeds; see `trim`. */
  failures: Failure[];
  problems: Problem[];
  /** Whether failures or problems were left out. */
  truncated: boolean;
  /** Seeds without a verdict about the invariants, by what they came to instead. */
  readonly troubles: Map<RunVerdict, number>;
}

/** How many failures and problems are kept with their messages. All are counted. */
export const KEPT_MAX = 10_000;

export function emptyTally(): Tally {
  return {
    runs: 0,
    decided: 0,
    failed: 0,
    notHeld: 0,
    digest: 0n,
    events: 0,
    operations: 0,
    virtualMs: 0,
    marks: new Map(),
    markRuns: new Map(),
    faults: new Map(),
    failures: [],
    problems: [],
    truncated: false,
    troubles: new Map(),
  };
}

/** Adds one run. Its digest is added only if it came to its own end, because only then is it the same everywhere. */
export function addRun(tally: Tally, run: RunResult): void {
  tally.runs += 1;
  tally.events += run.events;
  tally.operations += run.operations;
  tally.virtualMs += run.virtualMs;
  for (const [mark, hits] of Object.entries(run.marks)) bump(tally.marks, mark, hits);
  for (const [kind, count] of Object.entries(run.faults)) addFaults(tally.faults, kind, count);
  if (run.violations.length > 0) tally.failed += 1;
  if (run.violations.length > 0 || cameToItsEnd(run)) tally.decided += 1;
  if (run.violations.length > 0 || run.verdict !== 'held') tally.notHeld += 1;
  for (const { invariant, atMs, message } of run.violations) {
    tally.failures.push({ seed: run.seed, invariant, atMs, message });
  }
  if (cameToItsEnd(run)) {
    for (const mark of Object.keys(run.marks)) bump(tally.markRuns, mark, 1);
    // A run that was stopped in a loop has no digest.
    if (run.digest !== '') tally.digest = addDigests(tally.digest, digestTerm(run.seed, run.digest));
  } else {
    const { seed, verdict, problem = verdict, detail } = run;
    addProblem(tally, { seed, verdict, problem, ...(detail === undefined ? {} : { detail }) });
  }
}

/** Adds what was found of a run besides, or in place of, what it came to. */
export function addProblem(tally: Tally, problem: Problem): void {
  bump(tally.troubles, problem.verdict, 1);
  tally.problems.push(problem);
}

/** Takes back that a run held or was violated: it is no function of its seed. It must have come to its end. */
export function withdraw(tally: Tally, seed: bigint, verdict: 'held' | 'violated', digest: string): void {
  tally.decided -= 1;
  tally.digest = addDigests(tally.digest, -digestTerm(seed, digest));
  if (verdict === 'held') {
    tally.notHeld += 1;
    return;
  }
  tally.failed -= 1;
  tally.failures = tally.failures.filter((failure) => failure.seed !== seed);
}

/** Whether the run ended by itself. Then all that it did is known, and is the same everywhere. */
export function cameToItsEnd({ verdict }: Pick<RunResult, 'verdict'>): boolean {
  return verdict === 'held' || verdict === 'violated';
}

/** Adds the runs of `from`; `into` must have none of them. */
export function mergeTally(into: Tally, from: Tally): void {
  into.runs += from.runs;
  into.decided += from.decided;
  into.failed += from.failed;
  into.notHeld += from.notHeld;
  into.digest = addDigests(into.digest, from.digest);
  into.events += from.events;
  into.operations += from.operations;
  into.virtualMs += from.virtualMs;
  for (const [mark, hits] of from.marks) bump(into.marks, mark, hits);
  for (const [mark, runs] of from.markRuns) bump(into.markRuns, mark, runs);
  for (const [kind, count] of from.faults) addFaults(into.faults, kind, count);
  for (const [verdict, seeds] of from.troubles) bump(into.troubles, verdict, seeds);
  into.failures.push(...from.failures);
  into.problems.push(...from.problems);
  if (into.failures.length > 2 * KEPT_MAX || into.problems.length > 2 * KEPT_MAX) trim(into);
}

/** Sorts failures and problems by seed and keeps the first, whichever worker found them when. */
export function trim(tally: Tally): void {
  tally.truncated ||= tally.failures.length > KEPT_MAX || tally.problems.length > KEPT_MAX;
  tally.failures = tally.failures.sort(bySeed).slice(0, KEPT_MAX);
  tally.problems = tally.problems.sort(bySeed).slice(0, KEPT_MAX);
}

/** Stable, so that one seed's failures stay in order of time. */
function bySeed(a: { readonly seed: bigint }, b: { readonly seed: bigint }): number {
  return a.seed < b.seed ? -1 : a.seed > b.seed ? 1 : 0;
}

function bump<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function addFaults(faults: Map<string, FaultCount>, kind: string, { planned, injected }: FaultCount): void {
  const had = faults.get(kind);
  faults.set(kind, { planned: planned + (had?.planned ?? 0), injected: injected + (had?.injected ?? 0) });
}
