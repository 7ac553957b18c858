/** Small measurements on this project's own checkout. */
import { join } from 'node:path';
import picocolors from 'picocolors';
import { Checkout, ownRoot } from './checkout.ts';
import { type Measurement, measure } from './measure.ts';
import type { Mutant } from './mutant.ts';
import { readMutant } from './read.ts';
import { mutantsText } from './report.ts';

const root = ownRoot();
const checkout = new Checkout(root);
export const own = (id: string): Mutant => readMutant(join(root, `mutants/${id}.yaml`));
export const canary = own('canary');

/** A change that no run can notice. */
export const harmless: Mutant = {
  ...canary,
  id: 'harmless',
  file: 'src/chain/frame.ts',
  find: 'PAYLOAD_BYTES_MAX = 16 * 1024 * 1024',
  replace: 'PAYLOAD_BYTES_MAX = 15 * 1024 * 1024',
};

export function measured(mutants: readonly Mutant[], bird: Mutant, runsMax: number): Promise<Measurement> {
  return measure(mutants, bird, {
    checkout,
    world: { path: 'mesh/world.js', name: 'meshWorld' },
    conform: { command: 'sim/cli/main.js', vectors: join(root, 'test-data/vectors') },
    trials: 2,
    probeRuns: 3,
    shrinkMs: 30_000,
    runsMax,
    jobs: 2,
  });
}

export const plain = (measurement: Measurement): string => mutantsText(measurement, picocolors.createColors(false));
