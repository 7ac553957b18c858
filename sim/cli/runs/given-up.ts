/** What becomes of a run that came to no end of its own. */
import type { RunResult } from '../../scenario/run/result.ts';
import { unfinished } from '../../sweep/source.ts';
import { died, neverReturned, overTime } from '../../sweep/workers/given-up.ts';
import { limitsFor } from '../../sweep/workers/limits.ts';
import type { World } from '../../world.ts';
import type { NoAnswer } from './command-runs.ts';
import { thrownBy } from './command-runs.ts';
import type { HostedLoss } from './large-run.ts';

export interface GivenUpRun {
  readonly seed: bigint;
  readonly world: Pick<World, 'wiring'>;
  readonly wallMs: number;
  readonly maxEvents: number | undefined;
}

export function givenUp({ seed, world, wallMs, maxEvents }: GivenUpRun, outcome: NoAnswer | HostedLoss): RunResult {
  const limits = { ...limitsFor(maxEvents), wallMs };
  switch (outcome.kind) {
    case 'stopped':
      return overTime(seed, limits, { world, stacks: outcome.stacks });
    case 'never returned':
      return neverReturned(seed, limits);
    case 'died':
      // What its host refused it (files, say) is no end of a run.
      if ('syscall' in outcome.error) throw outcome.error;
      return died(seed, outcome.error, limits);
    case 'host lost':
      return unfinished(seed, 'inconclusive', outcome.problem);
    case 'thrown':
      throw thrownBy(outcome);
  }
}
