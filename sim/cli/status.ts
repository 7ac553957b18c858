/** Exit statuses, and which of several wins. Documented in the README; scripts and CI depend on them. */

import type { ReplayVerdict } from '../scenario/replay.ts';
import type { BisectVerdict } from '../scenario/verdict.ts';
import type { SweepResult } from '../sweep/result.ts';
import { beforeDashes } from './arguments/arguments.ts';

export const EXIT = {
  held: 0,
  violated: 1,
  /** Vacuous, a required mark or a floor unmet, runs cut short, not stable in the end, a run over its time. */
  inconclusive: 2,
  /** Nondeterminism, or an await of something outside the simulation. */
  nondeterminism: 3,
  /** Wrong use or bad input. */
  usage: 64,
  /** A mistake of a world or an invariant, or a defect of the harness itself. */
  defect: 70,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Worst first. An interrupted command is 130 whatever it had found, so it stands apart. */
const WORST_FIRST: readonly ExitStatus[] = [70, 3, 64, 1, 2, 0];

export function worst(statuses: Iterable<ExitStatus>): ExitStatus {
  const seen = new Set(statuses);
  return WORST_FIRST.find((status) => seen.has(status)) ?? EXIT.held;
}

const OF_VERDICT: Readonly<Record<ReplayVerdict, ExitStatus>> = {
  held: EXIT.held,
  'violated as expected': EXIT.held,
  violated: EXIT.violated,
  fixed: EXIT.violated,
  inconclusive: EXIT.inconclusive,
  vacuous: EXIT.inconclusive,
  invalid: EXIT.usage,
  nondeterminism: EXIT.nondeterminism,
  'foreign-await': EXIT.nondeterminism,
  'world-error': EXIT.defect,
  'harness-error': EXIT.defect,
};

export function statusOfVerdict(verdict: ReplayVerdict): ExitStatus {
  return OF_VERDICT[verdict];
}

export function statusOfSweep(sweep: SweepResult): ExitStatus {
  if (sweep.end === 'interrupted') return EXIT.interrupted;
  const statuses: ExitStatus[] = [];
  for (const verdict of sweep.troubles.keys()) statuses.push(statusOfVerdict(verdict));
  if (sweep.failed > 0) statuses.push(EXIT.violated);
  const { stable, floorsDecided } = sweep.goals ?? {};
  const inconclusive =
    sweep.cutShort > 0 ||
    sweep.end === 'lost' ||
    sweep.runs === 0 ||
    sweep.unmetMarks.length > 0 ||
    sweep.floors.some(({ state }) => state === 'missed') ||
    stable?.reached === false ||
    floorsDecided?.reached === false;
  if (inconclusive) statuses.push(EXIT.inconclusive);
  return worst(statuses);
}

/**
 * Of a command that could not do what `args` say. Whatever keeps an older commit from being tested says nothing about it, so
 * for bisecting each of these is a commit that can't be tested.
 */
export function statusOfFailure(status: ExitStatus, args: readonly string[]): number {
  return args[0] === 'replay' && beforeDashes(args).some((arg) => /^--bisect(?:=|$)/.test(arg)) ? BISECT.skip : status;
}

/** What `git bisect run` takes for good, bad, and a commit that can't be tested. */
const BISECT = { good: 0, bad: 1, skip: 125 } as const;

/** Of several files: one that is bad makes the commit bad, and it takes all of them to make it good. */
export function statusOfBisect(verdicts: readonly BisectVerdict[]): number {
  if (verdicts.includes('bad')) return BISECT.bad;
  return verdicts.includes('skip') ? BISECT.skip : BISECT.good;
}
