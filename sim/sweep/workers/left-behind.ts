/**
 * Finds out whose doing it is when a worker dies of something other than its current run: a callback that an earlier run
 * left with the host threw (a timer that escaped the simulation, a promise that is rejected late). The runs before are made
 * once more, in a thread in which Node tells which run a thrown error belongs to.
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
  /** Makes runs again and keeps their thread alive for that long. Returns the first run that left behind what threw. */
  readonly lateOf: (seeds: readonly bigint[], lingerMs: number) => Promise<Late | undefined>;
}

/** What was left behind throws within this time, or is not found. */
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
