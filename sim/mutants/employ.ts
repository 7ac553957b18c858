/** One worker of a build, from its task to its last answer; one that hangs is ended. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Ticker } from '../sweep/ticker.ts';
import type { Answer, Task } from './trial.ts';

/** A run that takes so long is not going to end. */
const RUN_WALL_MS = 60_000;

/** Everything the worker answered but the signs of life; rejects with what it died of. */
export function employ(build: string, task: Task): Promise<readonly Answer[]> {
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    let at: bigint | undefined;
    const worker = new Worker(pathToFileURL(join(build, 'sim/mutants/worker.js')), { workerData: task });
    let sinceMs = 0;
    const ticker = new Ticker(() => {
      if (ticker.nowMs - sinceMs < RUN_WALL_MS) return;
      ticker.stop();
      reject(new Error(`${at === undefined ? 'loading' : `seed ${at}`} took more than ${RUN_WALL_MS / 1000} s`));
      void worker.terminate();
    });
    worker.on('message', (answer: Answer) => {
      sinceMs = ticker.nowMs;
      if (answer.kind === 'run') at = answer.seed;
      else answers.push(answer);
    });
    worker.on('error', (error) => {
      ticker.stop();
      reject(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      ticker.stop();
      resolve(answers);
    });
  });
}
