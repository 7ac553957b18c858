/** One run of an executor vector on the simulation kernel, with chance from a seed. */
import { Kernel } from '../../sim/kernel/kernel.ts';
import { ExecutorCase } from './executor-case.ts';
import type { ExecutorResult, ExecutorVector } from './executor-vector.ts';
import { RecordedChooser } from './recorded-chooser.ts';

/** The executor sleeps no longer than from tick to tick. No recorded case takes nearly as many steps. */
const STEPS_MAX = 1_000_000;

/** What the executor does in this case. Rejects if the run does not end by itself. */
export async function runExecutorCase(vector: ExecutorVector, seed: bigint): Promise<ExecutorResult> {
  const kernel = new Kernel({ chooser: new RecordedChooser(seed), stepLimit: STEPS_MAX });
  const run = new ExecutorCase(kernel.root, vector);
  run.start();
  const end = await kernel.run();
  if (end.kind !== 'idle') throw new Error(`the run ended as ${end.kind}`);
  return run.result();
}
