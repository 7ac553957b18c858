/** Whose a continuation is, what becomes of one in a node that is dead or paused, and how the kernel tells. */
import { afterAll, describe, expect, test } from 'vitest';
import { CLOSED } from '../../../../src/runtime/port.ts';
import { PlainChooser, SeededChooser } from '../../choices/chooser.ts';
import { name } from '../../choices/name.ts';
import { type Drain, hostTurn } from '../../drain.ts';
import { Kernel, type KernelOptions } from '../../kernel.ts';
import { installGuards, restoreGuards } from '../guards.ts';

afterAll(restoreGuards);

function kernelOf(options: Partial<KernelOptions> = {}): Kernel {
  return new Kernel({ chooser: new PlainChooser(), ambient: 'virtual', ...options });
}

/** A promise, and what settles it. */
function gate<T = void>(): { readonly promise: Promise<T>; open(value: T): void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open: (value) => open(value) };
}

/** A mutex as libraries write them: whoever releases it settles the promise of whoever is next. */
class Mutex {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  async acquire(): Promise<() => void> {
    if (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#held = true;
    return () => {
      this.#held = false;
      this.#waiting.shift()?.();
    };
  }
}

describe.each<Drain>(['documented', 'synchronous'])('a continuation, drained %s', (drain) => {
  test('belongs to the task that awaits, whoever settles the promise', async () => {
    const kernel = kernelOf({ drain });
    const seen: string[] = [];
    const note = (what: string): number => seen.push(`${kernel.now} ${kernel.currentTask}: ${what}`);
    const mutex = new Mutex();
    for (const each of ['n1', 'n2', 'n3']) {
      const node = kernel.root.child(each);
      node.spawn('worker', async () => {
        const release = await mutex.acquire();
        note('in');
        await node.sleep(5);
        note('out');
        release();
      });
    }
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(seen.map((line) => line.replace(/n\d/, 'n'))).toEqual([
      '0 n/worker: in',
      '5 n/worker: out',
      '5 n/worker: in',
      '10 n/worker: out',
      '10 n/worker: in',
      '15 n/worker: out',
    ]);
    const tasks = seen.map((line) => line.split(' ')[1]);
    expect([tasks[0], tasks[2], tasks[4]]).toEqual([tasks[1], tasks[3], tasks[5]]);
    expect(new Set(tasks).size).toBe(3);
    expect(kernel.unfinished()).toEqual([]);
  });

  test.each<[string, (promise: Promise<void>, then: (value?: unknown) => void) => unknown]>([
    ['await', async (promise, then) => then(await promise)],
    ['then', (promise, then) => promise.then(then)],
    ['catch', (promise, then) => promise.then(() => Promise.reject(new Error('no'))).catch(then)],
    ['finally', (promise, then) => promise.finally(then)],
    ['all', (promise, then) => Promise.all([promise, Promise.resolve()]).then(then)],
    ['race', async (promise, then) => then(await Promise.race([promise, new Promise<void>(() => {})]))],
    [
      'a thenable',
      async (promise, then) => then(await Object.fromEntries([['then', (ok: () => void) => void promise.then(ok)]])),
    ],
    ['a promise given to resolve', async (promise, then) => then(await new Promise<void>((ok) => ok(promise)))],
    [
      'for await',
      async (promise, then) => {
        for await (const each of [promise]) then(each);
      },
    ],
    [
      'an async generator',
      async (promise, then) => {
        async function* items(): AsyncGenerator<void> {
          yield await promise;
        }
        for await (const each of items()) then(each);
      },
    ],
    ['a microtask', (promise, then) => promise.then(() => queueMicrotask(then))],
    ['a tick', (promise, then) => promise.then(() => process.nextTick(then))],
    ['a tick of a microtask', (promise, then) => promise.then(() => queueMicrotask(() => process.nextTick(then)))],
  ])('is its own again after %s', async (_what, wait) => {
    const kernel = kernelOf({ drain });
    const seen: string[] = [];
    kernel.root.spawn('opener', async () => {
      const { promise, open } = gate();
      kernel.root.child('n1').spawn('waiter', async () => {
        wait(promise, () => {
          seen.push(kernel.currentTask);
          setTimeout(() => seen.push(`timer of ${kernel.currentTask}`), 1);
        });
      });
      await kernel.root.sleep(5);
      open();
      seen.push(kernel.currentTask);
      await undefined;
      seen.push(kernel.currentTask);
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(seen.sort()).toEqual(['n1/waiter', 'opener', 'opener', 'timer of n1/waiter']);
  });

  test('of a callback has its name, and what it wakes has its cause', async () => {
    const kernel = kernelOf({ drain });
    const seen: string[] = [];
    const { promise, open } = gate();
    kernel.schedule(1, name('op', 'k1'), async () => {
      await promise;
      seen.push(kernel.currentTask);
    });
    kernel.root.spawn('opener', async () => {
      await kernel.root.sleep(5);
      open();
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(seen).toEqual(['op:k1']);
  });
});

describe('code that is not ours', () => {
  test('may race a wait of the kernel, and go on after its task', async () => {
    const kernel = kernelOf();
    const seen: unknown[] = [];
    kernel.root.spawn('racer', async () => {
      await Promise.race([kernel.root.sleep(1), kernel.root.sleep(9)]);
      void (async () => {
        await kernel.root.sleep(20);
        seen.push([kernel.now, kernel.currentTask]);
      })();
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(seen).toEqual([[21, 'racer']]);
  });

  test('draws under the name of the task that awaits', async () => {
    const draws = async (first: string): Promise<unknown> => {
      const kernel = kernelOf({ chooser: new SeededChooser(3n) });
      const drawn: number[] = [];
      const { promise, open } = gate();
      kernel.root.child('n1').spawn('waiter', async () => {
        await promise;
        drawn.push(Math.random());
      });
      kernel.root.child(first).spawn('opener', async () => {
        await kernel.root.sleep(5);
        open();
      });
      await kernel.run();
      return drawn;
    };
    expect(await draws('n2')).toEqual(await draws('n3'));
  });

  test.each<[string, () => void]>([
    ['a rejection', () => void Promise.reject(new Error('lost'))],
    ['a rejection of an async function', () => void (async () => Promise.reject(new Error('lost')))()],
    [
      'an exception of a tick',
      () => {
        process.nextTick(() => {
          throw new Error('lost');
        });
      },
    ],
  ])('loses %s as the task that awaits', async (_what, lose) => {
    const kernel = kernelOf();
    const { promise, open } = gate();
    kernel.root.child('n1').spawn('waiter', async () => {
      await promise;
      lose();
    });
    kernel.root.spawn('opener', async () => {
      await kernel.root.sleep(5);
      open();
    });
    expect(await kernel.run()).toMatchObject({ kind: 'exception', task: 'n1/waiter', group: 'n1' });
  });

  test('sees no stamp on a promise', async () => {
    const kernel = kernelOf();
    // While async hooks are on, Node itself leaves keys on a promise.
    const look = async (): Promise<unknown> => {
      const promise = Promise.resolve(1);
      await promise;
      return [Reflect.ownKeys(promise), Object.isFrozen(Object.freeze(promise)), await promise];
    };
    let inside: unknown;
    kernel.root.spawn('looker', async () => {
      inside = await look();
    });
    await kernel.run();
    expect(inside).toEqual(await look());
  });

  test('carries a tick although somebody has put back the function of the host', async () => {
    restoreGuards();
    const { nextTick } = process;
    installGuards();
    process.nextTick = nextTick;
    const kernel = kernelOf();
    let ran = '';
    kernel.root.spawn('opener', async () => {
      const { promise, open } = gate();
      kernel.root.spawn('waiter', async () => {
        await promise;
        process.nextTick(() => {
          ran = kernel.currentTask;
        });
      });
      await kernel.root.sleep(5);
      open();
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(ran).toBe('waiter');
  });

  test('leaves the functions that put off as they were, outside of a run and by name', () => {
    expect([process.nextTick.name, process.nextTick.length, queueMicrotask.name]).toEqual([
      'nextTick',
      1,
      'queueMicrotask',
    ]);
    expect(() => Reflect.apply(queueMicrotask, undefined, ['no function'])).toThrow(/callback/);
  });
});

const HERE = /ownership\.test\.ts:\d+:\d+$/;

/** A node that awaits a promise of the test's, which is settled after the node was struck. */
async function shared(strike: 'kill' | 'pause', by: 'task' | 'callback', ownership: 'awaiter' | 'places') {
  const kernel = kernelOf({ ownership });
  const went: string[] = [];
  kernel.root.spawn('test', async () => {
    const { promise, open } = gate();
    const node = kernel.root.child('n1/i0');
    node.spawn('main', async () => {
      await promise;
      went.push('on');
    });
    kernel.schedule(3, name('fault', 'f1'), () => node[strike]());
    if (by === 'callback') kernel.schedule(5, name('op', 'k1'), () => open());
    await kernel.root.sleep(5);
    if (by === 'task') open();
  });
  return { end: await kernel.run(), kernel };
}

describe('a promise that nodes share', () => {
  test.each([
    ['kill', 'task', 'dead', 'test'],
    ['kill', 'callback', 'dead', 'op:k1'],
    ['pause', 'task', 'paused', 'test'],
    ['pause', 'callback', 'paused', 'op:k1'],
  ] as const)('ends the run after a %s, settled by a %s', async (strike, settler, state, by) => {
    const { end } = await shared(strike, settler, 'awaiter');
    expect(end).toEqual({ kind: 'shared-promise', task: 'n1/i0/main', group: 'n1/i0', state, by });
  });

  test('is told of with the lines of its await and of what settled it, where these are kept', async () => {
    const { end } = await shared('kill', 'task', 'places');
    expect(end).toMatchObject({
      kind: 'shared-promise',
      awaitedAt: expect.stringMatching(HERE),
      settledAt: expect.stringMatching(HERE),
    });
  });

  test('with an earlier run ends this one', async () => {
    const { promise, open } = gate();
    const first = kernelOf();
    first.root.spawn('left', async () => {
      await promise;
    });
    await first.run();
    first.dispose();
    const second = kernelOf();
    second.root.spawn('next', async () => open());
    expect(await second.run()).toMatchObject({
      kind: 'shared-promise',
      task: 'left',
      state: 'of an earlier run',
      by: 'next',
    });
  });

  test('is fine while both live', async () => {
    const kernel = kernelOf();
    kernel.root.spawn('test', async () => {
      const { promise, open } = gate();
      const node = kernel.root.child('n1');
      node.spawn('main', () => promise);
      kernel.schedule(2, name('fault', 'f1'), () => node.pause());
      kernel.schedule(4, name('fault', 'f1').child('end'), () => node.resume());
      await kernel.root.sleep(5);
      open();
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(kernel.unfinished()).toEqual([]);
  });
});

describe('after the crash, in the segment that crashed it, a node', () => {
  test('goes on to the end of the segment, and reaches nothing', async () => {
    const kernel = kernelOf();
    const seen: unknown[] = [];
    const node = kernel.root.child('n1/i0');
    const items: string[] = [];
    const inbox = kernel.root.channel<string>(2, { sent: (item) => items.push(item) });
    const own = node.channel<string>(2, { sent: (item) => items.push(item) });
    const signal = kernel.root.signal();
    inbox.trySend('before');
    const never = (what: string) => (): void => {
      seen.push(`${what} came`);
    };
    node.spawn('main', async () => {
      try {
        await node.sleep(3);
        node.kill();
        seen.push([kernel.fenced, node.now(), inbox.trySend('x'), own.trySend('x'), inbox.tryReceive()]);
        signal.notify();
        inbox.close();
        seen.push(own.tryReceive() === CLOSED, typeof Math.random(), Date.now());
        node.spawn('child', async () => never('a task')());
        setTimeout(never('a timer'), 1);
        setInterval(never('an interval'), 1);
        setImmediate(never('an immediate'));
        void inbox.send('x').then(never('send'));
        void inbox.receive().then(never('receive'));
        void node.select({ item: inbox.received }).then(never('select'));
        void signal.wait().then(never('wait'));
        void node.yield().then(never('yield'));
        void Promise.reject(new Error('nobody’s finding'));
        await undefined;
        seen.push('a microtask of the same segment');
        await node.sleep(1);
        seen.push('slept');
      } finally {
        seen.push('finally');
      }
    });
    expect(await kernel.run({ untilMs: 100 })).toEqual({ kind: 'idle' });
    expect(seen).toEqual([
      [true, 3, 'sent', 'closed', undefined],
      true,
      'number',
      3,
      'a microtask of the same segment',
    ]);
    expect([inbox.length, inbox.closed, items]).toEqual([1, false, ['before']]);
  });

  test('is fenced as well where its task had ended', async () => {
    const kernel = kernelOf();
    const seen: unknown[] = [];
    const node = kernel.root.child('n1');
    node.spawn('main', async () => {
      void (async () => {
        await node.sleep(5);
        seen.push('after the crash');
      })();
    });
    kernel.schedule(3, name('fault', 'f1'), () => node.kill());
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(seen).toEqual([]);
  });
});

describe('a run that stands still', () => {
  test('owes the ends of its operations, and nothing else', async () => {
    const kernel = kernelOf({ ownership: 'places' });
    kernel.root.spawn('server', () => new Promise(() => {}));
    kernel.root.spawn('test', async () => {
      const { promise, open } = gate();
      const look = async (): Promise<void> => {
        await promise;
      };
      kernel.root.spawn('look', look, name('op', 'k1'), { owesEnd: true });
      kernel.root.spawn('work', () => kernel.root.sleep(9), name('op', 'k2'), { owesEnd: true });
      expect([kernel.owing, typeof open]).toEqual([2, 'function']);
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect([kernel.owing, kernel.owed(), kernel.suspects()]).toEqual([1, ['look'], []]);
    expect(kernel.placeOf('look')).toMatch(HERE);
  });

  test('owes nothing for an operation of a node that crashed', async () => {
    const kernel = kernelOf();
    const node = kernel.root.child('n1');
    node.spawn('look', () => new Promise(() => {}), name('op', 'k1'), { owesEnd: true });
    kernel.schedule(3, name('fault', 'f1'), () => node.kill());
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(kernel.owing).toBe(0);
  });

  test('waits for the host where the promise is from outside of it', async () => {
    const kernel = kernelOf({ ownership: 'places' });
    const outside = new Promise<void>(() => {});
    kernel.root.spawn('waiter', async () => {
      await outside;
    });
    expect(await kernel.run()).toEqual({ kind: 'foreign-await', tasks: ['waiter'] });
    expect(kernel.placeOf('waiter')).toMatch(HERE);
  });

  test('does not wait for a promise from outside that is settled, nor for one that was made with the system', async () => {
    const kernel = kernelOf();
    const settled = Promise.resolve();
    const { promise } = kernel.building(() => gate());
    kernel.root.spawn('first', async () => {
      await settled;
    });
    kernel.root.spawn('second', () => promise);
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(kernel.suspects()).toEqual([]);
  });

  test('was gone on with by the host between two turns', async () => {
    const kernel = kernelOf({ stepsPerTurn: 8 });
    const turns = (async () => {
      for (let i = 0; i < 20; i++) await hostTurn();
    })();
    kernel.root.spawn('foreign', async () => {
      await turns;
    });
    kernel.root.spawn('busy', async () => {
      for (;;) await kernel.root.sleep(1);
    });
    expect(await kernel.run()).toEqual({ kind: 'foreign-await', tasks: ['foreign'] });
  });
});
