/**
 * The fingerprint of a run: which marks it reached and which states its invariants passed through, whatever the order and
 * however often. Two runs with one fingerprint did the same rare things; their traces may have nothing in common.
 */
import { INVARIANT_STATES } from '../../invariant/monitor.ts';
import { invariantEntries, type Vocabulary } from '../../scenario/file/catalogue.ts';
import type { RunResult } from '../../scenario/run/result.ts';
import { cameToItsEnd } from './tally.ts';

/**
 * Gives the fingerprints of a world's runs as numbers of what is in them, in order: every thread that loaded the world
 * numbers alike. Null for a run that did not come to its end. Marks that the world does not declare count for nothing.
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
