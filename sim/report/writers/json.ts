/**
 * Results as JSON documents, in stable shapes for scripts. Seeds are decimal strings, because a JSON number cannot hold
 * every u64. A field about what went wrong with the run itself is present only if something did.
 */

import type { Violation } from '../../invariant/invariant.ts';
import type { RunOfFile } from '../../scenario/verdict.ts';
import { requiredParts } from '../../shrink/named.ts';
import type { SweepResult } from '../../sweep/result.ts';
import { withOriginalPlaces } from '../model/original-place.ts';
import type { ConformSummary, ShrinkTold } from '../model/told.ts';
import { runsPerSecond } from '../text/numbers.ts';

export function runJson(run: RunOfFile): string {
  return document({
    seed: String(run.seed),
    verdict: run.verdict,
    digest: run.digest,
    events: run.events,
    operations: run.operations,
    virtualMs: run.virtualMs,
    faults: run.faults,
    violations: run.violations.map(violationJson),
    marks: run.marks,
    ...(run.undrawn === undefined ? {} : { undrawn: run.undrawn }),
    ...(run.timers === undefined ? {} : { timers: run.timers }),
    ...(run.problem === undefined ? {} : { problem: withOriginalPlaces(run.problem) }),
    ...(run.detail === undefined ? {} : { stack: withOriginalPlaces(run.detail) }),
  });
}

/** With all frames of its stack, if it has one. */
export function violationJson({ invariant, atMs, message, stack }: Violation): object {
  return { invariant, atMs, message, ...(stack === undefined ? {} : { stack: withOriginalPlaces(stack) }) };
}

export function sweepJson(sweep: SweepResult): string {
  return document({
    end: sweep.end,
    runs: sweep.runs,
    cutShort: sweep.cutShort,
    failed: sweep.failed,
    failures: sweep.failures.map(({ seed, invariant }) => ({
      seed: String(seed),
      invariant,
      scenario: scenarioOf(sweep, seed, invariant),
    })),
    digest: sweep.digest,
    events: sweep.events,
    operations: sweep.operations,
    virtualMs: sweep.virtualMs,
    seconds: rounded(sweep.seconds, 1000),
    runsPerSecond: rounded(runsPerSecond(sweep), 10),
    marks: sweep.marks,
    markRuns: sweep.markRuns,
    unmetMarks: sweep.unmetMarks,
    faults: sweep.faults,
    violation: sweep.violation,
    behaviours: sweep.behaviours,
    floors: sweep.floors,
    mutants: sweep.plantedBugs ?? null,
    ...(sweep.goals === undefined ? {} : { goals: sweep.goals }),
    ...(sweep.problems.length === 0
      ? {}
      : {
          problems: sweep.problems.map(({ seed, verdict, problem }) => ({
            seed: String(seed),
            verdict,
            problem: withOriginalPlaces(problem),
          })),
        }),
    ...(sweep.truncated ? { truncated: true } : {}),
  });
}

/** The file of a failure's small scenario. Only the first failures have one. */
function scenarioOf({ shrunk = [] }: SweepResult, seed: bigint, invariant: string): string | null {
  return shrunk.find((one) => one.seed === seed && one.invariant === invariant)?.path ?? null;
}

export function shrinkJson({ seed, path, seconds, shrunk }: ShrinkTold): string {
  const { invariant, from, to, minimal, runs, scenario, decisive, indifferent } = shrunk;
  return document({
    seed: String(seed),
    invariant,
    scenario: path,
    from,
    to,
    minimal,
    required: requiredParts(scenario),
    decisive,
    indifferent,
    runs,
    seconds: rounded(seconds, 1000),
  });
}

export function conformJson({ files, passed, failed }: ConformSummary): string {
  const failures = files.flatMap(({ file, failures }) => failures.map((failure) => ({ file, ...failure })));
  return document({ passed, failed, failures });
}

function document(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
