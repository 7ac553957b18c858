/** `setTimeout` and `setInterval`: order, clearing, refreshing, references, durations. */
import { type Program, program } from './program.ts';

const LIST = 'timers of one duration stand in one list, in the order in which they were set';
const BETWEEN = 'ticks and then microtasks run between any two timers';
const OPEN = 'nothing is promised about timers of different durations that are due together';
const CLEARED = 'a cleared timer never fires';
const UNREF = 'an unreferenced timer keeps no process going';

export const TIMERS: readonly Program[] = [
  program('timers of one duration fire in order', LIST, ['a b c'], (log) => {
    for (const each of ['a', 'b', 'c']) setTimeout(log, 3, each);
  }),
  program(
    'a shorter timer that is set first fires first',
    'its time is never later than that of the other',
    ['a b'],
    (log) => {
      setTimeout(log, 1, 'a');
      setTimeout(log, 4, 'b');
    },
  ),
  program('a timer and a chain of two as long', OPEN, ['ten chain', 'chain ten'], (log) => {
    setTimeout(log, 10, 'ten');
    setTimeout(() => setTimeout(log, 4, 'chain'), 6);
  }),
  program('a chain of two and a timer as long', OPEN, ['ten chain', 'chain ten'], (log) => {
    setTimeout(() => setTimeout(log, 4, 'chain'), 6);
    setTimeout(log, 10, 'ten');
  }),
  program('two timers and a chain as long', OPEN, ['a b c', 'a c b', 'c a b'], (log) => {
    setTimeout(() => setTimeout(log, 3, 'c'), 5);
    setTimeout(log, 8, 'a');
    setTimeout(log, 8, 'b');
  }),
  program('two chains as long', OPEN, ['a b', 'b a'], (log) => {
    setTimeout(() => setTimeout(log, 5, 'a'), 3);
    setTimeout(() => setTimeout(log, 3, 'b'), 5);
  }),
  program('an interval and a timer of twice its time', OPEN, ['i i t', 'i t'], (log) => {
    const every = setInterval(log, 10, 'i');
    setTimeout(() => {
      log('t');
      clearInterval(every);
    }, 20);
  }),
  program('arguments are handed on', 'the rest of the arguments are those of the callback', ['1,x,true'], (log) => {
    setTimeout((...args) => log(args), 1, 1, 'x', true);
  }),
  program(
    'arguments of an interval are handed on each time',
    'the rest of the arguments are those of the callback',
    ['1-2 1-2'],
    (log) => {
      let left = 2;
      const every = setInterval(
        (a: number, b: number) => {
          log(`${a}-${b}`);
          if (--left === 0) clearInterval(every);
        },
        1,
        1,
        2,
      );
    },
  ),
  program('the callback is called on the timer', 'Node calls it so', ['true'], (log) => {
    const timer = setTimeout(function (this: unknown) {
      log(this === timer);
    }, 1);
  }),
  program('a timer clears a later one of its list', CLEARED, ['a c'], (log) => {
    setTimeout(() => {
      log('a');
      clearTimeout(b);
    }, 3);
    const b = setTimeout(log, 3, 'b');
    setTimeout(log, 3, 'c');
  }),
  program('a microtask between two timers clears the second', BETWEEN, ['a'], (log) => {
    setTimeout(() => {
      log('a');
      queueMicrotask(() => clearTimeout(b));
    }, 3);
    const b = setTimeout(log, 3, 'b');
  }),
  program('a timer that clears itself', 'it has fired already', ['a'], (log) => {
    const timer = setTimeout(() => {
      log('a');
      clearTimeout(timer);
    }, 1);
  }),
  program('clearing twice', CLEARED, ['b'], (log) => {
    const timer = setTimeout(log, 1, 'a');
    clearTimeout(timer);
    clearTimeout(timer);
    setTimeout(log, 1, 'b');
  }),
  program('clearing by number', 'a timer that was asked for its number can be cleared by it', ['b'], (log) => {
    clearTimeout(Number(setTimeout(log, 1, 'a')));
    setTimeout(log, 1, 'b');
  }),
  program('clearing by text', 'the same, as keys of objects are texts', ['b'], (log) => {
    clearTimeout(`${setTimeout(log, 1, 'a')}`);
    setTimeout(log, 1, 'b');
  }),
  program('clearing what is no timer', 'it is ignored', ['fine'], (log) => {
    for (const each of [undefined, null, {}, 'x', Number.NaN, -1]) Reflect.apply(clearTimeout, undefined, [each]);
    log('fine');
  }),
  program('clearTimeout of an immediate', 'it is no timer', ['immediate'], (log) => {
    Reflect.apply(clearTimeout, undefined, [setImmediate(log, 'immediate')]);
  }),
  program('clearTimeout of an interval, clearInterval of a timer', 'each clears both', [''], (log) => {
    clearTimeout(setInterval(log, 1, 'interval'));
    clearInterval(setTimeout(log, 1, 'timer'));
  }),
  program('close and dispose', CLEARED, ['true b'], (log) => {
    const closed = setTimeout(log, 1, 'a');
    log(closed.close() === closed);
    const disposed = setTimeout(log, 1, 'a');
    Reflect.apply(Reflect.get(disposed, Symbol.dispose), disposed, []);
    setTimeout(log, 1, 'b');
  }),
  program('an interval ends in its first callback', CLEARED, ['i'], (log) => {
    const every = setInterval(() => {
      log('i');
      clearInterval(every);
    }, 1);
  }),
  program('an interval ends in a microtask of its callback', CLEARED, ['i'], (log) => {
    const every = setInterval(() => {
      log('i');
      void Promise.resolve().then(() => clearInterval(every));
    }, 1);
  }),
  program('two intervals of one duration', LIST, ['a b a b'], (log) => {
    for (const each of ['a', 'b']) {
      let left = 2;
      const every = setInterval(() => {
        log(each);
        if (--left === 0) clearInterval(every);
      }, 2);
    }
  }),
  program(
    'a timer of its duration that an interval sets',
    'an interval joins its list again after its callback',
    ['i x i'],
    (log) => {
      let ticks = 0;
      const every = setInterval(() => {
        log('i');
        if (++ticks === 2) clearInterval(every);
        else setTimeout(log, 3, 'x');
      }, 3);
    },
  ),
  program('a timer of its duration that a timer sets', LIST, ['a b c'], (log) => {
    setTimeout(() => {
      log('a');
      setTimeout(log, 1, 'c');
    }, 1);
    setTimeout(log, 1, 'b');
  }),
  program('timers that set themselves', LIST, ['a0 b0 a1 b1 a2 b2'], (log) => {
    const again = (name: string, n: number): void => {
      log(`${name}${n}`);
      if (n < 2) setTimeout(again, 1, name, n + 1);
    };
    for (const each of ['a', 'b']) setTimeout(again, 1, each, 0);
  }),
  program('refresh', 'a timer that is refreshed joins the end of its list', ['b a'], (log) => {
    const a = setTimeout(log, 8, 'a');
    setTimeout(log, 8, 'b');
    if (a.refresh() !== a) log('another');
  }),
  program('refresh of a timer that has fired', 'it fires again', ['a a'], (log) => {
    let left = 1;
    const a = setTimeout(() => {
      log('a');
      if (left-- > 0) setImmediate(() => a.refresh());
    }, 1);
  }),
  program('refresh in its own callback', 'it fires again', ['a a a'], (log) => {
    let left = 2;
    const a = setTimeout(() => {
      log('a');
      if (left-- > 0) a.refresh();
    }, 1);
  }),
  program('refresh of a timer that was cleared', CLEARED, ['b'], (log) => {
    const a = setTimeout(log, 1, 'a');
    clearTimeout(a);
    a.refresh();
    setTimeout(log, 1, 'b');
  }),
  program('an unreferenced timer alone', UNREF, ['set'], (log) => {
    setTimeout(log, 1_000_000, 'never').unref();
    log('set');
  }),
  program('an unreferenced interval beside a timer', UNREF, ['i t'], (log) => {
    const every = setInterval(() => {
      log('i');
      clearInterval(every);
    }, 1).unref();
    setTimeout(log, 4, 't');
  }),
  program('a timer that is referenced again', 'it counts as others do', ['a'], (log) => {
    setTimeout(log, 1, 'a').unref().ref();
  }),
  program('hasRef', 'it tells whether it keeps the process going', ['true false true true'], (log) => {
    const a = setTimeout(() => {}, 1);
    log(a.hasRef());
    log(a.unref().hasRef());
    log(a.ref().hasRef());
    log(a.ref().hasRef());
  }),
  program('durations that are none', 'below 1, and what is no number, counts as 1', ['a b c d e'], (log) => {
    for (const [each, ms] of Object.entries({ a: 0, b: 1, c: -7, d: Number.NaN })) setTimeout(log, ms, each);
    Reflect.apply(setTimeout, undefined, [log, undefined, 'e']);
  }),
  program('durations with a fraction', 'the list is that of the whole milliseconds', ['a b c'], (log) => {
    setTimeout(log, 2.9, 'a');
    setTimeout(log, 2, 'b');
    setTimeout(log, 2.1, 'c');
  }),
  program('durations as text', 'they are made numbers', ['a b'], (log) => {
    Reflect.apply(setTimeout, undefined, [log, '2', 'a']);
    setTimeout(log, 2, 'b');
  }),
  program('a microtask between two timers', BETWEEN, ['a m b'], (log) => {
    setTimeout(() => {
      log('a');
      void Promise.resolve('m').then(log);
    }, 2);
    setTimeout(log, 2, 'b');
  }),
  program('a tick and a microtask between two timers', BETWEEN, ['a t m b'], (log) => {
    setTimeout(() => {
      log('a');
      void Promise.resolve('m').then(log);
      process.nextTick(log, 't');
    }, 2);
    setTimeout(log, 2, 'b');
  }),
  program('a chain of microtasks between two timers', BETWEEN, ['a 1 2 3 b'], (log) => {
    setTimeout(async () => {
      log('a');
      for (const each of [1, 2, 3]) {
        await undefined;
        log(each);
      }
    }, 2);
    setTimeout(log, 2, 'b');
  }),
  program('timers set at once, by a tick and by a microtask', LIST, ['a t m'], (log) => {
    queueMicrotask(() => setTimeout(log, 2, 'm'));
    process.nextTick(() => setTimeout(log, 2, 't'));
    setTimeout(log, 2, 'a');
  }),
  program('an awaited timer goes on before the next of its list', BETWEEN, ['a went b'], async (log) => {
    const waited = new Promise<void>((resolve) => {
      setTimeout(() => {
        log('a');
        resolve();
      }, 2);
    });
    setTimeout(log, 2, 'b');
    await waited;
    log('went');
  }),
  program('numbers of timers', 'each has its own, above 0', ['number true true'], (log) => {
    const [a, b] = [1, 1].map((ms) => Number(setTimeout(() => {}, ms)));
    log(typeof a);
    log(a !== b);
    log(Number(a) > 0);
  }),
  program('what a timer is', 'an object of the class Timeout', ['Timeout object Timeout'], (log) => {
    const timer = setTimeout(() => {}, 1);
    log(timer.constructor.name);
    log(typeof timer);
    const every = setInterval(() => {}, 1);
    log(every.constructor.name);
    clearInterval(every);
  }),
];
