/**
 * Makes chosen runs of a sweep again, in other company and in the opposite order. They run one after another in a few fresh
 * threads, the later seeds first, so that what a seed leaves behind reaches those that came before it in the sweep. A run
 * that now comes to something else is no function of its seed: some state is kept from run to run. If there is one, each run
 * is made once more, as the first of a thread of its own.
 */

import type { Problem } from '../counts/tally.ts';
import { heldBytes, heldBytesMax } from '../workers/limits.ts';
import { type Alone, type AloneOptions, runAlone, runInTurn } from './alone.ts';
import type { Witness } from './witness.ts';

export interface RecheckOptions extends Omit<AloneOptions, 'heldMax'> {
  /** Seed of index 0. */
  readonly from: bigint;
  /** Number of threads at a time. */
  readonly jobs: number;
}

/** Starting a thread costs as much as making a few runs. Up to this many runs are made in one thread. */
const A_THREAD = 5;

/** A run that came to something else in a fresh thread. */
export interface Differing {
  readonly witness: Witness;
  readonly problem: Problem;
}

/** What a run came to when it was made again, and whether it was the first of its thread. */
interface Again extends Alone {
  readonly first: boolean;
}

/** In order of the witnesses. Those that an interruption left out are missing. */
export async function recheck(witnesses: readonly Witness[], options: RecheckOptions): Promise<readonly Differing[]> {
  const { from, jobs, limits } = options;
  const alone: AloneOptions = { ...options, heldMax: heldBytesMax(heldBytes(), jobs, limits) };
  const threads = Math.min(jobs, Math.ceil(witnesses.length / A_THREAD));
  const differing = (made: ReadonlyMap<Witness, Again>): readonly Differing[] =>
    witnesses.flatMap((witness) => {
      const again = made.get(witness);
      const problem = again === undefined ? undefined : difference(from + witness.index, witness, again);
      return problem === undefined ? [] : [{ witness, problem }];
    });
  const latestFirst = [...witnesses].sort((a, b) => (a.index < b.index ? 1 : -1));
  const inCompany = new Map<Witness, Again>();
  const first = new Map<Witness, Again>();
  const makeInTurn = async (part: readonly Witness[]): Promise<void> => {
    const seeds = part.map(({ index }) => from + index);
    for (const [nth, made] of (await runInTurn(seeds, alone)).entries()) {
      const witness = part[nth];
      if (witness === undefined) continue;
      if (nth === 0) first.set(witness, { ...made, first: true });
      else inCompany.set(witness, { ...made, first: false });
    }
  };
  await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      makeInTurn(latestFirst.filter((_, nth) => nth % threads === thread)),
    ),
  );
  const among = differing(new Map([...inCompany, ...first]));
  if (among.length === 0) return [];
  const left = witnesses.filter((witness) => !first.has(witness));
  const makeAlone = async (): Promise<void> => {
    for (let witness = left.shift(); witness !== undefined; witness = left.shift()) {
      const made = await runAlone(from + witness.index, alone);
      if (made !== undefined) first.set(witness, { ...made, first: true });
    }
  };
  await Promise.all(Array.from({ length: threads }, makeAlone));
  // What a run comes to by itself tells most. Where there is no such run, one that differs only in company tells enough.
  const byThemselves = differing(first);
  return byThemselves.length > 0 ? byThemselves : among;
}

/** A run that was given up for its time or memory says nothing of what it would have come to. */
function difference(seed: bigint, among: Witness, { run, ended, first }: Again): Problem | undefined {
  if (run.verdict === 'inconclusive' || (!ended && run.verdict === 'violated')) return undefined;
  if (run.verdict === among.verdict && run.digest === among.digest) return undefined;
  const [violation] = run.violations;
  const because = violation?.message ?? run.problem;
  return {
    seed,
    verdict: 'nondeterminism',
    problem:
      `${among.verdict} after other runs, ${run.verdict} ${first ? 'as the first run of a thread' : 'after others'}:` +
      ` some state is kept from run to run; digests ${among.digest} and ${run.digest}`,
    ...(because === undefined ? {} : { detail: because }),
  };
}
