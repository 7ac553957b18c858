/** Long sweeps of the toy world, which go on until something is reached. */
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../examples/toy-world.ts';
import type { SweepResult } from './result.ts';
import { spoilt, sweepToy } from './toy-sweep.testing.ts';

/** All of a result that must not depend on the number of workers. */
function outcome({ seconds: _, ...rest }: SweepResult): Omit<SweepResult, 'seconds'> {
  return rest;
}

describe('a sweep that is to go on', () => {
  const stable = { until: { stableBelow: 0.02 }, runs: 5000 } as const;

  it('runs the seeds from its first on, and none besides', async () => {
    const result = await sweepToy(stable);
    const again = await sweepToy({ runs: result.runs });
    expect(again.digest).toBe(result.digest);
    expect(again.behaviours).toEqual(result.behaviours);
  });

  it('comes to the same when a worker dies on the way', async () => {
    const source = spoilt('if (seed === 5n) process.exit(1)');
    const [one, two] = [await sweepToy({ ...stable, source, jobs: 1 }), await sweepToy({ ...stable, source, jobs: 2 })];
    expect(outcome(two)).toEqual(outcome(one));
    expect(one).toMatchObject({ end: 'goals', problems: [{ seed: 5n }] });
  });

  it('has reached in its last run what it reaches there', async () => {
    const result = await sweepToy({ until: { stableBelow: 0.02 }, runs: 300 });
    expect(result).toMatchObject({ end: 'complete', runs: 300, goals: { stable: { reached: true } } });
  });

  it('decides its floors, looking whenever there are twice as many runs', async () => {
    // Seven runs in eight lose something thrice, or so: near the floor, so that it takes a while.
    const world = { ...toyWorld, floors: () => ({ arrived: 0.9, 'lost-thrice': 0.3 }) };
    const result = await sweepToy({ world, until: { floorsDecided: true }, runs: 20_000 });
    expect(result.goals).toEqual({ floorsDecided: { reached: true } });
    expect(Number.isInteger(Math.log2(result.runs / 500))).toBe(true);
    expect(result.floors).toMatchObject([{ mark: 'arrived', state: 'met' }, { mark: 'lost-thrice' }]);
  });
});

describe('a worker that comes to grief', () => {
  it('lets others wait for it, when it hangs while nobody may go on', async () => {
    const result = await sweepToy({
      source: spoilt('if (seed === 499n) for (;;);'),
      until: { stableBelow: 0.000_1 },
      runs: 520,
      runWallMs: 800,
    });
    expect(result).toMatchObject({ runs: 520, failures: [{ seed: 499n, invariant: 'no-livelock' }] });
  });
});
