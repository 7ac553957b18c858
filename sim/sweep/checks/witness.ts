/**
 * Chooses the runs of a sweep that are made again, each as the first run of a fresh thread. What another run leaves behind
 * in its thread (a counter of a module, say) cannot reach them. The choice depends on the seeds alone, never on time or on
 * workers.
 */
import type { RunResult } from '../../scenario/run/result.ts';
import type { Failure } from '../counts/tally.ts';

/** What a run came to among others. */
export interface Witness {
  readonly index: bigint;
  readonly verdict: 'held' | 'violated';
  readonly digest: string;
}

/** Of the runs that held, one in this many is made again, */
const ONE_IN = 500;
/** and at least this many, if there are as many. */
const HELD_MIN = 5;
/** Failing seeds are made again this many at a time: the first of each invariant, then the others, in order of seed. */
const FAILED_MAX = 20;
/** More failing runs are remembered than are made again, because only the end shows which were the first. */
const FAILED_KEPT_MAX = 10_000;

/** What to remember of a run. Undefined if it will not be made again, whatever comes. */
export function witnessOf(index: bigint, { verdict, digest }: RunResult): Witness | undefined {
  if (verdict === 'violated') return { index, verdict, digest };
  if (verdict === 'held' && mayBeSampled(index)) return { index, verdict, digest };
  return undefined;
}

/** In a sweep of few runs, any may be part of the sample. */
function mayBeSampled(index: bigint): boolean {
  return index < ONE_IN * HELD_MIN || index % BigInt(ONE_IN) === BigInt(ONE_IN - 1);
}

/** Indexes of the sample among this many runs: the runs are divided evenly, and the last of each part is taken. */
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

  /** The runs to make again, of this many runs from a seed on. `failures` are in order of seed. */
  chosen(from: bigint, runs: number, failures: readonly Failure[]): readonly Witness[] {
    const held = sampleOf(runs).flatMap((index) => this.#held.get(index) ?? []);
    return [...this.nextFailed(from, failures), ...held];
  }

  /** The failing seeds that come next, after the earlier ones have been made again. */
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
