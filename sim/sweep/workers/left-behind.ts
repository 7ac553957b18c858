/**
 * Whose doing it is when a worker dies of something other than the run that it is at: a callback that an earlier run left
 * with the host (a timer that escaped the simulation, a promise that is rejected late) threw. The runs before are made once
 * more, in a thread in which Node tells of what throws to which run it belongs.
 */
import { describeError, stackOf } from '../../scenario/blame/thrown.ts';
import type { Problem } from '../counts/tally.ts';
import type { Late } from './worker.ts';

export interface Death {
  readonly error: Error;
  /** Seeds that the worker ran before, the latest last. */
  readonly earlier: readonly bigint[];
  /** The seed that it was at. */
  readonly current: bigint | undefined;
  /** Makes runs again and keeps their thread for so long; the first of them that left behind what threw. */
  readonly lateOf: (seeds: readonly bigint[], lingerMs: number) => Promise<Late | undefined>;
}

/** What was left behind strikes so soon, or is not found. */
const LINGER_MS = 1_000;
const TOLD_MAX = 8;

export async function leftBehind({ error, earlier, current, lateOf }: Death): Promise<Problem> {
  const late = earlier.length === 0 ? undefined : await lateOf(earlier, LINGER_MS);
  if (late !== undefined) {
    return {
      seed: late.lateOf,
      verdict: 'nondeterminism',
      problem: `the run left something behind that threw after its end: ${describeError(late.error)}`,
      ...detailOf(late.error),
    };
  }
  const at =
    current === undefined ? 'between two runs' : `during the run of seed ${current}, which alone does not throw it`;
  const told = earlier.slice(-TOLD_MAX).toReversed();
  const who = `one of the runs before in the same thread, of seeds ${told.join(', ')}, left something behind`;
  return {
    seed: earlier.at(-1) ?? current ?? 0n,
    verdict: 'nondeterminism',
    problem: `${earlier.length === 0 ? 'something' : who} that threw ${at}: ${describeError(error)}`,
    ...detailOf(error),
  };
}

function detailOf(error: Error): Pick<Problem, 'detail'> {
  const stack = stackOf(error);
  return stack === undefined ? {} : { detail: stack };
}
