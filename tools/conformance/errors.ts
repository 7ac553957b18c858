/** Classes, names and codes of errors, as code under test compares them. */
import timers from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Program, program, told } from './program.ts';

const NODE = 'Node says so';

/** The name and the code of what a call throws or is rejected with. */
function refuses(name: string, logs: string, call: () => unknown): Program {
  return program(name, NODE, [logs], async (log) => {
    try {
      await call();
      log('nothing');
    } catch (error) {
      log(told(error).replace(/^NodeError:/, 'TypeError:'));
    }
  });
}

const ARGUMENT = 'TypeError:TypeError:ERR_INVALID_ARG_TYPE';

export const ERRORS: readonly Program[] = [
  refuses('setTimeout without a function', ARGUMENT, () => Reflect.apply(setTimeout, undefined, ['x', 1])),
  refuses('setInterval without a function', ARGUMENT, () => Reflect.apply(setInterval, undefined, [null])),
  refuses('setImmediate without a function', ARGUMENT, () => Reflect.apply(setImmediate, undefined, [])),
  refuses('nextTick without a function', ARGUMENT, () => Reflect.apply(process.nextTick, process, [1])),
  refuses('queueMicrotask without a function', ARGUMENT, () => Reflect.apply(queueMicrotask, undefined, [1])),
  refuses('a duration that is a BigInt', 'TypeError:TypeError', () =>
    Reflect.apply(setTimeout, undefined, [() => {}, 1n]),
  ),
  refuses('a duration that is a symbol', 'TypeError:TypeError', () =>
    Reflect.apply(setTimeout, undefined, [() => {}, Symbol('x')]),
  ),
  refuses('a promised timer of a text', ARGUMENT, () => Reflect.apply(timers.setTimeout, undefined, ['1'])),
  refuses('a promised timer with options that are none', ARGUMENT, () =>
    Reflect.apply(timers.setTimeout, undefined, [1, 1, 1]),
  ),
  refuses('a promised timer with a signal that is none', ARGUMENT, () =>
    Reflect.apply(timers.setTimeout, undefined, [1, 1, { signal: 1 }]),
  ),
  refuses('a promised timer with a reference that is none', ARGUMENT, () =>
    Reflect.apply(timers.setTimeout, undefined, [1, 1, { ref: 'x' }]),
  ),
  refuses('a promised immediate with options that are none', ARGUMENT, () =>
    Reflect.apply(timers.setImmediate, undefined, [1, null]),
  ),
  refuses('a promised interval of a text', ARGUMENT, () => Reflect.apply(timers.setInterval, undefined, ['1']).next()),
  refuses('promisify of no function', ARGUMENT, () => Reflect.apply(promisify, undefined, [1])),
  program('an error with a cause', 'it is kept', ['Error:Error inner'], (log) => {
    const error = new Error('outer', { cause: new Error('inner') });
    log(told(error));
    log(error.cause instanceof Error && error.cause.message);
  }),
  program('a class of errors of one’s own', 'its name is what its author says', ['Own:Own true'], (log) => {
    class Own extends Error {
      override name = 'Own';
    }
    const error = new Own('no');
    log(told(error));
    log(error instanceof Error);
  }),
  program('an AbortError is an Error', NODE, ['true false'], async (log) => {
    await timers.setTimeout(1, 1, { signal: AbortSignal.abort() }).catch((error: unknown) => {
      log(error instanceof Error);
      log(error instanceof DOMException);
    });
  }),
  program('the text of an AbortError', NODE, ['AbortError:The-operation-was-aborted'], async (log) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    await timers
      .setTimeout(1_000_000, 1, { signal: controller.signal })
      .catch((error: unknown) => log(String(error).replace(': ', ':').replaceAll(' ', '-')));
  }),
  program('a structured clone of an error', 'its class stays', ['RangeError:RangeError'], (log) => {
    log(told(structuredClone(new RangeError('no'))));
  }),
];
