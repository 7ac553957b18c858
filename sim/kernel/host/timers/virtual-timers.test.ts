import { AsyncLocalStorage } from 'node:async_hooks';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { PlainChooser, SeededChooser, UniqueNames } from '../../choices/chooser.ts';
import { name } from '../../choices/name.ts';
import { type Group, Kernel } from '../../kernel.ts';
import { restoreGuards } from '../guards.ts';

afterAll(restoreGuards);

type Log = (what: string) => void;
type Program = (log: Log, kernel: Kernel, group: Group) => unknown;

const SEEDS = 60;

/** What a program logs on a virtual host under a seed, with the time it took at the end. */
async function logged(program: Program, seed: bigint): Promise<string[]> {
  const kernel = new Kernel({ chooser: new UniqueNames(new SeededChooser(seed)), ambient: 'virtual' });
  const log: string[] = [];
  const group = kernel.root.child('n1');
  group.spawn('program', async () => {
    await program((what) => log.push(what), kernel, group);
  });
  expect(await kernel.run()).toEqual({ kind: 'idle' });
  kernel.dispose();
  return log;
}

/** All that it logs under some seeds, each once, with spaces between. */
async function logs(program: Program): Promise<string[]> {
  const seen = new Set<string>();
  for (let seed = 1; seed <= SEEDS; seed++) seen.add((await logged(program, BigInt(seed))).join(' '));
  return [...seen].sort();
}

describe('what is due together', () => {
  test('timers of one duration fire as they were set, whatever the seed', async () => {
    const seen = await logs((log) => {
      for (const each of ['a', 'b', 'c']) setTimeout(log, 10, each);
      setInterval(log, 10, 'i').unref();
      setTimeout(log, 10.9, 'd');
    });
    expect(seen).toEqual(['a b c i d']);
  });

  test('timers of different durations fire in either order', async () => {
    const seen = await logs((log) => {
      setTimeout(log, 10, 'ten');
      setTimeout(() => setTimeout(log, 4, 'six and four'), 6);
    });
    expect(seen).toEqual(['six and four ten', 'ten six and four']);
  });

  test('and in each order that keeps those of one duration in theirs', async () => {
    const seen = await logs((log) => {
      setTimeout(log, 10, 'a');
      setTimeout(log, 10, 'b');
      setTimeout(() => setTimeout(log, 4, 'c'), 6);
    });
    expect(seen).toEqual(['a b c', 'a c b', 'c a b']);
  });

  test('an immediate comes before or after a timer of 0 where a program begins', async () => {
    const seen = await logs((log) => {
      setTimeout(log, 0, 'timeout');
      setImmediate(log, 'immediate');
    });
    expect(seen).toEqual(['immediate timeout', 'timeout immediate']);
  });

  test('but always before it in a timer and where something has come from outside', async () => {
    const both = (log: Log): void => {
      setTimeout(log, 0, 'timeout');
      setImmediate(log, 'immediate');
    };
    expect(await logs((log) => setTimeout(both, 5, log))).toEqual(['immediate timeout']);
    const slept = async (log: Log, kernel: Kernel): Promise<void> => {
      await kernel.root.sleep(5);
      both(log);
    };
    expect(await logs(slept)).toEqual(['immediate timeout']);
  });

  test('timers of two hosts fire in either order, of one duration too', async () => {
    const seen = new Set<string>();
    for (let seed = 1n; seed <= 40n; seed++) {
      const kernel = new Kernel({ chooser: new SeededChooser(seed), ambient: 'virtual' });
      const log: string[] = [];
      for (const each of ['n1', 'n2']) {
        kernel.root.child(each).spawn('program', async () => {
          setTimeout(() => log.push(each), 10);
        });
      }
      await kernel.run();
      seen.add(log.join(' '));
    }
    expect([...seen].sort()).toEqual(['n1 n2', 'n2 n1']);
  });
});

