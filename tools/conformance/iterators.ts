/** Iterators and generators, synchronous and not. */
import { EventEmitter, on } from 'node:events';
import { type Program, program, told } from './program.ts';

const SPEC = 'the language says so';

async function* numbers(log: (what: unknown) => void, upTo: number): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= upTo; n++) yield n;
    log('done');
  } finally {
    log('left');
  }
}

export const ITERATORS: readonly Program[] = [
  program('an async generator to its end', SPEC, ['1 2 done left end'], async (log) => {
    for await (const n of numbers(log, 2)) log(n);
    log('end');
  }),
  program('a break leaves the generator', SPEC, ['1 left end'], async (log) => {
    for await (const n of numbers(log, 2)) {
      log(n);
      break;
    }
    log('end');
  }),
  program('an exception leaves the generator', SPEC, ['1 left Error:Error'], async (log) => {
    try {
      for await (const n of numbers(log, 2)) {
        log(n);
        throw new Error('no');
      }
    } catch (error) {
      log(told(error));
    }
  }),
  program('for await of promises', SPEC, ['a b'], async (log) => {
    for await (const each of [new Promise((resolve) => setTimeout(resolve, 1, 'a')), 'b']) log(each);
  }),
  program('for await of a rejected promise', SPEC, ['a no'], async (log) => {
    try {
      for await (const each of ['a', Promise.reject('no'), 'b']) log(each);
    } catch (error) {
      log(error);
    }
  }),
  program('calls of next are queued', SPEC, ['1 2 undefined'], async (log) => {
    const generator = numbers(() => {}, 2);
    const results = await Promise.all([generator.next(), generator.next(), generator.next()]);
    for (const { value } of results) log(value);
  }),
  program('return before the start', SPEC, ['x true'], async (log) => {
    const { value, done } = await numbers(log, 2).return('x');
    log(value);
    log(done);
  }),
  program('throw into a generator', SPEC, ['left no'], async (log) => {
    const generator = numbers(log, 2);
    await generator.next();
    await generator.throw('no').catch(log);
  }),
  program('yield* of another generator', SPEC, ['1 done left 9'], async (log) => {
    async function* both(): AsyncGenerator<number> {
      yield* numbers(log, 1);
      yield 9;
    }
    for await (const n of both()) log(n);
  }),
  program('yield of a promise waits for it', SPEC, ['x'], async (log) => {
    async function* one(): AsyncGenerator<unknown> {
      yield new Promise((resolve) => setTimeout(resolve, 1, 'x'));
    }
    for await (const each of one()) log(each);
  }),
  program('two loops over one generator', SPEC, ['a1 b2 done left a3'], async (log) => {
    const generator = numbers(log, 3);
    const loop = async (name: string): Promise<void> => {
      for (;;) {
        const { value, done } = await generator.next();
        if (done === true) return;
        log(`${name}${value}`);
      }
    };
    await Promise.all([loop('a'), loop('b')]);
  }),
  program('events.on keeps what came before', 'events are queued for the loop', ['1 2 3'], async (log) => {
    const emitter = new EventEmitter();
    const events = on(emitter, 'n');
    emitter.emit('n', 1);
    emitter.emit('n', 2);
    setTimeout(() => emitter.emit('n', 3), 1);
    for await (const [n] of events) {
      log(n);
      if (n === 3) break;
    }
  }),
  program('events.on ends by an error', 'an error event is thrown', ['1 Error:Error'], async (log) => {
    const emitter = new EventEmitter();
    const events = on(emitter, 'n');
    emitter.emit('n', 1);
    emitter.emit('error', new Error('no'));
    try {
      for await (const [n] of events) log(n);
    } catch (error) {
      log(told(error));
    }
  }),
  program(
    'events.on ends by its signal',
    'an AbortError is thrown',
    ['AbortError:AbortError:ABORT_ERR'],
    async (log) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 1);
      try {
        for await (const [n] of on(new EventEmitter(), 'n', { signal: controller.signal })) log(n);
      } catch (error) {
        log(told(error));
      }
    },
  ),
  program('a synchronous generator', SPEC, ['1 left'], (log) => {
    function* some(): Generator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        log('left');
      }
    }
    for (const n of some()) {
      log(n);
      break;
    }
  }),
];
