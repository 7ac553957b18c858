/** What ends a segment, under both drains: everything that promises and ticks can do, and nothing else. */
import { describe, expect, test, vi } from 'vitest';
import { SeededChooser } from './choices/chooser.ts';
import type { Drain } from './drain.ts';
import { Kernel, type KernelOptions, type RunEnd } from './kernel.ts';
import type { Group } from './tasks/group.ts';
import { type EventCatalogue, TraceRecorder } from './trace/trace.ts';

const catalogue: EventCatalogue = { note: ['what'] };

interface Ran {
  readonly end: RunEnd;
  readonly notes: readonly string[];
  readonly steps: number;
  readonly digest: string;
}

function noteOf(what: string): { readonly kind: string; readonly what: string } {
  return { kind: 'note', what };
}

type Program = (root: Group, note: (what: string) => void) => void;

async function runOf(program: Program, options: Partial<KernelOptions>): Promise<Ran> {
  const kernel = new Kernel({ chooser: new SeededChooser(11n), ...options });
  const trace = new TraceRecorder(catalogue);
  const notes: string[] = [];
  program(kernel.root, (what) => {
    notes.push(`${kernel.now} ${kernel.currentTask}: ${what}`);
    trace.record(noteOf(what), kernel.now, kernel.currentTask);
  });
  const end = await kernel.run();
  return { end, notes, steps: kernel.steps, digest: trace.digest([kernel.now, kernel.steps]) };
}

/** Runs a program under both drains, which must agree in everything. */
async function run(program: Program): Promise<Ran> {
  const ran: Ran[] = [];
  for (const drain of ['documented', 'synchronous'] satisfies Drain[]) {
    for (const stepsPerTurn of [1, 3, 256]) ran.push(await runOf(program, { drain, stepsPerTurn }));
  }
  const [first] = ran;
  if (first === undefined) throw new Error('nothing ran');
  for (const other of ran) expect(other).toEqual(first);
  return first;
}

test.each<Drain>(['documented', 'synchronous'])('a run drains %s when told to', async (drain) => {
  const kernel = new Kernel({ chooser: new SeededChooser(11n), drain });
  await kernel.run();
  expect(kernel.drained).toBe(drain);
});

test.each([
  ['is not there', undefined],
  ['does nothing', () => {}],
])('a run drains by documented means where the other way %s', async (_what, found) => {
  const host: unknown = Reflect.get(process, '_tickCallback');
  Reflect.set(process, '_tickCallback', found);
  vi.resetModules();
  try {
    const fresh = await import('./kernel.ts');
    const kernel = new fresh.Kernel({ chooser: new SeededChooser(11n), drain: 'synchronous' });
    kernel.root.spawn('sleeper', () => kernel.root.sleep(5));
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect([kernel.now, kernel.drained]).toEqual([5, 'documented']);
  } finally {
    Reflect.set(process, '_tickCallback', host);
    vi.resetModules();
  }
});

