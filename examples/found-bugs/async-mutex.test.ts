// https://github.com/DirtyHairy/async-mutex/issues/52
import { expect } from 'vitest';
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('async-mutex-new') : () => import('async-mutex-old');

simTest('who waits for the lock to be free finds it free', {
  load,
  operations: { work: { times: 4, at: [0, 50], forMs: [0, 20] }, look: { times: 2, at: [0, 50] } },
}, (sim, { Mutex }) => {
  const mutex = new Mutex();
  return {
    work: ({ forMs }) => mutex.runExclusive(() => sim.sleep(forMs)),
    look: async () => {
      await mutex.waitForUnlock();
      expect(mutex.isLocked()).toBe(false);
    },
  };
});
