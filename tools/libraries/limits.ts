/** Libraries that limit: a number at once, or a number in a time. */
import { AFTER_MS, type Default, Gauge, library, nameOf, numbers, outcome } from './library.ts';

const INTERVAL_MS = 50;
const GAP_MS = 7;
/**
 * A job that waits for nothing begins after a timer of 0 ms, which counts as 1, and the next job is counted from before
 * that.
 */
const EARLY_MAX_MS = 1;

export const pLimit = library<typeof import('p-limit')>('p-limit', ({ default: limitOf }, sim) => {
  const max = sim.draw('max', 1, 3);
  const limit = limitOf(max);
  const gauge = new Gauge(sim, max);
  let called = 0;
  let begun = 0;
  return {
    async operate({ draw, number, check }) {
      const values = await Promise.all(
        numbers(draw('count', 1, 4)).map((i) => {
          called += 1;
          const ms = draw('work', 0, 20);
          return limit((turn: number) => {
            begun += 1;
            check(turn === begun, `call ${turn} began as number ${begun}`);
            return gauge.hold(ms, number * 10 + i);
          }, called);
        }),
      );
      checkOrder(values, number, check);
      return values;
    },
    async end() {
      await sim.sleep(AFTER_MS);
      const { activeCount, pendingCount } = limit;
      sim.check(activeCount === 0 && pendingCount === 0, `${activeCount} active, ${pendingCount} pending at the end`);
    },
  };
});

export const pQueue = library<typeof import('p-queue')>('p-queue', ({ default: PQueue }, sim) => {
  const max = sim.draw('max', 1, 3);
  const cap = sim.draw('cap', 2, 5);
  const queue = new PQueue({ concurrency: max, intervalCap: cap, interval: INTERVAL_MS, strict: true });
  const gauge = new Gauge(sim, max);
  const startsMs: number[] = [];
  return {
    async operate({ draw, number, check }) {
      const values = await queue.addAll(
        numbers(draw('count', 1, 3)).map((i) => () => {
          const before = startsMs.at(-cap);
          startsMs.push(sim.now());
          check(
            before === undefined || sim.now() - before >= INTERVAL_MS,
            `more than ${cap} begun since ${before} ms, at ${sim.now()} ms`,
          );
          return gauge.hold(draw('work', 0, 20), number * 10 + i);
        }),
        { priority: draw('priority', 0, 2) },
      );
      checkOrder(values, number, check);
      return values;
    },
    async end() {
      await queue.onIdle();
      sim.check(queue.size === 0 && queue.pending === 0, `${queue.size} waiting, ${queue.pending} pending at the end`);
    },
  };
});

export const pMap = library<typeof import('p-map')>('p-map', (module, sim) => ({
  async operate({ draw, check }) {
    const max = draw('max', 1, 3);
    const gauge = new Gauge(sim, max);
    const count = draw('count', 1, 6);
    const bad = draw('bad', 0, 9);
    const mapper = async (i: number): Promise<number> => {
      await gauge.hold(draw('work', 0, 20), i);
      if (i === bad) throw new RangeError(`${i} is bad`);
      return i * i;
    };
    if (draw('kind', 0, 1) === 0) {
      const squares: number[] = [];
      for await (const square of module.pMapIterable(numbers(Math.min(count, bad)), mapper, { concurrency: max }))
        squares.push(square);
      check(squares.length === Math.min(count, bad) && squares.every((square, i) => square === i * i), `${squares}`);
      return squares;
    }
    const { value, error } = await outcome(sim, () =>
      module.default(numbers(count), mapper, { concurrency: max, stopOnError: false }),
    );
    if (bad < count) {
      check(error instanceof AggregateError && error.errors.length === 1, `${bad} is bad, and it threw ${error}`);
      return nameOf(error);
    }
    check(value !== undefined && value.length === count, `${value} of ${count}`);
    check(value?.every((square, i) => square === i * i) === true, `${value}`);
    return value;
  },
}));

export const bottleneck = library<typeof import('bottleneck')>('bottleneck', ({ default: Bottleneck }, sim) => {
  const max = sim.draw('max', 1, 3);
  const limiter = new Bottleneck({ maxConcurrent: max, minTime: GAP_MS });
  const gauge = new Gauge(sim, max);
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    async operate({ draw, number, check }) {
      const values = await Promise.all(
        numbers(draw('count', 1, 3)).map((i) =>
          limiter.schedule({ priority: draw('priority', 4, 6) }, () => {
            check(sim.now() - lastMs >= GAP_MS - EARLY_MAX_MS, `begun ${sim.now() - lastMs} ms after the one before`);
            lastMs = sim.now();
            return gauge.hold(draw('work', 0, 20), number * 10 + i);
          }),
        ),
      );
      checkOrder(values, number, check);
      return values;
    },
    async end() {
      await sim.sleep(AFTER_MS);
      sim.check(limiter.empty(), 'jobs are queued at the end');
      await limiter.stop();
    },
  };
});

export const fastq = library<Default<typeof import('fastq')>>('fastq', ({ default: queueOf }, sim) => {
  const max = sim.draw('max', 1, 3);
  const gauge = new Gauge(sim, max);
  const queue = queueOf.promise(async ({ ms, value }: { ms: number; value: number }) => {
    await gauge.hold(ms, undefined);
    if (value % 7 === 0) throw new RangeError(`${value} is bad`);
    return value * 2;
  }, max);
  return {
    async operate({ draw, number, check }) {
      const results = await Promise.allSettled(
        numbers(draw('count', 1, 4)).map((i) => {
          const task = { ms: draw('work', 0, 20), value: number * 10 + i };
          return draw('end', 0, 2) === 0 ? queue.unshift(task) : queue.push(task);
        }),
      );
      return results.map((result, i) => {
        const value = number * 10 + i;
        const right = result.status === 'fulfilled' ? result.value === value * 2 : value % 7 === 0;
        check(right, `${value}: ${JSON.stringify(result)}`);
        return result.status;
      });
    },
    async end() {
      await queue.drained();
      sim.check(queue.idle() && queue.running() === 0, `${queue.running()} running at the end`);
    },
  };
});

/** The results of the calls of operation `number`, in the order of the calls. */
function checkOrder(values: readonly unknown[], number: number, check: (holds: boolean, what: string) => void): void {
  check(
    values.every((value, i) => value === number * 10 + i),
    `${values}`,
  );
}
