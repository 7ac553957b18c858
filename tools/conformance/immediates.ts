/** `setImmediate`: turns of the event loop, and where timers come in between. */
import { type Program, program } from './program.ts';

const TURN = 'immediates of one turn run in order, one after the other';
const NEXT = 'an immediate that an immediate sets comes in the next turn';
const OPEN = 'from the main program and from immediates, whether a timer of 1 ms comes first is open';

export const IMMEDIATES: readonly Program[] = [
  program('immediates run in order', TURN, ['a b c'], (log) => {
    for (const each of ['a', 'b', 'c']) setImmediate(log, each);
  }),
  program(
    'ticks and microtasks between immediates',
    'they run between any two callbacks',
    ['a a-t a-m b b-t b-m'],
    (log) => {
      for (const each of ['a', 'b']) {
        setImmediate(() => {
          log(each);
          queueMicrotask(() => log(`${each}-m`));
          process.nextTick(log, `${each}-t`);
        });
      }
    },
  ),
  program('an immediate within an immediate', NEXT, ['a b c'], (log) => {
    setImmediate(() => {
      log('a');
      setImmediate(log, 'c');
    });
    setImmediate(log, 'b');
  }),
  program('an immediate that a microtask of an immediate sets', NEXT, ['a b c'], (log) => {
    setImmediate(() => {
      log('a');
      queueMicrotask(() => setImmediate(log, 'c'));
    });
    setImmediate(log, 'b');
  }),
  program('two turns', NEXT, ['a b a2 b2'], (log) => {
    for (const each of ['a', 'b']) {
      setImmediate(() => {
        log(each);
        setImmediate(log, `${each}2`);
      });
    }
  }),
  program('an immediate clears a later one', 'a cleared immediate never runs', ['a c'], (log) => {
    setImmediate(() => {
      log('a');
      clearImmediate(b);
    });
    const b = setImmediate(log, 'b');
    setImmediate(log, 'c');
  }),
  program('a tick between two immediates clears the second', 'a cleared immediate never runs', ['a c'], (log) => {
    setImmediate(() => {
      log('a');
      process.nextTick(() => clearImmediate(b));
    });
    const b = setImmediate(log, 'b');
    setImmediate(log, 'c');
  }),
  program('clearing an immediate before its turn', 'a cleared immediate never runs', ['b'], (log) => {
    const a = setImmediate(log, 'a');
    setImmediate(log, 'b');
    clearImmediate(a);
    clearImmediate(a);
  }),
  program('disposing of an immediate', 'a cleared immediate never runs', ['b'], (log) => {
    const a = setImmediate(log, 'a');
    Reflect.apply(Reflect.get(a, Symbol.dispose), a, []);
    setImmediate(log, 'b');
  }),
  program('clearing no immediate', 'it is ignored', ['fine'], (log) => {
    clearImmediate(undefined);
    Reflect.apply(clearImmediate, undefined, [null]);
    log('fine');
  }),
  program('an immediate and a timer of 0', OPEN, ['i t', 't i'], (log) => {
    setTimeout(log, 0, 't');
    setImmediate(log, 'i');
  }),
  program('an immediate and then a timer of 0', OPEN, ['i t', 't i'], (log) => {
    setImmediate(log, 'i');
    setTimeout(log, 0, 't');
  }),
  program('an immediate and a timer of 0 in an immediate', OPEN, ['i t', 't i'], (log) => {
    setImmediate(() => {
      setTimeout(log, 0, 't');
      setImmediate(log, 'i');
    });
  }),
  program(
    'an immediate and a timer of 0 in a timer',
    'after the timers the loop goes on to the immediates',
    ['i t'],
    (log) => {
      setTimeout(() => {
        setTimeout(log, 0, 't');
        setImmediate(log, 'i');
      }, 2);
    },
  ),
  program(
    'an immediate and a timer of 0 in a microtask of a timer',
    'after the timers the loop goes on to the immediates',
    ['i t'],
    (log) => {
      setTimeout(async () => {
        await undefined;
        setTimeout(log, 0, 't');
        setImmediate(log, 'i');
      }, 2);
    },
  ),
  program(
    'a timer of 0 and two immediates',
    'no timer comes between the immediates of a turn',
    ['a b t', 't a b'],
    (log) => {
      setImmediate(log, 'a');
      setTimeout(log, 0, 't');
      setImmediate(log, 'b');
    },
  ),
  program(
    'two timers of 1 and an immediate that the first sets',
    'the second may be a millisecond later',
    ['a i b', 'a b i'],
    (log) => {
      setTimeout(() => {
        log('a');
        setImmediate(log, 'i');
      }, 1);
      setTimeout(log, 1, 'b');
    },
  ),
  program('a chain of immediates and a timer of 0', OPEN, ['t 1 2 3', '1 t 2 3', '1 2 t 3', '1 2 3 t'], (log) => {
    setTimeout(log, 0, 't');
    const turn = (n: number): void => {
      log(n);
      if (n < 3) setImmediate(turn, n + 1);
    };
    setImmediate(turn, 1);
  }),
  program('a loop of immediates ends by a timer', 'time passes from turn to turn', ['over'], (log) => {
    let over = false;
    setTimeout(() => {
      over = true;
    }, 3);
    const turn = (): void => {
      if (over) log('over');
      else setImmediate(turn);
    };
    turn();
  }),
  program('arguments and this of an immediate', 'Node calls it so', ['1,2 true'], (log) => {
    const immediate = setImmediate(
      function (this: unknown, ...args: number[]) {
        log(args);
        log(this === immediate);
      },
      1,
      2,
    );
  }),
  program('hasRef of an immediate', 'it is let go of before it is called', ['true false true false'], (log) => {
    const immediate = setImmediate(() => log(immediate.hasRef()));
    log(immediate.hasRef());
    log(immediate.unref().hasRef());
    log(immediate.ref().hasRef());
  }),
  program('an unreferenced immediate before another', TURN, ['a b'], (log) => {
    setImmediate(log, 'a').unref();
    setImmediate(log, 'b');
  }),
  program('an immediate that a tick sets and one that a microtask sets', TURN, ['a t m'], (log) => {
    queueMicrotask(() => setImmediate(log, 'm'));
    process.nextTick(() => setImmediate(log, 't'));
    setImmediate(log, 'a');
  }),
  program('a tick, a microtask and an immediate', 'in this order', ['t m i'], (log) => {
    setImmediate(log, 'i');
    queueMicrotask(() => log('m'));
    process.nextTick(log, 't');
  }),
  program('what an immediate is', 'an object of the class Immediate', ['Immediate'], (log) => {
    log(setImmediate(() => {}).constructor.name);
  }),
];
