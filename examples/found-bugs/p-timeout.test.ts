// https://github.com/sindresorhus/p-timeout/issues/46
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('p-timeout-new') : () => import('p-timeout-old');

simTest('what fails after its caller gave up is nobody\'s crash', {
  load,
  operations: { ask: { times: 3, afterMs: [0, 30], forMs: [0, 30] } },
}, (sim, { default: pTimeout }) => ({
  ask: async ({ afterMs, forMs, signal }) => {
    const { aborted } = signal;
    await sim.sleep(afterMs);
    const fail = async () => (await sim.sleep(forMs), Promise.reject(new Error('late')));
    await pTimeout(fail(), { milliseconds: 1000, signal }).catch(() => sim.log('gave up', aborted));
  },
}));
