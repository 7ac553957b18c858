// https://github.com/natesilva/p-ratelimit/pull/25, which is not released
import { simTest } from 'meshos-sim/vitest';

const declare = process.env.FIXED ? simTest.skip : simTest;

declare('calls that wait too long take no place of others', {
  load: () => import('p-ratelimit-old'),
  operations: { call: { times: [2, 6], at: [0, 50], forMs: [0, 60] } },
}, (sim, { pRateLimit }) => {
  const limit = pRateLimit({ concurrency: 1, maxDelay: 30 });
  return {
    call: ({ forMs }) => limit(() => sim.sleep(forMs)).catch(() => sim.log('waited too long')),
    finally: () => limit(async () => sim.log('called')),
  };
});
