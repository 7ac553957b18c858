/**
 * That the invariants see what they are for: for each of them a bug is planted in a copy of the build, and it is among
 * the first to see it. The other mutants are for `sim mutants`, which takes minutes.
 */
import { describe, it } from 'vitest';
import { firstSight, mutants } from './smoke.testing.ts';

describe.concurrent('a bug is seen, and first by the invariant it is for:', () => {
  for (const mutant of mutants) {
    const { detector, id, title, smoke } = mutant;
    if (!smoke || detector.kind !== 'sweep') continue;
    it(`${detector.invariant} sees ${id} (${title})`, async ({ expect }) => {
      expect(await firstSight(mutant)).toContain(detector.invariant);
    });
  }
});
