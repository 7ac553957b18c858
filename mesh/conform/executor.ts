/** Checks `executor.jsonl`: what the executor does with one script, to the last effect, or one of the allowed results. */
import { checkerOf, firstDifference } from './checker.ts';
import { runExecutorCase } from './executor-run.ts';
import { type ExecutorResult, type ExecutorVector, executorVector } from './executor-vector.ts';

/** One run decides, because the recording lists every result that another run may give. */
const SEED = 1n;

export const checkExecutor = checkerOf(executorVector, async (vector) =>
  differenceFromRecorded(vector, await runExecutorCase(vector, SEED)),
);

/** Null if the result is the expected one, or one of those allowed. */
export function differenceFromRecorded(vector: ExecutorVector, result: ExecutorResult): string | null {
  if (vector.expected !== undefined) return differenceOf(vector.expected, result);
  const differences: string[] = [];
  for (const [index, allowed] of (vector.allowed ?? []).entries()) {
    const difference = differenceOf(allowed, result);
    if (difference === null) return null;
    differences.push(`not allowed[${index}]: ${difference}`);
  }
  return differences.join('; ');
}

function differenceOf(recorded: ExecutorResult, result: ExecutorResult): string | null {
  // The fold's ring was recorded for some themes only.
  const foldRing = recorded.fold_ring === undefined ? undefined : result.fold_ring;
  return firstDifference(recorded, { ...result, fold_ring: foldRing });
}
