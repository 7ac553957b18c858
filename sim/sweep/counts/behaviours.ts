/**
 * How many different things the runs of a sweep did, and how often a further run would do something new. Two things are
 * counted, because each says little alone:
 * - whole fingerprints. Where a run reaches dozens of marks, nearly every fingerprint differs from all others, so this says
 *   something of small worlds only;
 * - pairs: which two members of a fingerprint came together in a run. A run without any new member is most often new because
 *   two things met, and there are few enough pairs for a sweep to come to an end of them.
 *
 * The result depends on the set of runs alone, and not on the order in which they are added.
 */
import type { Chance } from '../../statistics/chance.ts';
import { chanceOfNew } from '../../statistics/discovery.ts';

/** A run's fingerprint. */
export interface Fingerprint {
  /** Number of the run in its sweep. */
  readonly run: number;
  /** Numbers of the marks and states, in order. */
  readonly shown: Uint16Array;
}

/** What runs showed, of one kind of thing. */
export interface Kinds {
  /** How many different ones. */
  readonly distinct: number;
  /** Runs that showed one that no other run did. */
  readonly once: number;
  /** The chance that a further run shows a new one. */
  readonly rate: Chance;
}

export interface BehaviourCounts {
  /** Number of runs looked at: those that came to their end. */
  readonly runs: number;
  readonly fingerprints: Kinds;
  readonly pairs: Kinds;
}

/** Fingerprints are told apart in the first runs only, up to this number. Pairs are counted in all runs. */
export const FINGERPRINT_RUNS_MAX = 1_000_000;

const NONE = -1;
const MANY = -2;
const PAIRS_AT_FIRST = 1 << 14;

export class Behaviours {
  #runs = 0;
  #fingerprintRuns = 0;
  /** By fingerprint: number of runs that have it, up to 3. */
  readonly #fingerprints = new Map<number, number>();
  /** By pair: the first runs that showed it. The first is MANY from the third run on. */
  #first = new Float64Array(PAIRS_AT_FIRST).fill(NONE);
  #second = new Float64Array(PAIRS_AT_FIRST).fill(NONE);

  add({ run, shown }: Fingerprint): void {
    this.#runs += 1;
    if (run < FINGERPRINT_RUNS_MAX) {
      const hash = hashOf(shown);
      this.#fingerprintRuns += 1;
      this.#fingerprints.set(hash, Math.min(3, (this.#fingerprints.get(hash) ?? 0) + 1));
    }
    const greatest = shown.at(-1);
    if (greatest !== undefined) this.#reserve(pairOf(greatest, greatest) + 1);
    const first = this.#first;
    for (const [at, high] of shown.entries()) {
      const row = pairOf(high, 0);
      for (let i = 0; i <= at; i += 1) {
        const pair = row + (shown[i] ?? 0);
        const known = first[pair];
        if (known === MANY) continue;
        if (known === NONE) first[pair] = run;
        else if (this.#second[pair] === NONE) this.#second[pair] = run;
        else first[pair] = MANY;
      }
    }
  }

  counts(): BehaviourCounts {
    return { runs: this.#runs, fingerprints: this.#fingerprintCounts(), pairs: this.#pairCounts() };
  }

  #fingerprintCounts(): Kinds {
    let once = 0;
    let twice = 0;
    for (const runs of this.#fingerprints.values()) {
      if (runs === 1) once += 1;
      else if (runs === 2) twice += 2;
    }
    const rate = chanceOfNew({ samples: this.#fingerprintRuns, once, twice });
    return { distinct: this.#fingerprints.size, once, rate };
  }

  #pairCounts(): Kinds {
    const once = new Set<number>();
    const twice = new Set<number>();
    let distinct = 0;
    for (const [pair, run] of this.#first.entries()) {
      if (run === NONE) continue;
      distinct += 1;
      if (run === MANY) continue;
      const other = this.#second[pair] ?? NONE;
      if (other === NONE) once.add(run);
      else twice.add(run).add(other);
    }
    const rate = chanceOfNew({ samples: this.#runs, once: once.size, twice: twice.size });
    return { distinct, once: once.size, rate };
  }

  /** Makes room for this many pairs. */
  #reserve(pairs: number): void {
    if (pairs <= this.#first.length) return;
    const size = Math.max(pairs, 2 * this.#first.length);
    this.#first = grown(this.#first, size);
    this.#second = grown(this.#second, size);
  }
}

/** Numbers each pair of numbers, and each number with itself: below the diagonal, row by row, the higher number first. */
function pairOf(high: number, low: number): number {
  return (high * (high + 1)) / 2 + low;
}

function grown(array: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size).fill(NONE);
  larger.set(array);
  return larger;
}

/** 53 bits: among a million fingerprints, two that differ share a hash with a chance of 1 in 18,000. */
function hashOf(shown: Uint16Array): number {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (const number of shown) {
    a = Math.imul(a ^ number, 0x01000193);
    b = Math.imul(b ^ number, 0x5bd1e995);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return (b & 0x1f_ffff) * 2 ** 32 + (a >>> 0);
}
