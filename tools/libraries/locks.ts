/** Locks: who is inside, and who comes next. */
import { AFTER_MS, Gauge, library, outcome } from './library.ts';

const PLACES = 2;
const PATIENCE_MS = 25;

export const asyncMutex = library<typeof import('async-mutex')>('async-mutex', (module, sim) => {
  const mutex = new module.Mutex();
  const semaphore = new module.Semaphore(PLACES);
  const timed = module.withTimeout(new module.Mutex(), PATIENCE_MS);
  const places = new Gauge(sim, PLACES);
  const place = new Gauge(sim, 1);
  let balance = 0;
  let paidIn = 0;
  return {
    async operate({ draw, number, check }) {
      const ms = draw('work', 0, 40);
      switch (draw('kind', 0, 2)) {
        case 0:
          paidIn += number;
          return mutex.runExclusive(async () => {
            const before = balance;
            await sim.sleep(ms);
            balance = before + number;
            return balance;
          });
        case 1: {
          const [value, release] = await semaphore.acquire();
          check(value > 0 && value <= PLACES, `the semaphore was ${value}`);
          await places.hold(ms, undefined);
          release();
          return value;
        }
        default: {
          const { value: release, error, tookMs } = await outcome(sim, () => timed.acquire());
          check(tookMs <= PATIENCE_MS, `waited ${tookMs} ms`);
          if (release === undefined) {
            check(error === module.E_TIMEOUT && tookMs === PATIENCE_MS, `gave up after ${tookMs} ms: ${error}`);
            return 'too late';
          }
          await place.hold(ms, undefined);
          release();
          return tookMs;
        }
      }
    },
    async end() {
      // A waiter that has given up is still handed the lock, and gives it back.
      await sim.sleep(AFTER_MS);
      sim.check(balance === paidIn, `the balance is ${balance}, and ${paidIn} were paid in`);
      sim.check(!mutex.isLocked() && !semaphore.isLocked() && !timed.isLocked(), 'a lock is held at the end');
    },
  };
});
