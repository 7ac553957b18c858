/** The short form of `npm run check:libraries`: a few seeds of each library, and that the checks of the workloads see what is wrong. */
import { afterAll, describe, expect, test } from 'vitest';
import { installGuards, restoreGuards } from '../../sim/kernel/host/guards.ts';
import { LOST_WAKE_UP } from '../../sim/scenario/file/catalogue.ts';
import { LIBRARIES } from './libraries.ts';
import type { Library, Sim } from './library.ts';
import { pLimit } from './limits.ts';
import { asyncMutex } from './locks.ts';
import { genericPool } from './pools.ts';
import { pRetry } from './retries.ts';
import { runSeeds, shuffled } from './seeds.ts';
import { pThrottle } from './timers.ts';
import { STYLES, worldOf } from './world.ts';

installGuards();
afterAll(restoreGuards);

const SEEDS = [1, 2, 3];
const REVERSED = [3, 2, 1];

describe.each(LIBRARIES.map((library) => [library.name, library] as const))('%s', (_name, library) => {
  test('holds in both styles, and comes to the same in another order', async () => {
    const world = await worldOf(library);
    for (const style of STYLES) {
      const seen = await runSeeds(world, style, SEEDS);
      expect(seen.filter(({ verdict }) => verdict !== 'held')).toEqual([]);
      const again = await runSeeds(world, style, REVERSED);
      expect([...again].reverse()).toEqual(seen);
    }
  });
});

/** The same workload, and a library that is given to it with something changed. */
function planted<Exports extends object>({ name, start }: Library, change: (exports: Exports) => object): Library {
  return { name, start: (exports, sim: Sim) => start({ ...Object(exports), ...change(Object(exports)) }, sim) };
}

const PLANTS: readonly (readonly [string, Library, string])[] = [
  [
    'a limit off by one',
    planted<typeof import('p-limit')>(pLimit, (module) => ({ default: (max: number) => module.default(max + 1) })),
    'sound: .* at once, and the limit is',
  ],
  [
    'a lock that is not given back',
    planted<typeof import('async-mutex')>(asyncMutex, ({ Mutex }) => ({
      Mutex: class extends Mutex {
        override runExclusive: typeof Mutex.prototype.runExclusive = async (work) => {
          await this.acquire();
          return work();
        };
      },
    })),
    `sound: .*a lock is held|${LOST_WAKE_UP}|no-livelock`,
  ],
  [
    'a lock that locks nobody out',
    planted<typeof import('async-mutex')>(asyncMutex, ({ Mutex }) => ({
      Mutex: class extends Mutex {
        override runExclusive: typeof Mutex.prototype.runExclusive = async (work) => work();
      },
    })),
    'sound: .*were paid in',
  ],
  [
    'a try too few',
    planted<typeof import('p-retry')>(pRetry, (module) => ({
      default: (call: () => unknown, options: import('p-retry').Options) =>
        module.default(call, { ...options, retries: 2 }),
    })),
    'sound: .*tries instead of',
  ],
  [
    'a shorter interval',
    planted<typeof import('p-throttle')>(pThrottle, (module) => ({
      default: (options: import('p-throttle').Options) => module.default({ ...options, interval: 20 }),
    })),
    'sound: .*begun since',
  ],
  [
    'a larger pool',
    planted<typeof import('generic-pool')>(genericPool, (module) => ({
      createPool: (...[factory, options]: Parameters<typeof module.createPool>) =>
        module.createPool(factory, { ...options, max: 9 }),
    })),
    'sound: .*lent, and the limit is',
  ],
];

describe('planted in what a workload is given', () => {
  test.each(PLANTS)('%s is found in both styles', async (_name, library, problem) => {
    const world = await worldOf(library);
    for (const style of STYLES) {
      const seen = await runSeeds(world, style, shuffled(20));
      const red = seen.filter(({ verdict }) => verdict !== 'held');
      expect(red.length).toBeGreaterThan(0);
      for (const run of red) expect(run.problem).toMatch(new RegExp(`^(?:${problem})`));
    }
  });
});
