// A clock that is set back: cron 1.0.9 fires when its timer does, whatever the clock says then.
import { expect } from 'vitest';
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('cron-new') : () => import('cron-old');

simTest('fires on the minute', {
  load,
  operations: { setBack: { times: [0, 2], at: [0, 200_000], byMs: [1000, 50_000] } },
  faults: 'none',
}, (sim, { CronJob }) => {
  const job = new CronJob('0 * * * * *', () => expect(new Date().getSeconds()).toBe(0), null, true);
  return {
    setBack: ({ byMs }) => sim.clockJump(-byMs),
    finally: () => job.stop(),
  };
});
