/**
 * That the invariants see what they are for: for each of them a bug is planted in a copy of the build, and it is among
 * the first to see it. The other mutants are for `sim mutants`, which takes minutes; here only their texts are looked at.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { invariantEntries } from '../scenario/catalogue.ts';
import { loadWorld } from '../sweep/source.ts';
import { Checkout, ownRoot } from './checkout.ts';
import { runTrials } from './measure.ts';
import { readMutants } from './read.ts';

const RUNS_MAX = 500;
const WORLD = { path: 'sim/mesh/world.js', name: 'meshWorld' };

const root = ownRoot();
const checkout = new Checkout(root);
const mutants = readMutants(join(root, 'mutants'));
const smoke = mutants.filter((mutant) => mutant.smoke);

describe('the mutants of this project', () => {
  it('stand in its sources as they are now, exactly once each', () => {
    for (const mutant of mutants) checkout.check(mutant);
  });

  it('name as their file a source and as their test a file that is there', () => {
    for (const { detector } of mutants) {
      if (detector.kind === 'property') expect(existsSync(join(root, detector.test))).toBe(true);
    }
  });

  it('leave no invariant without a bug that it has to see first', async () => {
    const world = await loadWorld({ module: join(checkout.build, WORLD.path), name: WORLD.name });
    const meant = new Set(smoke.flatMap(({ detector }) => (detector.kind === 'sweep' ? [detector.invariant] : [])));
    expect(
      invariantEntries(world)
        .map(({ id }) => id)
        .filter((id) => !meant.has(id)),
    ).toEqual([]);
  });
});

describe.concurrent('a bug is seen, and first by the invariant it is for:', () => {
  for (const mutant of smoke) {
    const { detector, id, title } = mutant;
    if (detector.kind !== 'sweep') continue;
    it(`${detector.invariant} sees ${id} (${title})`, async ({ expect }) => {
      const scratch = checkout.plant(mutant);
      try {
        const [trial] = await runTrials(scratch.build, detector, { world: WORLD, trials: 1, runsMax: RUNS_MAX });
        expect(trial?.seen?.first).toContain(detector.invariant);
      } finally {
        scratch.remove();
      }
    });
  }
});