describe('a segment', () => {
  test('is half of Promise.all: each of two sleeps is resumed by itself', async () => {
    const { notes, steps } = await run((root, note) => {
      root.spawn('both', async () => {
        await Promise.all([root.sleep(5), root.sleep(5), root.sleep(9)]);
        note('all');
      });
    });
    expect(notes).toEqual(['9 both: all']);
    expect(steps).toBe(4);
  });

  test('goes on with the winner of Promise.race, and the loser is still open', async () => {
    const { notes, end } = await run((root, note) => {
      root.spawn('racer', async () => {
        const slow = root.sleep(9).then(() => 'slow');
        note(await Promise.race([slow, root.sleep(5).then(() => 'fast')]));
        await slow;
        note('both');
      });
    });
    expect(notes).toEqual(['5 racer: fast', '9 racer: both']);
    expect(end).toEqual({ kind: 'idle' });
  });

  test('goes on with the first of Promise.any that does not reject', async () => {
    const { notes } = await run((root, note) => {
      root.spawn('any', async () => {
        const failing = root.sleep(1).then(() => Promise.reject(new Error('no')));
        const later = root.sleep(3).then(() => 'three');
        const latest = root.sleep(4);
        note(await Promise.any([failing, later]));
        await latest;
      });
    });
    expect(notes).toEqual(['3 any: three']);
  });

  test('takes for await as far as its next wait', async () => {
    const { notes } = await run((root, note) => {
      async function* ticks(): AsyncGenerator<number> {
        for (let i = 1; i <= 3; i++) {
          await root.sleep(10);
          yield i;
        }
      }
      root.spawn('loop', async () => {
        for await (const tick of ticks()) note(`tick ${tick}`);
      });
    });
    expect(notes).toEqual(['10 loop: tick 1', '20 loop: tick 2', '30 loop: tick 3']);
  });

  test('lasts through any number of chained thens', async () => {
    const { notes, steps } = await run((root, note) => {
      root.spawn('chain', async () => {
        let chain = root.sleep(1);
        for (let i = 0; i < 20; i++) chain = chain.then(() => undefined);
        await chain;
        note('after twenty');
      });
      root.spawn('other', async () => {
        await root.sleep(1);
        note('other');
      });
    });
    expect(notes).toHaveLength(2);
    expect(notes.map((line) => line.split(':')[0]).sort()).toEqual(['1 chain', '1 other']);
    expect(steps).toBe(4);
  });

  test('carries along whoever waits for a plain promise that it resolves', async () => {
    const { notes, end } = await run((root, note) => {
      let open = (): void => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      root.spawn('waiter', async () => {
        await gate;
        note('through');
      });
      root.spawn('opener', async () => {
        await root.sleep(7);
        open();
        note('opened');
      });
    });
    expect(notes).toEqual(['7 opener: opened', '7 opener: through']);
    expect(end).toEqual({ kind: 'idle' });
  });

  test('lasts through a late foreign tick, and what that sets off', async () => {
    const { notes } = await run((root, note) => {
      root.spawn('ticker', async () => {
        await root.sleep(1);
        let chain = Promise.resolve();
        for (let i = 0; i < 20; i++) chain = chain.then(() => undefined);
        await chain;
        process.nextTick(() => {
          note('tick');
          void Promise.resolve().then(() => {
            note('microtask of the tick');
            process.nextTick(() => process.nextTick(() => note('third tick')));
          });
        });
      });
      root.spawn('next', async () => {
        await root.sleep(2);
        note('next');
      });
    });
    expect(notes).toEqual([
      '1 ticker: tick',
      '1 ticker: microtask of the tick',
      '1 ticker: third tick',
      '2 next: next',
    ]);
  });

  test('is one of its task again after a microtask was queued for it', async () => {
    const { notes } = await run((root, note) => {
      root.spawn('queuer', async () => {
        await root.yield();
        queueMicrotask(() => note('queued'));
        await root.yield();
        note('yielded');
      });
    });
    expect(notes).toEqual(['0 queuer: queued', '0 queuer: yielded']);
  });
});

