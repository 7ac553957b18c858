// https://github.com/node-cache-manager/node-cache-manager/issues/619
import { expect } from 'vitest';
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('cache-manager-new') : () => import('cache-manager-old');

simTest('who asks for a value while it is computed gets that one', {
  load,
  operations: { get: { times: [2, 6], of: ['a', 'b', 'c'], forMs: [0, 30] } },
}, async (sim, { caching }) => {
  const cache = await caching('memory');
  const computed = new Map<string, number>();
  return {
    get: ({ of, forMs }) =>
      cache.wrap(of, async () => {
        computed.set(of, (computed.get(of) ?? 0) + 1);
        await sim.sleep(forMs);
        return of;
      }),
    finally: () => expect([...computed.values()].every((times) => times === 1)).toBe(true),
  };
});
