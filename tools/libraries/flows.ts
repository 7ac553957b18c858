/** Libraries with their own way of waiting: callbacks, another kind of promise, observables. */
import { type Default, Gauge, library, nameOf, numbers, outcome } from './library.ts';

const RETRIES = 3;
const WAIT_MS = 5;
const LIMIT_MS = 20;
/** Bluebird continues by immediates, each of which may come after a timer of a millisecond. */
const LATE_MAX_MS = 2;

export const asyncFunctions = library<typeof import('async')>('async', (async, sim) => {
  const max = sim.draw('max', 1, 3);
  const gauge = new Gauge(sim, max);
  const queue = async.queue<{ ms: number; value: number }>(async ({ ms, value }) => gauge.hold(ms, value), max);
  return {
    async operate({ draw, number, check }) {
      const count = draw('count', 1, 4);
      switch (draw('kind', 0, 2)) {
        case 0: {
          const own = new Gauge(sim, 2);
          const squares = await async.mapLimit<number, number>(numbers(count), 2, async (i: number) =>
            own.hold(draw('work', 0, 20), i * i),
          );
          check(squares.length === count && squares.every((square, i) => square === i * i), `${squares}`);
          return squares;
        }
        case 1: {
          const values = await Promise.all(
            numbers(count).map((i) => queue.push<number>({ ms: draw('work', 0, 20), value: number * 10 + i })),
          );
          check(
            values.every((value, i) => value === number * 10 + i),
            `${values}`,
          );
          return values;
        }
        default: {
          const failures = draw('failures', 0, 4);
          let tries = 0;
          const { value, error, tookMs } = await outcome(sim, () =>
            async.retry({ times: RETRIES, interval: WAIT_MS }, async () => {
              tries += 1;
              if (tries <= failures) throw new RangeError('no');
              return tries;
            }),
          );
          const expected = Math.min(failures + 1, RETRIES);
          check(tries === expected && tookMs === (expected - 1) * WAIT_MS, `${tries} tries in ${tookMs} ms`);
          check(failures < RETRIES ? value === tries : nameOf(error) === 'RangeError', `it gave ${value ?? error}`);
          return tries;
        }
      }
    },
    end() {
      sim.check(queue.idle() && queue.length() === 0, `${queue.running()} running at the end`);
    },
  };
});

export const bluebird = library<Default<typeof import('bluebird')>>('bluebird', ({ default: Bluebird }, sim) => ({
  async operate({ draw, check }) {
    const ms = draw('work', 1, 30);
    const count = draw('count', 1, 5);
    switch (draw('kind', 0, 3)) {
      case 0: {
        const gauge = new Gauge(sim, 2);
        const squares = await Bluebird.map(numbers(count), (i) => gauge.hold(draw('each', 0, 20), i * i), {
          concurrency: 2,
        });
        check(squares.length === count && squares.every((square, i) => square === i * i), `${squares}`);
        return squares;
      }
      case 1: {
        const { value, error, tookMs } = await outcome(sim, () => Bluebird.delay(ms, 'done').timeout(LIMIT_MS));
        const lateMs = tookMs - Math.min(ms, LIMIT_MS);
        check(lateMs >= 0 && lateMs <= LATE_MAX_MS, `${ms} ms took ${tookMs} ms`);
        if (ms + LATE_MAX_MS < LIMIT_MS) check(value === 'done', `${ms} ms: ${error}`);
        if (ms > LIMIT_MS) check(error instanceof Bluebird.TimeoutError, `${ms} ms: ${value ?? error}`);
        return value ?? nameOf(error);
      }
      case 2: {
        const order: number[] = [];
        const sum = await Bluebird.resolve(numbers(count))
          .each(async (i) => {
            await sim.sleep(draw('each', 0, 10));
            order.push(i);
          })
          .reduce((total: number, i: number) => total + i, 0);
        check(String(order) === String(numbers(count)), `in the order ${order}`);
        check(sum === (count * (count - 1)) / 2, `the sum is ${sum}`);
        return sum;
      }
      default: {
        let open = 0;
        const resource = (): InstanceType<typeof Bluebird.Disposer<number>> =>
          Bluebird.try(() => ++open).disposer(() => {
            open -= 1;
          });
        const { value, error } = await outcome(sim, () =>
          Bluebird.using(resource(), async (number) => {
            await sim.sleep(ms);
            if (count === 1) throw new RangeError('no');
            return number;
          }),
        );
        check(open === 0, `${open} open at the end`);
        check(count === 1 ? error instanceof RangeError : value === 1, `it gave ${value ?? error}`);
        return value ?? nameOf(error);
      }
    }
  },
}));

export const rxjs = library<typeof import('rxjs')>('rxjs', (rx, sim) => ({
  async operate({ draw, check }) {
    const count = draw('count', 1, 5);
    switch (draw('kind', 0, 3)) {
      case 0: {
        let inside = 0;
        const squares = await rx.lastValueFrom(
          rx.from(numbers(count)).pipe(
            rx.mergeMap((i) => {
              inside += 1;
              check(inside <= 2, `${inside} at once`);
              return rx.timer(draw('each', 0, 20)).pipe(
                rx.map(() => i * i),
                rx.finalize(() => {
                  inside -= 1;
                }),
              );
            }, 2),
            rx.toArray(),
          ),
        );
        const sorted = [...squares].sort((a, b) => a - b);
        check(sorted.length === count && sorted.every((square, i) => square === i * i), `${squares}`);
        return squares;
      }
      case 1: {
        const ordered = await rx.lastValueFrom(
          rx.from(numbers(count)).pipe(
            rx.concatMap(async (i) => {
              await sim.sleep(draw('each', 0, 10));
              return i;
            }),
            rx.toArray(),
          ),
        );
        check(String(ordered) === String(numbers(count)), `in the order ${ordered}`);
        return ordered;
      }
      case 2: {
        const stopMs = draw('stop', 1, 50);
        const fromMs = sim.now();
        const ticks = await rx.lastValueFrom(
          rx.interval(10).pipe(
            rx.tap((i) => check(sim.now() - fromMs === 10 * (i + 1), `tick ${i} after ${sim.now() - fromMs} ms`)),
            rx.takeUntil(rx.timer(stopMs)),
            rx.count(),
          ),
        );
        const whole = Math.floor(stopMs / 10);
        check(ticks === whole || (stopMs % 10 === 0 && ticks === whole - 1), `${ticks} ticks in ${stopMs} ms`);
        return ticks;
      }
      default: {
        const failures = draw('failures', 0, 4);
        let tries = 0;
        const { value, error, tookMs } = await outcome(sim, () =>
          rx.lastValueFrom(
            rx
              .defer(() => {
                tries += 1;
                return tries <= failures ? rx.throwError(() => new RangeError('no')) : rx.of(tries);
              })
              .pipe(rx.retry({ count: RETRIES, delay: WAIT_MS })),
          ),
        );
        const expected = Math.min(failures, RETRIES) + 1;
        check(tries === expected && tookMs === (expected - 1) * WAIT_MS, `${tries} tries in ${tookMs} ms`);
        check(failures > RETRIES ? error instanceof RangeError : value === tries, `it gave ${value ?? error}`);
        return value ?? nameOf(error);
      }
    }
  },
}));
