/** Promises and async functions: how many microtasks each takes. */
import { type Program, program, told } from './program.ts';

const QUEUE = 'reactions run in the order in which they became due';
const SPEC = 'the language says so';

/** Logs a number for each microtask that passes. */
function count(log: (what: unknown) => void, upTo: number): void {
  let chain = Promise.resolve();
  for (let n = 1; n <= upTo; n++) chain = chain.then(() => log(n));
}

export const PROMISES: readonly Program[] = [
  program('reactions of one promise', QUEUE, ['a b c'], (log) => {
    const settled = Promise.resolve();
    for (const each of ['a', 'b', 'c']) void settled.then(() => log(each));
  }),
  program('an executor runs at once', SPEC, ['in after then'], (log) => {
    void new Promise<void>((resolve) => {
      log('in');
      resolve();
    }).then(() => log('then'));
    log('after');
  }),
  program('two chains take turns', QUEUE, ['a1 b1 a2 b2'], (log) => {
    for (const each of ['a', 'b'])
      void Promise.resolve()
        .then(() => log(`${each}1`))
        .then(() => log(`${each}2`));
  }),
  program('await of a value takes one microtask', SPEC, ['1 went 2'], async (log) => {
    count(log, 2);
    await undefined;
    log('went');
  }),
  program('await of a promise takes one microtask', SPEC, ['1 went 2'], async (log) => {
    count(log, 2);
    await Promise.resolve();
    log('went');
  }),
  program('await of a thenable takes two', SPEC, ['1 2 went 3'], async (log) => {
    count(log, 3);
    const thenable = {};
    Reflect.set(thenable, 'then', (resolve: () => void) => resolve());
    await thenable;
    log('went');
  }),
  program('a promise that is resolved with a promise', SPEC, ['1 2 3 went 4'], (log) => {
    count(log, 4);
    void new Promise<void>((resolve) => resolve(Promise.resolve())).then(() => log('went'));
  }),
  program('a reaction that returns a promise', SPEC, ['1 2 3 4 went'], (log) => {
    count(log, 4);
    void Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => log('went'));
  }),
  program('an async function that returns a promise', SPEC, ['1 2 3 went'], (log) => {
    count(log, 3);
    const give = async (): Promise<void> => Promise.resolve();
    void give().then(() => log('went'));
  }),
  program('an async function that awaits what it returns', SPEC, ['1 2 went'], (log) => {
    count(log, 2);
    const give = async (): Promise<void> => {
      await Promise.resolve();
    };
    void give().then(() => log('went'));
  }),
  program('an async function runs to its first await at once', SPEC, ['a b c'], (log) => {
    const run = async (): Promise<void> => {
      log('a');
      await undefined;
      log('c');
    };
    void run();
    log('b');
  }),
  program('all gives values in the order of its promises', SPEC, ['1,2,3'], async (log) => {
    const later = new Promise<number>((resolve) => setTimeout(resolve, 1, 1));
    log(await Promise.all([later, 2, Promise.resolve(3)]));
  }),
  program('all of nothing', SPEC, ['1 none 2'], (log) => {
    count(log, 2);
    void Promise.all([]).then(() => log('none'));
  }),
  program('all of two settled promises', SPEC, ['1 2 both'], (log) => {
    count(log, 2);
    void Promise.all([Promise.resolve(), Promise.resolve()]).then(() => log('both'));
  }),
  program('all is rejected by the first', SPEC, ['b'], async (log) => {
    const late = new Promise((_, reject) => setTimeout(reject, 2, 'a'));
    await Promise.all([late, Promise.reject('b')]).catch(log);
    await late.catch(() => {});
  }),
  program('allSettled tells of each', SPEC, ['fulfilled,rejected'], async (log) => {
    const ends = await Promise.allSettled([1, Promise.reject('no')]);
    log(ends.map(({ status }) => status));
  }),
  program('any takes the first that is fulfilled', SPEC, ['b'], async (log) => {
    log(await Promise.any([Promise.reject('a'), Promise.resolve('b')]));
  }),
  program('any of rejected promises', SPEC, ['AggregateError:AggregateError a,b'], async (log) => {
    await Promise.any([Promise.reject('a'), Promise.reject('b')]).catch((error: unknown) => {
      log(told(error));
      log(error instanceof AggregateError && error.errors);
    });
  }),
  program('race takes the first', SPEC, ['a'], async (log) => {
    log(await Promise.race([Promise.resolve('a'), Promise.resolve('b')]));
  }),
  program('finally passes the value on', SPEC, ['finally x'], async (log) => {
    log(await Promise.resolve('x').finally(() => log('finally')));
  }),
  program('finally passes the error on', SPEC, ['finally x'], async (log) => {
    await Promise.reject('x')
      .finally(() => log('finally'))
      .catch(log);
  }),
  program('an exception in a reaction', SPEC, ['Error:Error'], async (log) => {
    await Promise.resolve()
      .then(() => {
        throw new Error('no');
      })
      .catch((error: unknown) => log(told(error)));
  }),
  program('resolving twice', 'the first counts', ['a'], async (log) => {
    log(
      await new Promise((resolve, reject) => {
        resolve('a');
        resolve('b');
        reject(new Error('no'));
      }),
    );
  }),
  program('an exception after resolving', 'it is lost', ['a'], async (log) => {
    log(
      await new Promise((resolve) => {
        resolve('a');
        throw new Error('no');
      }),
    );
  }),
  program('a queue of two by a chain of promises', QUEUE, ['a-in a-out b-in b-out'], async (log) => {
    let tail: Promise<unknown> = Promise.resolve();
    const exclusive = (work: () => Promise<void>): Promise<void> => {
      const mine = tail.then(work);
      tail = mine;
      return mine;
    };
    const work = (name: string) => async (): Promise<void> => {
      log(`${name}-in`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      log(`${name}-out`);
    };
    await Promise.all([exclusive(work('a')), exclusive(work('b'))]);
  }),
];
