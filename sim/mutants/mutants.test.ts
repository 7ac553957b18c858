/** The planted bugs of this project fit its sources, cover its invariants, and are seen: one here, those marked `smoke` in `mutants.thorough.test.ts`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { invariantEntries } from '../scenario/file/catalogue.ts';
import { loadWorld } from '../sweep/source.ts';
import { checkout, firstSight, mutants, root, WORLD } from './smoke.testing.ts';

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

  it('are seen, and first by the invariant that each is for', async () => {
    const mutant = mutants.find(({ id }) => id === 'canary');
    expect(mutant?.detector).toMatchObject({ kind: 'sweep', invariant: 'failure-seq' });
    expect(mutant && (await firstSight(mutant))).toContain('failure-seq');
  });
});
