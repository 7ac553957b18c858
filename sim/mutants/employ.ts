/**
 * One worker of a build, from its task to its last answer. A worker that hangs is ended, and a loop of the planted bug
 * counts as seen.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describeError, isOf } from '../scenario/blame/thrown.ts';
import { overTime } from '../sweep/workers/given-up.ts';
import { stacksOfThread } from '../sweep/workers/stack-of-thread.ts';
import { Ticker } from '../sweep/workers/ticker.ts';
import type { Answer, Task } from './trial.ts';

/** A run that takes longer than this is not going to end. */
const RUN_WALL_MS = 60_000;

/** How long a worker may take to say where it is. */
const STACK_MS = 10_000;
/** The folder of this build. */
const OWN = new URL('../..', import.meta.url).href;

/** What one worker came to. */
interface Employed {
  readonly answers: readonly Answer[];
  /** Where the system looped, and in which run, if it did. */
  readonly loop?: { readonly seed: bigint; readonly message: string };
}

/**
 * Everything that the workers answered, without signs of life. Rejects with the error that one died of. If the system loops
 * in a run, that trial saw the bug, and the trials after it go to another worker.
 */
export async function employ(build: string, task: Task): Promise<readonly Answer[]> {
  const { answers, loop } = await employOne(build, task);
  if (loop === undefined || task.kind !== 'trials') return answers;
  const { seed, message } = loop;
  const [from, ...starts] = task.starts.slice(answers.length);
  if (from === undefined) return answers;
  const seen = { seed, first: ['no-livelock'], atMs: 0, message };
  const trial = { from, runs: Number(seed - from) + 1, events: 0, seen, troubles: 0, trouble: null };
  const later = starts.length === 0 ? [] : await employ(build, { ...task, starts });
  return [...answers, { kind: 'trial', trial }, ...later];
}

/**
 * The violation that a run comes to which is stopped there. The build is a copy, whose files count as those of the
 * original.
 */
function loopOf(build: string, { source }: Task, seed: bigint, stacks: readonly string[]): string | undefined {
  const here = (text: string): string => text.replaceAll(pathToFileURL(`${build}/`).href, OWN);
  const wiring = [here(new URL('./', source.world.module).href)];
  const stopped = { world: { wiring }, stacks: stacks.map(here) };
  return overTime(seed, { wallMs: RUN_WALL_MS }, stopped).violations[0]?.message;
}

function employOne(build: string, task: Task): Promise<Employed> {
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    let at: bigint | undefined;
    const worker = new Worker(pathToFileURL(join(build, 'sim/mutants/worker.js')), { workerData: task });
    let sinceMs = 0;
    const ticker = new Ticker(() => {
      if (ticker.nowMs - sinceMs < RUN_WALL_MS) return;
      ticker.stop();
      void stop();
    });
    const stop = async (): Promise<void> => {
      const seed = at;
      const stacks = seed === undefined ? [] : await stacksOfThread(worker, STACK_MS);
      const message = seed === undefined ? undefined : loopOf(build, task, seed, stacks);
      const limit = `${RUN_WALL_MS / 1000} s`;
      if (seed !== undefined && message !== undefined) resolve({ answers, loop: { seed, message } });
      // A scenario that was not made small in time says nothing about the bug.
      else if (task.kind === 'shrink') resolve({ answers });
      else reject(new Error(`${seed === undefined ? 'loading' : `seed ${seed}`} took more than ${limit}`));
      void worker.terminate();
    };
    worker.on('message', (answer: Answer) => {
      sinceMs = ticker.nowMs;
      if (answer.kind === 'run') at = answer.seed;
      else answers.push(answer);
    });
    worker.on('error', (error) => {
      ticker.stop();
      reject(isOf(error, Error) ? error : new Error(describeError(error)));
    });
    worker.on('exit', () => {
      ticker.stop();
      resolve({ answers });
    });
  });
}
