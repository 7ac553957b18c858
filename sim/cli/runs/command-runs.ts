/** The runs of this process's command: their thread, started early, and how the command is left with it. */
import { framesOf, isOfHarness, placeOf } from '../../scenario/blame/frames.ts';
import { endDescendants } from '../../sweep/workers/descendants.ts';
import { limitsFor } from '../../sweep/workers/limits.ts';
import type { Outcome } from '../../sweep/workers/supervised.ts';
import { AuthorError } from '../../sweep/world-file/author-error.ts';
import { UsageError } from '../arguments/values.ts';
import { interruption } from '../process/interruption.ts';
import { type RunAnswer, type Runs, runsUntil } from './run-jobs.ts';

export type NoAnswer = Exclude<Outcome<RunAnswer>, { readonly kind: 'answer' | 'interrupted' }>;

let runs: Runs | undefined;
let signal: AbortSignal | undefined;

/** Aborted by the first interrupt. */
export function commandSignal(): AbortSignal {
  signal ??= interruption();
  return signal;
}

/**
 * Asked for before it is needed, it starts while the command loads. Where runs are allowed more events than usual, their
 * thread may hold more, which is settled when it starts.
 */
export function commandRuns(maxEvents?: number): Runs {
  const started = idleRuns();
  started.start(maxEvents === undefined ? undefined : limitsFor(maxEvents).heapMb);
  return started;
}

/** The same, and starts nothing. */
export function idleRuns(): Runs {
  runs ??= runsUntil(commandSignal());
  return runs;
}

/** What a job threw, as if it had been done here. */
export function thrownBy(outcome: NoAnswer): Error {
  switch (outcome.kind) {
    case 'thrown':
      if (outcome.name === 'UsageError') return new UsageError(outcome.error.message);
      return outcome.name === 'AuthorError' ? new AuthorError(outcome.error.message) : outcome.error;
    case 'died':
      return outcome.error;
    case 'stopped':
      return beforeRun(outcome.stacks);
    default:
      return new Error(`a job that makes no run was given up: ${outcome.kind}`);
  }
}

/** A loop before a run is one of the module that the world is in, or of what that imports. */
function beforeRun([stack]: readonly string[]): Error {
  const what = 'what comes before a run did not end';
  // A module that is still being evaluated tells none.
  if (stack === undefined) return new AuthorError(`${what}: the module of the world has not come to its end`);
  const frame = framesOf(stack).find(({ file }) => !isOfHarness(file));
  return frame === undefined ? new Error(`${what}: ${stack}`) : new AuthorError(`${placeOf(frame)}: ${what}`);
}

/** Ends the process once all that was printed is out, also where a thread of it lives that cannot be ended. */
export async function leave(status: number, left: Runs): Promise<void> {
  process.exitCode = status;
  if (await left.end()) return;
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  endDescendants(process.pid);
  await (await import('../process/exit-at-once.ts')).exitAtOnce(status);
}
