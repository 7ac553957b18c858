/** The result of a run that never began: a rule was broken before that, or the system could not be built. */
import type { Violation } from '../../invariant/invariant.ts';
import type { FaultBase, KeyedFault, Scenario, World } from '../../world.ts';
import { Code } from '../blame/blame.ts';
import { MemberError } from './member.ts';
import { Outcome } from './outcome.ts';
import { type FaultCount, NO_DIGEST, type RunResult } from './result.ts';

/** As much of a scenario as there is. */
type Asked = Pick<Scenario<unknown, never, never>, 'seed'> & {
  readonly workload?: readonly unknown[];
  readonly faults?: readonly (KeyedFault & FaultBase)[];
};

export function unbuilt(world: Pick<World, 'wiring'>, { seed, workload, faults }: Asked, error: unknown): RunResult {
  const violations: Violation[] = [];
  const outcome = new Outcome(new Code(world), (invariant, message, stack) => {
    violations.push({ invariant, atMs: 0, event: 0, message, ...(stack === undefined ? {} : { stack }) });
  });
  if (error instanceof MemberError) outcome.memberThrew(error.member, '', error.error);
  else outcome.failed(error);
  const { problem } = outcome;
  return {
    seed,
    verdict: outcome.verdict(violations.length > 0),
    digest: NO_DIGEST,
    events: 0,
    operations: Array.isArray(workload) ? workload.length : 0,
    virtualMs: 0,
    faults: Array.isArray(faults) ? countFaults(faults, new Set()) : {},
    violations,
    marks: {},
    ...(problem === undefined ? {} : { problem: problem.problem }),
    ...(problem?.detail === undefined ? {} : { detail: problem.detail }),
  };
}

/** By kind, how many faults were planned, and how many took effect. */
export function countFaults(
  faults: readonly (KeyedFault & FaultBase)[],
  injected: ReadonlySet<string>,
): Readonly<Record<string, FaultCount>> {
  const counts: Record<string, { planned: number; injected: number }> = {};
  for (const { key, kind } of faults) {
    const count = counts[kind] ?? { planned: 0, injected: 0 };
    count.planned += 1;
    if (injected.has(key)) count.injected += 1;
    counts[kind] = count;
  }
  return counts;
}
