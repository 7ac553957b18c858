/** Libraries about time: too long, too often, too many. */
import { library, nameOf, outcome } from './library.ts';

const WAIT_MS = 20;
const LIMIT = 2;
const INTERVAL_MS = 40;

export const pTimeout = library<typeof import('p-timeout')>('p-timeout', (module, sim) => ({
  async operate({ draw, check }) {
    const workMs = draw('work', 1, 30);
    const milliseconds = draw('limit', 1, 30);
    const work = async (): Promise<string> => {
      await sim.sleep(workMs);
      return 'done';
    };
    const fallback = draw('fallback', 0, 1) === 0 ? { fallback: () => 'instead' } : {};
    const { value, error, tookMs } = await outcome(sim, () => module.default(work(), { milliseconds, ...fallback }));
    check(
      tookMs === Math.min(workMs, milliseconds),
      `${workMs} ms of work, limit ${milliseconds} ms, took ${tookMs} ms`,
    );
    if (workMs < milliseconds) check(value === 'done', `in time, and it gave ${value ?? error}`);
    if (workMs > milliseconds)
      check(value === 'instead' || error instanceof module.TimeoutError, `too late, and it gave ${value ?? error}`);
    return value ?? nameOf(error);
  },
}));

export const pDebounce = library<typeof import('p-debounce')>('p-debounce', ({ default: debounce }, sim) => {
  let calls = 0;
  let lastMs = 0;
  let running = 0;
  const debounced = debounce(async (call: number) => {
    sim.check(call === calls, `called with ${call} of ${calls}`);
    sim.check(sim.now() - lastMs === WAIT_MS, `called ${sim.now() - lastMs} ms after the last call`);
    return call;
  }, WAIT_MS);
  const single = debounce.promise(async () => {
    running += 1;
    sim.check(running === 1, `${running} at once`);
    await sim.sleep(WAIT_MS);
    running -= 1;
    return sim.now();
  });
  return {
    async operate({ draw, check }) {
      if (draw('kind', 0, 1) === 0) {
        calls += 1;
        lastMs = sim.now();
        const call = calls;
        const given = await debounced(call);
        check(given >= call && given <= calls, `${call} of ${calls} was given ${given}`);
        return given;
      }
      const { value, tookMs } = await outcome(sim, () => single());
      check(value === sim.now() && tookMs <= WAIT_MS, `given what was done at ${value} ms, in ${tookMs} ms`);
      return value;
    },
  };
});

export const pThrottle = library<typeof import('p-throttle')>('p-throttle', ({ default: throttle }, sim) => {
  const startsMs: number[] = [];
  const throttled = throttle({ limit: LIMIT, interval: INTERVAL_MS, strict: true })(async (value: number) => {
    const before = startsMs.at(-LIMIT);
    startsMs.push(sim.now());
    sim.check(
      before === undefined || sim.now() - before >= INTERVAL_MS,
      `more than ${LIMIT} begun since ${before} ms, at ${sim.now()} ms`,
    );
    await sim.sleep(sim.draw('work', 0, 10));
    return value;
  });
  let called = 0;
  return {
    async operate({ draw, check }) {
      const calls: number[] = [];
      for (let left = draw('count', 1, 3); left > 0; left--) calls.push(++called);
      const values = await Promise.all(calls.map((call) => throttled(call)));
      check(String(values) === String(calls), `${calls} gave ${values}`);
      return values;
    },
    end() {
      sim.check(startsMs.length === called, `${startsMs.length} of ${called} calls begun`);
      sim.check(throttled.queueSize === 0, `${throttled.queueSize} queued at the end`);
    },
  };
});
