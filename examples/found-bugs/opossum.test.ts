// https://github.com/nodeshift/opossum/issues/385
import { expect } from 'vitest';
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('opossum-new') : () => import('opossum-old');

simTest('an open circuit lets a call through after a while', {
  load,
  operations: { call: { times: [1, 8], at: [0, 100], forMs: [0, 50] } },
}, (sim, { default: Breaker }) => {
  const fail = async (forMs: number) => (await sim.sleep(forMs), Promise.reject(new Error('failed')));
  const breaker = new Breaker(fail, { resetTimeout: 500, timeout: 5000 });
  return {
    call: ({ forMs }) => breaker.fire(forMs).catch(() => {}),
    finally: async () => {
      await sim.sleep(1000);
      expect(breaker.opened).toBe(false);
    },
  };
});
