import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../sim/examples/toy-world.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import { scenarioOf } from './scenario-arbitrary.testing.ts';

function drawn(count: number) {
  return fc.sample(scenarioOf(toyWorld), { seed: 1, numRuns: count });
}

/** A link that forgets what it loses leaves the counters apart. */
const breaking = fc.asyncProperty(scenarioOf(toyWorld, 'storm', 'forget'), async (found) => {
  const { violations } = await runScenario(toyWorld, await found.scenario());
  if (violations.length > 0) throw new Error(violations[0]?.invariant);
});

describe('scenarios as an arbitrary', () => {
  it('have seeds of all 64 bits, though the seed of fast-check has 32', () => {
    const seeds = drawn(200).map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(200);
    expect(seeds.filter((seed) => seed >= 1n << 63n).length).toBeGreaterThan(50);
    expect(seeds.every((seed) => seed >= 0n && seed < 1n << 64n)).toBe(true);
  });

  it('are what the one generator makes of the seed', async () => {
    const [one] = drawn(1);
    expect(await one?.scenario()).toEqual(toyWorld.generate(one?.seed ?? 0n, 'swarm', 'resend'));
  });

  it('shrink to what the shrinker finds: here one addition and one loss', async () => {
    const { failed, numShrinks, counterexample, counterexamplePath, errorInstance } = await fc.check(breaking, {
      seed: 1,
    });
    expect([failed, numShrinks, errorInstance]).toEqual([true, 1, new Error('together')]);
    const smallest = await counterexample?.[0].scenario();
    expect([smallest?.workload.length, smallest?.faults.length]).toEqual([1, 1]);

    const replayed = await fc.check(breaking, { seed: 1, path: counterexamplePath ?? '' });
    expect([replayed.numRuns, await replayed.counterexample?.[0].scenario()]).toEqual([1, smallest]);
    expect(fc.stringify(replayed.counterexample)).toContain('violates: together');
  });

  it('stay as they are where no invariant is broken and something else is wrong', async () => {
    const wrong = fc.asyncProperty(scenarioOf(toyWorld), (_drawn) => Promise.reject(new Error('wrong')));
    const { counterexample } = await fc.check(wrong, { seed: 1 });
    expect((await counterexample?.[0].scenario())?.workload.length).toBe(20);
  });
});
