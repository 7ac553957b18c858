// https://github.com/caolan/async/issues/945
import { expect } from 'vitest';
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('async-new') : () => import('async-old');

simTest('a paused queue begins nothing', {
  load,
  operations: { push: { times: [2, 6], items: [1, 3], forMs: [0, 20] } },
}, (sim, { default: async }) => {
  const queue = async.queue((forMs: number, done: () => void) => {
    expect(queue.paused).toBe(false);
    if (sim.draw('full', [0, 3]) === 1) {
      queue.pause();
      setTimeout(() => queue.resume(), 10);
    }
    setTimeout(done, forMs);
  }, 2);
  return { push: ({ items, forMs }) => queue.push(Array(items).fill(forMs)) };
});
