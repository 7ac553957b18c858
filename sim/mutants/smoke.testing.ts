/** One sweep beside a planted bug, up to the first run that shows it. */
import { join } from 'node:path';
import { Checkout, ownRoot } from './checkout.ts';
import { runTrials } from './measure.ts';
import type { Mutant } from './mutant.ts';
import { readMutants } from './read.ts';

const RUNS_MAX = 500;
export const WORLD = { path: 'mesh/world.js', name: 'meshWorld' };

export const root = ownRoot();
export const checkout = new Checkout(root);
export const mutants = readMutants(join(root, 'mutants'));

/** The invariants that see the bug first. The mutant's detector must be a sweep. */
export async function firstSight(mutant: Mutant): Promise<readonly string[]> {
  const { detector } = mutant;
  if (detector.kind !== 'sweep') throw new Error(`${mutant.id} is not for a sweep`);
  const scratch = checkout.plant(mutant);
  try {
    const [trial] = await runTrials(scratch.build, detector, { world: WORLD, trials: 1, runsMax: RUNS_MAX });
    return trial?.seen?.first ?? [];
  } finally {
    scratch.remove();
  }
}
