// https://github.com/sindresorhus/p-map/issues/94
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('p-map-new') : () => import('p-map-old');

simTest('ends when its source has', {
  load,
  operations: { map: { count: [0, 4], concurrency: [1, 3] } },
}, (sim, { default: pMap }) => ({
  map: async ({ count, concurrency }) => {
    let given = 0;
    // Like a queue: whoever asks again after the end waits for what never comes.
    const next = async () => {
      await sim.sleep(sim.draw('gap', [0, 9]));
      given += 1;
      return given <= count ? { value: given } : given === count + 1 ? { done: true } : new Promise(() => {});
    };
    await pMap({ [Symbol.asyncIterator]: () => ({ next }) }, () => sim.sleep(sim.draw('took', [0, 9])), { concurrency });
  },
}));
