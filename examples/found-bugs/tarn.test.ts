// https://github.com/Vincit/tarn.js/pull/48
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('tarn-new') : () => import('tarn-old');

simTest('after a resource took too long to be made, another one is', {
  load,
  operations: { use: { times: [1, 4], forMs: [0, 20] } },
}, (sim, { Pool }) => {
  const create = async () => (await sim.sleep(sim.draw('took', { oneOf: [1, 100_000] })), {});
  const limits = { min: 0, max: 1, createTimeoutMillis: 100, acquireTimeoutMillis: 20_000, propagateCreateError: false };
  const pool = new Pool({ create, destroy: () => {}, ...limits });
  return {
    use: async ({ forMs }) => {
      const resource = await pool.acquire().promise;
      await sim.sleep(forMs);
      pool.release(resource);
    },
  };
});
