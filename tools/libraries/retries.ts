/** Libraries for calls that fail. */
import { type Default, Gauge, library, nameOf, outcome } from './library.ts';

const RETRIES = 3;
const FIRST_WAIT_MS = 5;
const LIMIT_MS = 30;
const RESET_MS = 40;
const PLACES = 2;
const QUEUED = 20;

class DownError extends Error {
  override name = 'DownError';
}

export const pRetry = library<typeof import('p-retry')>('p-retry', (module, sim) => ({
  async operate({ draw, check }) {
    const failures = draw('failures', 0, 5);
    const hopeless = draw('hopeless', 0, 9);
    const triesMs: number[] = [];
    const { value, error } = await outcome(sim, () =>
      module.default(
        async (attempt) => {
          triesMs.push(sim.now());
          check(attempt === triesMs.length, `attempt ${attempt} is number ${triesMs.length}`);
          await sim.sleep(draw('work', 0, 5));
          if (attempt > hopeless) throw new module.AbortError(new DownError('for good'));
          if (attempt <= failures) throw new DownError('for now');
          return attempt;
        },
        { retries: RETRIES, minTimeout: FIRST_WAIT_MS, factor: 2, randomize: false },
      ),
    );
    const tries = Math.min(failures + 1, hopeless + 1, RETRIES + 1);
    check(triesMs.length === tries, `${triesMs.length} tries instead of ${tries}`);
    for (const [i, atMs] of triesMs.entries()) {
      const waitMs = FIRST_WAIT_MS * 2 ** (i - 1);
      const gapMs = atMs - (triesMs[i - 1] ?? Number.NEGATIVE_INFINITY);
      check(gapMs >= waitMs && (i === 0 || gapMs <= waitMs + 5), `try ${i + 1} came ${gapMs} ms after the one before`);
    }
    const succeeds = failures + 1 <= Math.min(hopeless, RETRIES + 1);
    check(succeeds ? value === tries : error instanceof DownError, `it gave ${value ?? error}`);
    return value ?? nameOf(error);
  },
}));

export const opossum = library<Default<typeof import('opossum')>>('opossum', ({ default: CircuitBreaker }, sim) => {
  let calls = 0;
  const action = async (ms: number, fails: boolean): Promise<number> => {
    calls += 1;
    await sim.sleep(ms);
    if (fails) throw new DownError('no');
    return ms;
  };
  const breaker = new CircuitBreaker(action, {
    timeout: LIMIT_MS,
    errorThresholdPercentage: 50,
    resetTimeout: RESET_MS,
    volumeThreshold: 2,
    rollingCountTimeout: 200,
    rollingCountBuckets: 10,
  });
  let openedMs = Number.NEGATIVE_INFINITY;
  breaker.on('open', () => {
    openedMs = sim.now();
  });
  breaker.on('halfOpen', () => {
    sim.check(sim.now() - openedMs === RESET_MS, `half open ${sim.now() - openedMs} ms after it opened`);
  });
  return {
    async operate({ draw, check }) {
      const told: string[] = [];
      for (let left = draw('count', 1, 4); left > 0; left--) {
        const ms = draw('work', 1, 40);
        const fails = draw('fails', 0, 1) === 0;
        const { opened } = breaker;
        const before = calls;
        const { value, error, tookMs } = await outcome(sim, () => {
          const fired = breaker.fire(ms, fails);
          if (opened) check(calls === before, 'the action was called while the breaker was open');
          return fired;
        });
        const code: unknown = Object(error).code;
        if (opened) check(code === 'EOPENBREAKER' && tookMs === 0, `open, and it gave ${value ?? error}`);
        if (code === 'ETIMEDOUT') check(tookMs === LIMIT_MS && ms >= LIMIT_MS, `timed out after ${tookMs} ms of ${ms}`);
        if (value !== undefined)
          check(value === ms && !fails && tookMs === ms && ms <= LIMIT_MS, `${ms} gave ${value}`);
        if (error instanceof DownError) check(fails && ms <= LIMIT_MS, `${ms} threw ${error}`);
        told.push(value === undefined ? String(code ?? nameOf(error)) : 'ok');
        await sim.sleep(draw('pause', 0, 50));
      }
      return told;
    },
    end() {
      breaker.shutdown();
      sim.check(breaker.isShutdown, 'not shut down');
    },
  };
});

export const cockatiel = library<typeof import('cockatiel')>('cockatiel', (module, sim) => {
  const { bulkhead, circuitBreaker, ConsecutiveBreaker, ConstantBackoff, handleAll, handleType, retry, timeout, wrap } =
    module;
  const retrying = retry(handleType(DownError), {
    maxAttempts: RETRIES,
    backoff: new ConstantBackoff(FIRST_WAIT_MS),
  });
  const bulk = wrap(timeout(LIMIT_MS, module.TimeoutStrategy.Aggressive), bulkhead(PLACES, QUEUED));
  const gauge = new Gauge(sim, PLACES);
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: RESET_MS, breaker: new ConsecutiveBreaker(2) });
  let brokenMs = Number.NEGATIVE_INFINITY;
  breaker.onBreak(() => {
    brokenMs = sim.now();
  });
  return {
    async operate({ draw, check }) {
      const ms = draw('work', 0, 20);
      switch (draw('kind', 0, 2)) {
        case 0: {
          const failures = draw('failures', 0, 5);
          const triesMs: number[] = [];
          const { value, error } = await outcome(sim, () =>
            retrying.execute(async () => {
              const lastMs = triesMs.at(-1);
              check(lastMs === undefined || sim.now() - lastMs === FIRST_WAIT_MS, `tried after ${sim.now()} ms`);
              triesMs.push(sim.now());
              if (triesMs.length <= failures) throw new DownError('no');
              return triesMs.length;
            }),
          );
          const tries = Math.min(failures, RETRIES) + 1;
          check(triesMs.length === tries, `${triesMs.length} tries instead of ${tries}`);
          check(failures > RETRIES ? error instanceof DownError : value === tries, `it gave ${value ?? error}`);
          return value ?? nameOf(error);
        }
        case 1: {
          const { value, error, tookMs } = await outcome(sim, () =>
            bulk.execute(async ({ signal }) => {
              if (signal.aborted) return -1;
              return gauge.hold(ms, ms);
            }),
          );
          check(tookMs <= LIMIT_MS, `took ${tookMs} ms`);
          if (error !== undefined)
            check(error instanceof module.TaskCancelledError && tookMs === LIMIT_MS, `after ${tookMs} ms: ${error}`);
          return value ?? nameOf(error);
        }
        default: {
          const fails = draw('fails', 0, 2) > 0;
          const { error, tookMs } = await outcome(sim, () =>
            breaker.execute(async () => {
              check(
                sim.now() - brokenMs >= RESET_MS || sim.now() === brokenMs,
                `called ${sim.now() - brokenMs} ms after`,
              );
              if (fails) throw new DownError('no');
            }),
          );
          check(tookMs === 0, `took ${tookMs} ms`);
          check(error === undefined ? !fails : error instanceof Error, `fails: ${fails}, and it gave ${error}`);
          return error === undefined ? 'ok' : error instanceof module.BrokenCircuitError ? 'broken' : nameOf(error);
        }
      }
    },
  };
});