describe('immediates', () => {
  test('of one turn run in a row, with ticks and microtasks between them, and no timer', async () => {
    const seen = await logs((log) => {
      for (const each of ['a', 'b']) {
        setImmediate(() => {
          log(each);
          process.nextTick(log, `${each}-tick`);
          queueMicrotask(() => log(`${each}-micro`));
          setImmediate(log, `${each}-next`);
        });
      }
    });
    expect(seen).toEqual(['a a-tick a-micro b b-tick b-micro a-next b-next']);
  });

  test('that set immediates let time pass, so that a loop of them ends by a timer', async () => {
    for (const chooser of [new PlainChooser(), new SeededChooser(3n)]) {
      const kernel = new Kernel({ chooser, ambient: 'virtual', stepLimit: 10_000 });
      let turns = 0;
      kernel.root.spawn('program', async () => {
        let over = false;
        setTimeout(() => {
          over = true;
        }, 20);
        for (; !over; turns++) await timersPromises.setImmediate();
      });
      expect(await kernel.run()).toEqual({ kind: 'idle' });
      expect(turns).toBeGreaterThan(5);
      expect(kernel.now - 20).toBeLessThanOrEqual(1);
    }
  });

  test('are cleared by each other, and once', async () => {
    const seen = await logs((log) => {
      const a = setImmediate(() => {
        log('a');
        clearImmediate(b);
        clearImmediate(a);
      });
      const b = setImmediate(log, 'b');
      setImmediate(log, 'c');
    });
    expect(seen).toEqual(['a c']);
  });
});

describe('timers that keep no run going', () => {
  test('fire as long as something else does', async () => {
    const seen = await logs((log) => {
      setInterval(log, 10, 'i').unref();
      setTimeout(log, 25, 'last');
      setTimeout(log, 26, 'never').unref();
    });
    expect(seen).toEqual(['i i last']);
  });

  test('fire while a task waits, and no longer', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    const fired: number[] = [];
    kernel.root.spawn('program', async () => {
      setInterval(() => fired.push(kernel.now), 40).unref();
      setImmediate(() => fired.push(-1)).unref();
      await new Promise((resolve) => setTimeout(resolve, 100).unref());
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect([fired, kernel.now]).toEqual([[-1, 40, 80], 100]);
  });

  test('count as others once they are referenced again', async () => {
    const seen = await logs((log) => {
      const timer = setTimeout(log, 10, 'fired').unref();
      log(String(timer.hasRef()));
      setTimeout(() => timer.ref(), 5);
    });
    expect(seen).toEqual(['false fired']);
  });
});

describe('durations', () => {
  test.each([
    [0, 1],
    [-5, 1],
    [Number.NaN, 1],
    [2 ** 31, 1],
    [Number.POSITIVE_INFINITY, 1],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [1.9, 1],
    ['7', 7],
    [undefined, 1],
    [null, 1],
  ])('of %s are %s ms', async (given, expected) => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    const warnings: string[] = [];
    const warned = (warning: Error): void => {
      warnings.push(warning.name);
    };
    process.on('warning', warned);
    kernel.root.spawn('program', async () => {
      Reflect.apply(setTimeout, undefined, [() => {}, given]);
    });
    await kernel.run();
    process.off('warning', warned);
    expect(kernel.now).toBe(expected);
    expect(warnings).toEqual(typeof given === 'number' && given > 2 ** 31 - 1 ? ['TimeoutOverflowWarning'] : []);
  });
});

test('callbacks run in the async context of whoever set them', async () => {
  const store = new AsyncLocalStorage<string>();
  const seen = await logs((log) => {
    const note = (what: string): void => log(`${what}:${store.getStore()}`);
    store.run('x', () => {
      setTimeout(note, 5, 'timeout');
      setImmediate(note, 'immediate');
      AbortSignal.timeout(20).addEventListener('abort', () => note('signal'));
    });
    store.run('y', () => {
      void promisify(setTimeout)(40, 'promised').then(note);
    });
  });
  expect(seen).toEqual(['immediate:x timeout:x signal:x promised:y']);
});

