/**
 * Which runs of a sweep are made again, each as the first run of a fresh thread: what a run leaves behind in its thread
 * (a counter of a module, say) can't reach them. The choice depends on the seeds alone, never on time or on workers.
 */
import type { RunResult } from '../../scenario/run/result.ts';
import type { Failure } from '../counts/tally.ts';

/** What a run came to among others. */
export interface Witness {
  readonly index: bigint;
  readonly verdict: 'held' | 'violated';
  readonly digest: string;
}

/** Of the runs that held, one in so many is made again, */
const ONE_IN = 500;
/** and at least so many, if there are as many. */
const HELD_MIN = 5;
/** Of the seeds that failed, so many at a time: the first of each invariant, then the others, in order of seed. */
const FAILED_MAX = 20;
/** Of failing runs, more than are run again are remembered: which are the first is known in the end only. */
const FAILED_KEPT_MAX = 10_000;

/** What is to be remembered of a run; undefined if it will not be made again, whatever comes. */
export function witnessOf(index: bigint, { verdict, digest }: RunResult): Witness | undefined {
  if (verdict === 'violated') return { index, verdict, digest };
  if (verdict === 'held' && mayBeSampled(index)) return { index, verdict, digest };
  return undefined;
}

/** In a sweep of few runs, any may be one of the sample. */
function mayBeSampled(index: bigint): boolean {
  return index < ONE_IN * HELD_MIN || index % BigInt(ONE_IN) === BigInt(ONE_IN - 1);
}

/** Indexes of the sample of so many runs: the last of each part, where the runs are parted evenly. */
function sampleOf(runs: number): readonly bigint[] {
  if (runs >= ONE_IN * HELD_MIN) {
    return Array.from({ length: Math.floor(runs / ONE_IN) }, (_, nth) => BigInt((nth + 1) * ONE_IN - 1));
  }
  const parts = Math.min(runs, HELD_MIN);
  return Array.from({ length: parts }, (_, nth) => BigInt(Math.floor(((nth + 1) * runs) / parts) - 1));
}

export class Witnesses {
  readonly #held = new Map<bigint, Witness>();
  #failed = new Map<bigint, Witness>();

  add(witnesses: readonly Witness[]): void {
    for (const witness of witnesses) {
      (witness.verdict === 'held' ? this.#held : this.#failed).set(witness.index, witness);
    }
    if (this.#failed.size <= 2 * FAILED_KEPT_MAX) return;
    const lowest = [...this.#failed].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, FAILED_KEPT_MAX);
    this.#failed = new Map(lowest);
  }

  /** Those to be made again, of so many runs from a seed on; `failures` are in order of seed. */
  chosen(from: bigint, runs: number, failures: readonly Failure[]): readonly Witness[] {
    const held = sampleOf(runs).flatMap((index) => this.#held.get(index) ?? []);
    return [...this.nextFailed(from, failures), ...held];
  }

  /** Those of the failing seeds that come next, after the ones before have been made again. */
  nextFailed(from: bigint, failures: readonly Failure[]): readonly Witness[] {
    const left = failedSeeds(failures).flatMap((seed) => this.#failed.get(seed - from) ?? []);
    const next = left.slice(0, FAILED_MAX);
    for (const { index } of next) this.#failed.delete(index);
    return next;
  }
}

/** The first of each invariant, then the others. */
function failedSeeds(failures: readonly Failure[]): readonly bigint[] {
  const seen = new Set<string>();
  const first = failures.filter(({ invariant }) => !seen.has(invariant) && seen.add(invariant));
  return [...new Set([...first, ...failures].map(({ seed }) => seed))];
}
