/** Values of operations: how they are drawn, made simpler, and typed. */
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { Stream } from '../kernel/choices/streams.ts';
import { runScenario } from '../scenario/run/run.ts';
import { shrink } from '../shrink/shrink.ts';
import { drawValue, simplerThan, type Taste } from './draw-value.ts';
import { simulationWorld } from './world.ts';

function drawn(spec: unknown, taste: Taste, count = 300): readonly unknown[] {
  const stream = new Stream(`values/${taste}`);
  return Array.from({ length: count }, () => drawValue(spec, (bound) => stream.int(0, bound - 1), taste));
}

describe('a drawn value', () => {
  it('is of its range, mostly small in some runs, and at the edges in others', () => {
    for (const taste of ['even', 'small', 'edges'] as const) {
      const values = drawn([10, 110], taste).map(Number);
      expect(Math.min(...values)).toBe(10);
      expect(Math.max(...values)).toBeLessThanOrEqual(110);
      const mean = values.reduce((a, b) => a + b) / values.length;
      if (taste === 'small') expect(mean).toBeLessThan(45);
      else expect(mean).toBeGreaterThan(50);
    }
    expect(new Set(drawn([10, 110], 'edges'))).toEqual(new Set([10, 11, 60, 109, 110]));
  });

  it('is one of a list, also of two numbers, or a constant', () => {
    expect(new Set(drawn(['a', 'b'], 'even'))).toEqual(new Set(['a', 'b']));
    expect(new Set(drawn({ oneOf: [1, 1000] }, 'even'))).toEqual(new Set([1, 1000]));
    expect(new Set(drawn('x', 'even'))).toEqual(new Set(['x']));
  });

  it('is of an arbitrary, the same for the same draws', () => {
    const arbitrary = fc.record({ name: fc.string(), sizes: fc.array(fc.nat({ max: 9 })) });
    const values = drawn(arbitrary, 'even', 20);
    expect(values).toEqual(drawn(arbitrary, 'even', 20));
    expect(new Set(values.map((value) => JSON.stringify(value))).size).toBeGreaterThan(10);
  });
});

describe('a simpler value', () => {
  it('is the least, then halves, quarters and so on of the way to it', () => {
    expect(simplerThan([0, 100], 20)).toEqual([0, 10, 15, 18, 19]);
    expect(simplerThan([5, 100], 6)).toEqual([5]);
    expect(simplerThan([5, 100], 5)).toEqual([]);
    expect(simplerThan([-100, 100], -4)).toEqual([0, -2, -3]);
  });

  it('is an earlier one of its list, or what its arbitrary says', () => {
    expect(simplerThan(['a', 'b', 'c'], 'c')).toEqual(['a', 'b']);
    expect(simplerThan(fc.nat(), 8)).toContain(0);
  });

  it('comes to a threshold in few runs, however great the numbers are', async () => {
    const world = await simulationWorld(
      'late',
      { operations: { go: { at: [0, 1_000_000] } }, faults: 'none' },
      (sim) => ({
        go: () => expect(sim.now()).toBeLessThan(314_159),
      }),
    );
    let seed = 0n;
    while ((await runScenario(world, world.generate(seed, 'calm', 'test'))).verdict === 'held') seed += 1n;
    const shrunk = await shrink(world, world.generate(seed, 'calm', 'test'));
    expect(shrunk?.scenario.workload).toMatchObject([{ at: 314_159 }]);
    expect(shrunk?.runs).toBeLessThan(200);
  });
});

describe('a handler', () => {
  it('is given values of the types that its operation declares', async () => {
    const operations = {
      put: {
        times: 2,
        at: [0, 9],
        key_: ['a', 'b'],
        size: [1, 9],
        kind_: 'x',
        text: fc.string(),
        one: { oneOf: [1, 5] },
      },
    } as const;
    const world = await simulationWorld('types', { operations }, () => ({
      put: ({ key_, size, kind_, text, one, key, signal }) => {
        expectTypeOf(key_).toEqualTypeOf<'a' | 'b'>();
        expectTypeOf(size).toEqualTypeOf<number>();
        expectTypeOf(kind_).toEqualTypeOf<'x'>();
        expectTypeOf(text).toEqualTypeOf<string>();
        expectTypeOf(one).toEqualTypeOf<1 | 5>();
        expectTypeOf(key).toEqualTypeOf<string>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      },
    }));
    expect(await runScenario(world, world.generate(1n, 'swarm', 'test'))).toMatchObject({ verdict: 'held' });
  });

  it('is given the module that load imports, with its types', async () => {
    const world = await simulationWorld('load', { load: () => import('p-limit') }, async (sim, { default: pLimit }) => {
      expectTypeOf(pLimit).toEqualTypeOf<typeof import('p-limit')['default']>();
      await pLimit(1)(() => sim.sleep(1));
    });
    expect(await runScenario(world, world.generate(1n, 'swarm', 'test'))).toMatchObject({ verdict: 'held' });
  });
});
