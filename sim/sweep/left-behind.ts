/**
 * Whose doing it is when a worker dies of something other than the run that it is at: a callback that an earlier run left
 * with the host (a timer that escaped the simulation, a promise that is rejected late) threw. Each of the runs before is
 * made alone, the latest first, and its thread kept for a moment.
 */
import { describeError, stackOf } from '../scenario/thrown.ts';
import type { Alone } from './alone.ts';
import type { Problem } from './tally.ts';

export interface Death {
  readonly error: Error;
  /** Seeds that the worker ran before, the latest last. */
  readonly earlier: readonly bigint[];
  /** The seed that it was at. */
  readonly current: bigint | undefined;
  /** Makes a run alone and keeps its thread for so long; undefined if it was interrupted. */
  readonly alone: (seed: bigint, lingerMs: number) => Promise<Alone | undefined>;
}

/** So many runs are tried. */
const TRIED_MAX = 8;
/** What was left behind strikes so soon, or is not found. */
const LINGER_MS = 1_000;
const TOLD_MAX = 8;

export async function leftBehind({ error, earlier, current, alone }: Death): Promise<Problem> {
  const problem = `the run left something behind that threw after its end: ${describeError(error)}`;
  for (const seed of earlier.slice(-TRIED_MAX).toReversed()) {
    const tried = await alone(seed, LINGER_MS);
    if (tried === undefined) break;
    if (tried.late === undefined) continue;
    return { seed, verdict: 'nondeterminism', problem, ...detailOf(tried.late) };
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
