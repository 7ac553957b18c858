/**
 * The fingerprint of a run: the set of marks that it reached and of states that its invariants passed through, however
 * often and in whatever order. Two runs with one fingerprint did the same rare things; their traces may have nothing in
 * common.
 */
import { INVARIANT_STATES } from '../../invariant/monitor.ts';
import { invariantEntries, type Vocabulary } from '../../scenario/file/catalogue.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import { cameToItsEnd } from './tally.ts';

/**
 * Makes fingerprints of a world's runs: the numbers of their members, in order. Every thread that loaded the world numbers
 * them alike. Null for a run that did not come to its end. Marks that the world does not declare are left out.
 */
export function fingerprinter(world: Pick<Vocabulary, 'marks' | 'invariants'>): (run: RunResult) => Uint16Array | null {
  const states = invariantEntries(world).flatMap(({ id }) => INVARIANT_STATES.map((state) => `${id} ${state}`));
  const numbers = new Map([...world.marks, ...states].map((name, number) => [name, number]));
  return (run) => {
    if (!cameToItsEnd(run)) return null;
    const names = [...Object.keys(run.marks), ...(run.states ?? [])];
    const present = names.map((name) => numbers.get(name)).filter((number) => number !== undefined);
    return Uint16Array.from(present).sort();
  };
}