test('a timer is what Node gives, and its callback is called on it', async () => {
  const seen = await logs((log) => {
    const timer = setTimeout(function (this: unknown) {
      log(String(this === timer));
    }, 1);
    const immediate = setImmediate(function (this: unknown) {
      log(String(this === immediate));
    });
    log(`${timer.constructor.name} ${immediate.constructor.name}`);
    const closed = setTimeout(log, 1, 'never');
    log(String(closed.close() === closed && closed.ref() === closed && closed.unref() === closed));
    const disposed = [setTimeout(log, 1, 'never'), setImmediate(log, 'never')];
    for (const each of disposed) Reflect.apply(Reflect.get(each, Symbol.dispose), each, []);
    clearTimeout(`${setTimeout(log, 1, 'never')}`);
    Reflect.apply(clearTimeout, undefined, [setImmediate(log, 'kept')]);
  });
  expect(seen).toHaveLength(2);
  for (const each of seen) expect(each).toMatch(/^Timeout Immediate true true (?:kept true|true kept)$/);
});

test('what is wrong with arguments is said in the words of Node', async () => {
  const errors = async (): Promise<unknown[]> => {
    const noted: unknown[] = [];
    const note = (error: unknown): void => {
      noted.push(error instanceof Error ? [error.name, error.message, Reflect.get(error, 'code')] : error);
    };
    const calls: readonly (() => unknown)[] = [
      () => Reflect.apply(setTimeout, undefined, ['x', 1]),
      () => Reflect.apply(setInterval, undefined, []),
      () => Reflect.apply(setImmediate, undefined, [{}]),
      () => Reflect.apply(setTimeout, undefined, [() => {}, 1n]),
      () => Reflect.apply(setTimeout, undefined, [() => {}, Symbol('x')]),
      () => AbortSignal.timeout(-1),
      () => AbortSignal.timeout(1.5),
      () => Reflect.apply(AbortSignal.timeout, AbortSignal, ['x']),
      () => Reflect.apply(timersPromises.setTimeout, undefined, ['x']),
      () => Reflect.apply(timersPromises.setTimeout, undefined, [1, 1, 1]),
      () => Reflect.apply(timersPromises.setTimeout, undefined, [1, 1, { ref: 1 }]),
      () => Reflect.apply(timersPromises.setTimeout, undefined, [1, 1, { signal: 1 }]),
      () => timersPromises.setTimeout(1, 1, { signal: AbortSignal.abort('why') }),
      () => Reflect.apply(timersPromises.setImmediate, undefined, [1, null]),
      () => timersPromises.setImmediate(1, { signal: AbortSignal.abort('why') }),
      () => Reflect.apply(timersPromises.setInterval, undefined, ['x']).next(),
      () => timersPromises.setInterval(1, 1, { signal: AbortSignal.abort('why') }).next(),
      () => Reflect.apply(timersPromises.scheduler.wait, undefined, [1]),
      () => Reflect.apply(timersPromises.scheduler.yield, {}, []),
    ];
    for (const call of calls) {
      try {
        await call();
        note('nothing');
      } catch (error) {
        note(error);
      }
    }
    return noted;
  };
  let virtual: unknown[] = [];
  await logs(async () => {
    virtual = await errors();
  });
  const real = await errors();
  expect(real).not.toContain('nothing');
  expect(virtual).toEqual(real);
});

describe('timers that are late', () => {
  test('fire in order of when they were due, and what they set begins then', async () => {
    const seen = await logs((log, kernel, group) => {
      const note = (what: string): void => log(`${what}@${kernel.now}`);
      setTimeout(note, 30, 'b');
      setTimeout(note, 20, 'a');
      const every = setInterval(note, 25, 'i');
      setTimeout(() => clearInterval(every), 80);
      kernel.schedule(10, name('fault', 'late'), () => kernel.lagTimers(group, 40));
    });
    expect(seen).toEqual(['a@50 i@50 b@50 i@75']);
  });

  test('come in the same order once their host goes on after a pause', async () => {
    for (let seed = 1n; seed <= 30n; seed++) {
      const kernel = new Kernel({ chooser: new SeededChooser(seed), ambient: 'virtual' });
      const group = kernel.root.child('n1');
      const log: string[] = [];
      group.spawn('program', async () => {
        for (const ms of [40, 20, 30]) setTimeout(() => log.push(`${ms}@${kernel.now}`), ms);
      });
      kernel.schedule(10, name('fault', 'pause'), () => group.pause());
      kernel.schedule(100, name('fault', 'pause').child('end'), () => group.resume());
      await kernel.run();
      expect(log).toEqual(['20@100', '30@100', '40@100']);
    }
  });
});

