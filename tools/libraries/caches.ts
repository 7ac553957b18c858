/** Libraries that remember: they give the right value, not for too long, and ask for it once. */
import { type Default, library, numbers } from './library.ts';

const ENTRIES_MAX = 3;
const LIFE_MS = 30;
/** How often `lru-cache` reads its clock. */
const RESOLUTION_MS = 1;
const KEYS = 6;
const BATCH_MAX = 4;

export const lruCache = library<typeof import('lru-cache')>('lru-cache', ({ LRUCache }, sim) => {
  const setMs = new Map<string, number>();
  const values = new Map<string, number>();
  const underway = new Set<string>();
  const cache = new LRUCache<string, number>({ max: ENTRIES_MAX, ttl: LIFE_MS, ttlResolution: RESOLUTION_MS });
  let fetches = 0;
  const fetched = new LRUCache<string, number>({
    max: KEYS,
    ttl: LIFE_MS,
    fetchMethod: async (key) => {
      sim.check(!underway.has(key), `${key} is fetched twice at once`);
      underway.add(key);
      await sim.sleep(sim.draw('fetch', 0, 10));
      underway.delete(key);
      fetches += 1;
      return fetches;
    },
  });
  return {
    async operate({ draw, number, check }) {
      const told: (number | null)[] = [];
      for (let left = draw('count', 2, 5); left > 0; left--) {
        const key = `k${draw('key', 1, KEYS)}`;
        switch (draw('kind', 0, 2)) {
          case 0:
            cache.set(key, number);
            setMs.set(key, sim.now());
            values.set(key, number);
            check(cache.get(key) === number, `${key} was set to ${number} and is ${cache.get(key)}`);
            check(cache.size <= ENTRIES_MAX, `${cache.size} entries`);
            break;
          case 1: {
            const value = cache.get(key);
            const ageMs = sim.now() - (setMs.get(key) ?? Number.NEGATIVE_INFINITY);
            if (value !== undefined)
              check(value === values.get(key) && ageMs <= LIFE_MS + RESOLUTION_MS, `${key}: ${value}, ${ageMs} ms old`);
            told.push(value ?? null);
            break;
          }
          default: {
            const before = fetches;
            const value = await fetched.fetch(key);
            check(value !== undefined && value <= fetches, `${key} was fetched as ${value}, ${before} before`);
            told.push(value ?? null);
          }
        }
        await sim.sleep(draw('pause', 0, 15));
      }
      return told;
    },
    end() {
      sim.check(cache.size <= ENTRIES_MAX && underway.size === 0, `${cache.size} entries, ${underway.size} underway`);
    },
  };
});

export const dataloader = library<Default<typeof import('dataloader')>>(
  'dataloader',
  ({ default: DataLoader }, sim) => {
    const loaded = new Set<number>();
    const loader = new DataLoader<number, string>(
      async (keys) => {
        sim.check(keys.length <= BATCH_MAX && new Set(keys).size === keys.length, `a batch of ${keys}`);
        for (const key of keys) {
          sim.check(!loaded.has(key), `${key} is loaded twice`);
          loaded.add(key);
        }
        await sim.sleep(sim.draw('load', 0, 20));
        return keys.map((key) => (key % 5 === 0 ? new RangeError(`no ${key}`) : `value ${key}`));
      },
      { maxBatchSize: BATCH_MAX },
    );
    return {
      async operate({ draw, check }) {
        const keys = numbers(draw('count', 1, 4)).map(() => draw('key', 1, 12));
        const results = await loader.loadMany(keys);
        for (const [i, key] of keys.entries()) {
          const result = results[i];
          check(key % 5 === 0 ? result instanceof RangeError : result === `value ${key}`, `${key} gave ${result}`);
        }
        return results.map(String);
      },
    };
  },
);

export const keyv = library<typeof import('keyv')>('keyv', ({ Keyv }, sim) => {
  const store = new Keyv({ namespace: 'simulated' });
  return {
    async operate({ draw, number, check }) {
      const lifeMs = draw('life', 5, 40);
      const own = `own-${number}`;
      await store.set(own, { number }, lifeMs);
      await store.set('shared', number);
      const shared: unknown = await store.get('shared');
      check(typeof shared === 'number' && shared >= 1, `what is shared is ${shared}`);
      const fromMs = sim.now();
      await sim.sleep(draw('pause', 0, 50));
      const ageMs = sim.now() - fromMs;
      const value: unknown = await store.get(own);
      if (ageMs < lifeMs) check(Object(value).number === number, `after ${ageMs} of ${lifeMs} ms: ${value}`);
      if (ageMs > lifeMs) check(value === undefined, `after ${ageMs} of ${lifeMs} ms: ${JSON.stringify(value)}`);
      if (draw('delete', 0, 1) === 0) {
        await store.delete(own);
        check((await store.get(own)) === undefined, 'what was deleted is there');
      }
      return [shared, value];
    },
  };
});
