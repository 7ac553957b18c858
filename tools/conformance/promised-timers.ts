/** `timers/promises`, `util.promisify` of timers, and `scheduler`. */
import timers from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Program, program, told } from './program.ts';

const LIST = 'promised timers stand in the same lists';
const ABORTED = 'the promise is rejected, and nothing fires';

export const PROMISED_TIMERS: readonly Program[] = [
  program('a promised timer gives its value', 'as documented', ['x undefined'], async (log) => {
    log(await timers.setTimeout(1, 'x'));
    log(await timers.setTimeout(1));
  }),
  program('promisify of setTimeout', 'it is the promised timer', ['x true'], async (log) => {
    log(await promisify(setTimeout)(1, 'x'));
    log(promisify(setTimeout) === timers.setTimeout);
  }),
  program('promisify of setImmediate', 'it is the promised immediate', ['x true'], async (log) => {
    log(await promisify(setImmediate)('x'));
    log(promisify(setImmediate) === timers.setImmediate);
  }),
  program('promised timers and others of one duration', LIST, ['a b c'], (log) => {
    setTimeout(log, 3, 'a');
    void timers.setTimeout(3, 'b').then(log);
    setTimeout(log, 3, 'c');
  }),
  program(
    'a promised timer goes on before the next of its list',
    'microtasks run between any two timers',
    ['a t b'],
    (log) => {
      void timers.setTimeout(3, 'a').then((a) => {
        log(a);
        process.nextTick(log, 't');
      });
      setTimeout(log, 3, 'b');
    },
  ),
  program('promised timers with and without a signal', LIST, ['signal plain'], (log) => {
    const { signal } = new AbortController();
    void timers.setTimeout(3, 'signal', { signal }).then(log);
    void timers.setTimeout(3, 'plain').then(log);
  }),
  program('promised immediates', 'they are immediates', ['a b c'], (log) => {
    setImmediate(log, 'a');
    void timers.setImmediate('b').then(log);
    setImmediate(log, 'c');
  }),
  program('scheduler.wait', 'a promised timer without a value', ['undefined'], async (log) => {
    log(await timers.scheduler.wait(2));
  }),
  program('scheduler.yield', 'a promised immediate', ['a went b'], (log) => {
    setImmediate(log, 'a');
    void timers.scheduler.yield().then(() => log('went'));
    setImmediate(log, 'b');
  }),
  program('the methods of scheduler alone', 'they need their scheduler', ['TypeError:TypeError'], (log) => {
    try {
      Reflect.apply(timers.scheduler.wait, undefined, [1]);
    } catch (error) {
      log(told(error).replace(/^NodeError:/, 'TypeError:'));
    }
  }),
  program('a promised interval', 'it gives its value each time', ['x x x end'], async (log) => {
    let left = 3;
    for await (const each of timers.setInterval(1, 'x')) {
      log(each);
      if (--left === 0) break;
    }
    log('end');
  }),
  program('a promised interval that is too slow', 'what was missed is given at once', ['1 2 3'], async (log) => {
    let n = 0;
    for await (const _ of timers.setInterval(1)) {
      n += 1;
      log(n);
      if (n === 1) await timers.setTimeout(8);
      if (n === 3) break;
    }
  }),
  program('a promised interval that is left', 'its timer is cleared, and the process may end', ['a'], async (log) => {
    for await (const each of timers.setInterval(1, 'a')) {
      log(each);
      return;
    }
  }),
  program('a promised interval that is aborted', ABORTED, ['x AbortError:AbortError:ABORT_ERR'], async (log) => {
    const controller = new AbortController();
    try {
      for await (const each of timers.setInterval(1, 'x', { signal: controller.signal })) {
        log(each);
        controller.abort();
      }
    } catch (error) {
      log(told(error));
    }
  }),
  program('a promised timer that is aborted', ABORTED, ['AbortError:AbortError:ABORT_ERR why'], async (log) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort('why'), 1);
    try {
      await timers.setTimeout(1_000_000, 'x', { signal: controller.signal });
    } catch (error) {
      log(told(error));
      log(error instanceof Error && error.cause);
    }
  }),
  program('a promised immediate that is aborted', ABORTED, ['AbortError:AbortError:ABORT_ERR'], async (log) => {
    const controller = new AbortController();
    const waited = timers.setImmediate('x', { signal: controller.signal });
    controller.abort();
    await waited.catch((error: unknown) => log(told(error)));
  }),
  program('a promised timer whose signal has aborted', ABORTED, ['AbortError:AbortError:ABORT_ERR'], async (log) => {
    await timers.setTimeout(1, 'x', { signal: AbortSignal.abort() }).catch((error: unknown) => log(told(error)));
  }),
  program('an abort after the timer', 'the promise has its value', ['x'], async (log) => {
    const controller = new AbortController();
    const value = await timers.setTimeout(1, 'x', { signal: controller.signal });
    controller.abort();
    log(value);
  }),
  program('an unreferenced promised timer', 'it keeps no process going', ['set'], (log) => {
    void timers.setTimeout(1_000_000, 'never', { ref: false }).then(log);
    log('set');
  }),
  program('a race of a timer and a longer one', 'the shorter is due first', ['short'], async (log) => {
    const controller = new AbortController();
    const { signal } = controller;
    const short = timers.setTimeout(1, 'short');
    const long = timers.setTimeout(1_000_000, 'long', { signal }).catch(() => 'aborted');
    log(await Promise.race([short, long]));
    controller.abort();
  }),
  program(
    'timers one after the other, two at a time',
    'nothing is promised about those that are due together',
    ['a b', 'b a'],
    async (log) => {
      const pair = async (name: string, first: number, second: number): Promise<void> => {
        await timers.setTimeout(first);
        await timers.setTimeout(second);
        log(name);
      };
      await Promise.all([pair('a', 2, 6), pair('b', 6, 2)]);
    },
  ),
];
