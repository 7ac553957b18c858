/**
 * Makes chosen runs of a sweep again, each as the first run of a fresh thread. One that comes to something else there is no
 * function of its seed: something is kept from run to run.
 */
import { type Alone, type AloneOptions, runAlone } from './alone.ts';
import { heldBytes, heldBytesMax } from './limits.ts';
import type { Problem } from './tally.ts';
import type { Witness } from './witness.ts';

export interface RecheckOptions extends Omit<AloneOptions, 'heldMax' | 'lingerMs'> {
  /** Seed of index 0. */
  readonly from: bigint;
  /** Threads at a time. */
  readonly jobs: number;
}

/** A run that was a different one in a fresh thread. */
export interface Differing {
  readonly witness: Witness;
  readonly problem: Problem;
}

/** In order of the witnesses; those that an interruption left are not among them. */
export async function recheck(witnesses: readonly Witness[], options: RecheckOptions): Promise<readonly Differing[]> {
  const { from, jobs, limits } = options;
  const heldMax = heldBytesMax(heldBytes(), jobs, limits);
  const found: (Differing | undefined)[] = [];
  const left = [...witnesses.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, witness] = next;
      const seed = from + witness.index;
      const alone = await runAlone(seed, { ...options, heldMax });
      const problem = alone === undefined ? undefined : difference(seed, witness, alone);
      if (problem !== undefined) found[at] = { witness, problem };
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return found.flatMap((differing) => differing ?? []);
}

/** A run that was given up for its time or its memory says nothing of what it would have come to. */
function difference(seed: bigint, among: Witness, { run: alone, ended }: Alone): Problem | undefined {
  if (alone.verdict === 'inconclusive' || (!ended && alone.verdict === 'violated')) return undefined;
  if (alone.verdict === among.verdict && alone.digest === among.digest) return undefined;
  const [violation] = alone.violations;
  const because = violation?.message ?? alone.problem;
  return {
    seed,
    verdict: 'nondeterminism',
    problem:
      `${among.verdict} after other runs, ${alone.verdict} as the first run of a thread: something is kept from run to run;` +
      ` digests ${among.digest} and ${alone.digest}`,
    ...(because === undefined ? {} : { detail: because }),
  };
}