describe('an error', () => {
  test('that nobody handles ends the run in the segment that lost it', async () => {
    const { end, notes } = await run((root, note) => {
      root.spawn('loser', async () => {
        for (let i = 0; ; i++) {
          await root.sleep(1);
          note(String(i));
          if (i === 3) void Promise.reject(new Error('lost'));
        }
      });
      root.spawn('other', async () => {
        for (;;) await root.sleep(1);
      });
    });
    expect(end).toMatchObject({ kind: 'exception', fault: 'rejection', task: 'loser', group: '' });
    expect(end.kind === 'exception' && end.error).toEqual(new Error('lost'));
    expect(notes.at(-1)).toBe('4 loser: 3');
  });

  test('that is handled later in its segment is none', async () => {
    const { end } = await run((root) => {
      root.spawn('late', async () => {
        await root.sleep(1);
        const failing = Promise.reject(new Error('handled'));
        await Promise.resolve();
        process.nextTick(() => failing.catch(() => undefined));
      });
    });
    expect(end).toEqual({ kind: 'idle' });
  });

  test('that a foreign tick throws ends the run, and what was queued behind it still runs', async () => {
    const { end, notes } = await run((root, note) => {
      root.spawn('thrower', async () => {
        await root.sleep(1);
        process.nextTick(() => {
          throw new Error('thrown in a tick');
        });
        process.nextTick(() => note('behind'));
      });
      root.spawn('other', async () => {
        await root.sleep(2);
        note('too late');
      });
    });
    expect(end).toMatchObject({ kind: 'exception', fault: 'thrown', task: 'thrower' });
    expect(notes).toEqual(['1 thrower: behind']);
  });

  test('that leaves a task ends the run, or is told and the run goes on', async () => {
    const program: Program = (root, note) => {
      root.child('n1').spawn('thrower', async () => {
        await root.sleep(1);
        throw new Error('left');
      });
      root.spawn('other', async () => {
        await root.sleep(2);
        note('went on');
      });
    };
    expect((await run(program)).end).toMatchObject({
      kind: 'exception',
      fault: 'thrown',
      task: 'n1/thrower',
      group: 'n1',
    });
    for (const drain of ['documented', 'synchronous'] satisfies Drain[]) {
      const told: unknown[] = [];
      const ran = await runOf(program, {
        drain,
        onTaskError: (...error) => {
          told.push(error);
          return 'continue';
        },
      });
      expect(ran.end).toEqual({ kind: 'idle' });
      expect(ran.notes).toEqual(['2 other: went on']);
      expect(told).toEqual([['n1/thrower', new Error('left'), 'thrown']]);
    }
  });

  test("thrown while a body is called is the task's as well", async () => {
    const { end } = await run((root) => {
      root.spawn('sync', () => {
        throw new Error('at once');
      });
    });
    expect(end).toMatchObject({ kind: 'exception', fault: 'thrown', task: 'sync' });
  });
});

test('handlers of the process are as they were once a run is over', async () => {
  const before = [process.listeners('unhandledRejection'), process.listeners('uncaughtException')];
  await run((root) => {
    root.spawn('loser', async () => {
      void Promise.reject(new Error('lost'));
    });
  });
  expect([process.listeners('unhandledRejection'), process.listeners('uncaughtException')]).toEqual(before);
});

test('a hundred mixed programs give the same digest however they are drained', async () => {
  const digests = new Set<string>();
  for (let seed = 0n; seed < 100n; seed++) {
    const program: Program = (root, note) => {
      const channel = root.channel<number>(3);
      const signal = root.signal();
      for (let k = 0; k < 5; k++) {
        root.spawn(`sender`, async () => {
          for (let i = 0; i < 10; i++) {
            await root.sleep((i * 7 + k * 3) % 5);
            note(`${await channel.send(10 * k + i)}`);
            if (i % 3 === 0) signal.notify();
          }
        });
      }
      for (const role of ['one', 'two']) {
        root.spawn(role, async () => {
          for (let i = 0; i < 20; i++) {
            const first = await root.select({
              item: channel.received,
              poke: signal.notified,
              late: { kind: 'deadline', atMs: root.now() + 4 },
            });
            note(`${first.source} ${String(first.value)}`);
            process.nextTick(() => note('tick'));
          }
        });
      }
    };
    const ran: Ran[] = [];
    for (const drain of ['documented', 'synchronous'] satisfies Drain[]) {
      ran.push(await runOf(program, { drain, chooser: new SeededChooser(seed) }));
    }
    expect(ran[1]?.digest).toBe(ran[0]?.digest);
    digests.add(ran[0]?.digest ?? '');
  }
  expect(digests.size).toBeGreaterThan(90);
});
