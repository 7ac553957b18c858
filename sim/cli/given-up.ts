/** What becomes of a run that came to no end of its own. */
import type { RunResult } from '../scenario/result.ts';
import { died, neverReturned, overTime } from '../sweep/given-up.ts';
import { RUN_LIMITS } from '../sweep/limits.ts';
import type { NoAnswer } from './command-runs.ts';
import { thrownBy } from './command-runs.ts';

export function givenUp(seed: bigint, outcome: NoAnswer, wallMs: number): RunResult {
  const limits = { ...RUN_LIMITS, wallMs };
  switch (outcome.kind) {
    case 'stopped':
      return overTime(seed, limits, outcome.stack);
    case 'never returned':
      return neverReturned(seed, limits);
    case 'died':
      // What its host refused it (files, say) is no end of a run.
      if ('syscall' in outcome.error) throw outcome.error;
      return died(seed, outcome.error, limits);
    case 'thrown':
      throw thrownBy(outcome);
  }
}
