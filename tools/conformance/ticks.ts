/** `process.nextTick` and `queueMicrotask`: the order of the two queues. */
import { type Program, program } from './program.ts';

const FIFO = 'each queue keeps its order';
const TICKS = 'all ticks run before the next microtask, once the microtasks that are under way have run';

export const TICKS_AND_MICROTASKS: readonly Program[] = [
  program('ticks run in order', FIFO, ['a b c'], (log) => {
    for (const each of ['a', 'b', 'c']) process.nextTick(log, each);
  }),
  program('microtasks run in order', FIFO, ['a b c'], (log) => {
    for (const each of ['a', 'b', 'c']) queueMicrotask(() => log(each));
  }),
  program('ticks come before microtasks', TICKS, ['sync t m'], (log) => {
    queueMicrotask(() => log('m'));
    process.nextTick(log, 't');
    log('sync');
  }),
  program('a tick within a tick', TICKS, ['a b c m'], (log) => {
    queueMicrotask(() => log('m'));
    process.nextTick(() => {
      log('a');
      process.nextTick(log, 'c');
    });
    process.nextTick(log, 'b');
  }),
  program('a tick within a microtask', TICKS, ['a b t'], (log) => {
    queueMicrotask(() => {
      log('a');
      process.nextTick(log, 't');
    });
    queueMicrotask(() => log('b'));
  }),
  program('a microtask within a microtask comes before a tick', TICKS, ['a c t'], (log) => {
    queueMicrotask(() => {
      log('a');
      process.nextTick(log, 't');
      queueMicrotask(() => log('c'));
    });
  }),
  program('a microtask within a tick', TICKS, ['a b m'], (log) => {
    process.nextTick(() => {
      log('a');
      queueMicrotask(() => log('m'));
    });
    process.nextTick(log, 'b');
  }),
  program('ticks and microtasks that set each other', TICKS, ['t1 m1 m2 t2 m3'], (log) => {
    process.nextTick(() => {
      log('t1');
      queueMicrotask(() => {
        log('m1');
        process.nextTick(() => {
          log('t2');
          queueMicrotask(() => log('m3'));
        });
      });
      queueMicrotask(() => log('m2'));
    });
  }),
  program('arguments of a tick', 'the rest of the arguments are those of the callback', ['1,2'], (log) => {
    process.nextTick((...args: number[]) => log(args), 1, 2);
  }),
  program('this in a tick', 'there is none', ['undefined'], (log) => {
    process.nextTick(function (this: unknown) {
      log(this);
    });
  }),
  program('queueMicrotask and then', 'both use one queue', ['a b c'], (log) => {
    queueMicrotask(() => log('a'));
    void Promise.resolve('b').then(log);
    queueMicrotask(() => log('c'));
  }),
  program('an await and a tick', TICKS, ['sync t went'], async (log) => {
    process.nextTick(log, 't');
    log('sync');
    await undefined;
    log('went');
  }),
  program('a tick after an await', TICKS, ['went m t'], async (log) => {
    await undefined;
    log('went');
    process.nextTick(log, 't');
    queueMicrotask(() => log('m'));
  }),
  program('a tick comes before any immediate', 'ticks run before the loop goes on', ['t t2 i'], (log) => {
    setImmediate(log, 'i');
    process.nextTick(() => {
      log('t');
      process.nextTick(log, 't2');
    });
  }),
  program('a hundred ticks in a row come before a microtask', TICKS, ['100 m'], (log) => {
    let ran = 0;
    const again = (): void => {
      ran += 1;
      if (ran < 100) process.nextTick(again);
      else log(ran);
    };
    process.nextTick(again);
    queueMicrotask(() => log('m'));
  }),
];