describe('after a run', () => {
  test('its timers are listed, and those of a group that has ended are not', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    const nodes = ['n1', 'n2'].map((each) => kernel.root.child(each));
    for (const node of nodes) {
      node.spawn('server', async () => {
        setInterval(() => {}, 30_000).unref();
        setTimeout(() => {}, 90);
      });
    }
    kernel.schedule(10, name('fault', 'crash'), () => nodes[1]?.kill());
    await kernel.run({ untilMs: 50 });
    expect(kernel.timers()).toEqual([
      'an interval of 30000 ms, unreferenced, due at 30000 ms, set by n1/server',
      'a timeout of 90 ms, due at 90 ms, set by n1/server',
    ]);
    kernel.dispose();
    expect(kernel.timers()).toEqual([]);
  });

  test('none of its timers fires in another, and one that is set anew there ends that', async () => {
    const fired: string[] = [];
    let left: NodeJS.Timeout | undefined;
    const first = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    first.root.spawn('first', async () => {
      left = setTimeout(() => fired.push('left'), 50);
    });
    await first.run({ untilMs: 10 });
    const second = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    second.root.spawn('second', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      fired.push('second');
      clearTimeout(Number(setTimeout(() => {}, 1)));
      left?.refresh();
    });
    expect(await second.run()).toMatchObject({
      kind: 'nondeterminism',
      what: 'Timeout.refresh of another run',
      callSite: expect.stringContaining('virtual-timers.test.ts'),
    });
    expect(fired).toEqual(['second']);
  });

  test('a timer of the host that is set anew within a run ends it, and one that is cleared there is', async () => {
    const [timer, cleared] = [1, 2].map(() => setTimeout(() => {}, 2 ** 30));
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    kernel.root.spawn('program', async () => {
      clearTimeout(cleared);
      timer?.refresh();
    });
    expect(await kernel.run()).toMatchObject({
      kind: 'nondeterminism',
      what: 'Timeout.refresh of a timer of the host',
    });
    clearTimeout(timer);
    expect(Reflect.get(cleared ?? {}, '_destroyed')).toBe(true);
  });
});

describe('something may come of a timer', () => {
  const beat = async (ms: () => number): Promise<void> => {
    for (;;) await new Promise((resolve) => setTimeout(resolve, ms()));
  };

  test.each<[string, () => unknown, boolean]>([
    ['that fires once', () => setTimeout(() => {}, 90), true],
    ['that another kind of timer set', () => setTimeout(() => setTimeout(() => {}, 70), 20), true],
    [
      'that is set again and again before it fires',
      () => setTimeout(() => {}, 1).refresh() && setTimeout(() => {}, 90),
      true,
    ],
    ['not of one that fires later', () => setTimeout(() => {}, 91), false],
    ['not of one that was cleared', () => clearTimeout(setTimeout(() => {}, 90)), false],
    ['not of an interval', () => setInterval(() => {}, 90), false],
    ['not of one that keeps nothing going', () => setTimeout(() => {}, 90).unref(), false],
    [
      'not of one that its callback sets again',
      () =>
        setTimeout(function tick() {
          setTimeout(tick, 30 + Math.random() * 3);
        }, 20),
      false,
    ],
    [
      'not of one that its callback refreshes',
      () => {
        const timer = setTimeout(() => timer.refresh(), 30);
      },
      false,
    ],
    ['not of a loop that sleeps', () => beat(() => 20), false],
  ])('%s', async (_what, set, expected) => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    kernel.root.child('n1').spawn('server', async () => void set());
    await kernel.run({ untilMs: 50 });
    expect(kernel.awaitsTimer(90)).toBe(expected);
  });

  test('not of one of a group that has ended', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    const node = kernel.root.child('n1');
    node.spawn('server', async () => void setTimeout(() => {}, 90));
    await kernel.run({ untilMs: 50 });
    node.kill();
    expect(kernel.awaitsTimer(90)).toBe(false);
  });
});
