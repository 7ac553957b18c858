/** AsyncLocalStorage: what context a callback runs in. */
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import timers from 'node:timers/promises';
import { type Log, type Program, program } from './program.ts';

const SET = 'a callback runs in the context in which it was handed over';

/** Logs what the store holds, inside and outside of a context. */
function stored(
  name: string,
  why: string,
  logs: readonly string[],
  run: (note: (what: string) => void, store: AsyncLocalStorage<string>) => unknown,
): Program {
  return program(name, why, logs, (log: Log) => {
    const store = new AsyncLocalStorage<string>();
    return run((what) => log(`${what}:${store.getStore() ?? '-'}`), store);
  });
}

export const CONTEXTS: readonly Program[] = [
  stored('the context of a timer', SET, ['a:x b:-'], (note, store) => {
    store.run('x', () => setTimeout(note, 2, 'a'));
    setTimeout(note, 2, 'b');
  }),
  stored('the context of an interval', SET, ['i:x i:x'], (note, store) => {
    let left = 2;
    store.run('x', () => {
      const every = setInterval(() => {
        note('i');
        if (--left === 0) clearInterval(every);
      }, 1);
    });
  }),
  stored('the context of an immediate', SET, ['a:x b:-'], (note, store) => {
    store.run('x', () => setImmediate(note, 'a'));
    setImmediate(note, 'b');
  }),
  stored('the context of a tick', SET, ['a:x b:-'], (note, store) => {
    store.run('x', () => process.nextTick(note, 'a'));
    process.nextTick(note, 'b');
  }),
  stored('the context of a microtask', SET, ['a:x b:-'], (note, store) => {
    store.run('x', () => queueMicrotask(() => note('a')));
    queueMicrotask(() => note('b'));
  }),
  stored('the context after an await', SET, ['a:x b:x c:x out:-'], async (note, store) => {
    await store.run('x', async () => {
      note('a');
      await undefined;
      note('b');
      await timers.setTimeout(1);
      note('c');
    });
    note('out');
  }),
  stored('the context of an await, while another one settles', SET, ['set:y went:x'], (note, store) => {
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    store.run('x', () => void gate.then(() => note('went')));
    store.run('y', () => {
      setTimeout(() => {
        note('set');
        open();
      }, 1);
    });
  }),
  stored('a context within a context', 'it ends with its function', ['in:y out:x end:-'], (note, store) => {
    store.run('x', () => {
      store.run('y', () => note('in'));
      note('out');
    });
    note('end');
  }),
  stored('leaving a context', 'exit takes it off', ['in:- out:x'], (note, store) => {
    store.run('x', () => {
      store.exit(() => note('in'));
      note('out');
    });
  }),
  stored('entering a context', 'it lasts for what follows', ['a:x t:x'], async (note, store) => {
    await undefined;
    store.enterWith('x');
    note('a');
    setTimeout(note, 1, 't');
  }),
  stored('a function bound to its context', SET, ['a:x'], (note, store) => {
    const bound = store.run('x', () => AsyncResource.bind(() => note('a')));
    bound();
  }),
  stored('a resource', SET, ['a:x'], (note, store) => {
    const resource = store.run('x', () => new AsyncResource('MINE'));
    resource.runInAsyncScope(note, undefined, 'a');
  }),
  stored('the context of a listener', 'a listener runs in the context of the emit', ['a:y'], (note, store) => {
    const emitter = new EventEmitter();
    store.run('x', () => emitter.on('e', () => note('a')));
    store.run('y', () => emitter.emit('e'));
  }),
  stored('the context of a refreshed timer', 'it is that in which the timer was set', ['a:x'], (note, store) => {
    const timer = store.run('x', () => setTimeout(note, 2, 'a'));
    store.run('y', () => timer.refresh());
  }),
  stored('the context of a promised interval', SET, ['a:x a:x'], async (note, store) => {
    await store.run('x', async () => {
      let left = 2;
      for await (const _ of timers.setInterval(1)) {
        note('a');
        if (--left === 0) break;
      }
    });
  }),
  stored('two contexts that take turns', SET, ['a1:x b1:y a2:x b2:y'], (note, store) => {
    const run = async (name: string): Promise<void> => {
      note(`${name}1`);
      await timers.setTimeout(2);
      note(`${name}2`);
    };
    void store.run('x', () => run('a'));
    void store.run('y', () => run('b'));
  }),
];
