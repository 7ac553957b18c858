import type { Worker } from 'node:worker_threads';
/** Stands in until the branch with the real one is merged. */
export function stackOfThread(_worker: Worker, _withinMs: number): Promise<string | undefined> {
  return Promise.resolve(undefined);
}
