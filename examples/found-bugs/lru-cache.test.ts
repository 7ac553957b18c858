// https://github.com/isaacs/node-lru-cache/issues/388
import { expect } from 'vitest';
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('lru-cache-new') : () => import('lru-cache-old');

simTest('what was fetched is there, also if who asked for it did not wait', {
  load,
  operations: { get: { times: [1, 4], of: [1, 3], forMs: [0, 50] } },
}, (sim, { LRUCache }) => {
  const fetchMethod = async (of: number) => (await sim.sleep(sim.draw('took', [1, 50])), of);
  const cache = new LRUCache<number, number>({ max: 9, ignoreFetchAbort: true, allowStaleOnFetchAbort: true, fetchMethod });
  const asked = new Set<number>();
  return {
    get: async ({ of, signal }) => {
      asked.add(of);
      await cache.fetch(of, { signal });
    },
    finally: () => expect(new Set(cache.keys())).toEqual(asked),
  };
});
