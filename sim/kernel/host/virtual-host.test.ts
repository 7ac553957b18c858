import crypto from 'node:crypto';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import pRetry from 'p-retry';
import { afterAll, describe, expect, test } from 'vitest';
import { PlainChooser, SeededChooser } from '../choices/chooser.ts';
import { name } from '../choices/name.ts';
import type { Drain } from '../drain.ts';
import { Kernel } from '../kernel.ts';
import { restoreGuards } from './guards.ts';

afterAll(restoreGuards);

const EPOCH_MS = 1_700_000_000_000;

/** Runs one task on a virtual host and gives what it noted. */
async function notes(
  body: (note: (...what: unknown[]) => void, kernel: Kernel) => Promise<void>,
  seed = 1n,
  drain: Drain = 'synchronous',
): Promise<unknown[]> {
  const kernel = new Kernel({ chooser: new SeededChooser(seed), ambient: 'virtual', epochMs: EPOCH_MS, drain });
  const noted: unknown[] = [];
  kernel.root.child('n1').spawn('foreign', () => body((...what) => noted.push([kernel.now, ...what]), kernel));
  expect(await kernel.run()).toEqual({ kind: 'idle' });
  return noted;
}

/** An unmodified library: three failures, then a result, with backoff that is drawn. */
async function retrying(seed: bigint, drain: Drain): Promise<unknown[]> {
  return notes(
    async (note, kernel) => {
      let attempts = 0;
      const result = await pRetry(
        async () => {
          attempts += 1;
          note('attempt', attempts, Date.now() - EPOCH_MS, kernel.currentTask);
          if (attempts < 4) throw new Error('not yet');
          return 'done';
        },
        { retries: 5, minTimeout: 1000, factor: 2, randomize: true, maxRetryTime: 60_000 },
      );
      note(result, performance.now());
      await kernel.root.sleep(10);
      note('slept');
    },
    seed,
    drain,
  );
}

describe('p-retry, unmodified', () => {
  test('runs on virtual time, with its backoff drawn by the seed', async () => {
    const first = await retrying(1n, 'synchronous');
    expect(first.map((line) => (Array.isArray(line) ? line[1] : line))).toEqual([
      'attempt',
      'attempt',
      'attempt',
      'attempt',
      'done',
      'slept',
    ]);
    expect(first).toMatchInlineSnapshot(`
      [
        [
          0,
          "attempt",
          1,
          0,
          "n1/foreign",
        ],
        [
          1071,
          "attempt",
          2,
          1071,
          "n1/foreign",
        ],
        [
          5034,
          "attempt",
          3,
          5034,
          "n1/foreign",
        ],
        [
          12542,
          "attempt",
          4,
          12542,
          "n1/foreign",
        ],
        [
          12542,
          "done",
          13542,
        ],
        [
          12552,
          "slept",
        ],
      ]
    `);
  });

  test('runs the same every time, however it is drained, and otherwise under another seed', async () => {
    const first = await retrying(1n, 'synchronous');
    for (let i = 0; i < 20; i++) expect(await retrying(1n, i % 2 === 0 ? 'documented' : 'synchronous')).toEqual(first);
    expect(await retrying(2n, 'synchronous')).not.toEqual(first);
  });
});

describe('a virtual host', () => {
  test('aborts signals on virtual time', async () => {
    const seen = await notes(async (note) => {
      const signal = AbortSignal.timeout(60_000);
      note(signal.aborted);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      note(signal.aborted, signal.reason instanceof DOMException && signal.reason.name);
      const error: unknown = await timersPromises
        .setTimeout(5000, undefined, { signal: AbortSignal.timeout(20) })
        .catch(String);
      note(error);
    });
    expect(seen).toEqual([
      [0, false],
      [60_000, true, 'TimeoutError'],
      [60_020, 'AbortError: The operation was aborted'],
    ]);
  });

  test('shows virtual time on every clock', async () => {
    const seen = await notes(async (note) => {
      await timersPromises.setTimeout(1500);
      note(Date.now(), Date.now(), performance.now(), process.hrtime(), process.hrtime.bigint(), process.uptime());
    });
    expect(seen).toEqual([[1500, EPOCH_MS + 1500, EPOCH_MS + 1500, 2500, [2, 500_000_000], 2_500_000_000n, 2.5]]);
  });

  test('shows no clock at 0 when a run begins: a process has been up by then, and code takes 0 for no reading', async () => {
    const seen = await notes(async (note) => {
      note(performance.now() > 0, process.uptime() > 0, process.hrtime.bigint() > 0n);
    });
    expect(seen).toEqual([[0, true, true, true]]);
  });

  test('shows the wall clock of the group, which may have been shifted', async () => {
    const seen = await notes(async (note, kernel) => {
      kernel.root.shiftWallClock(-5000);
      note(Date.now());
      note(performance.now());
    });
    expect(seen).toEqual([
      [0, EPOCH_MS - 5000],
      [0, 1000],
    ]);
  });

  test('fires timers in order of time, then of setting, and immediates before them', async () => {
    const seen = await notes(async (note) => {
      setTimeout(() => note('b'), 20);
      setTimeout(() => note('a'), 10);
      setTimeout(() => note('c'), 20);
      setImmediate(() => note('immediate'));
      const every = setInterval((what) => note(what), 8, 'tick');
      setTimeout(() => clearInterval(every), 20);
      const cleared = setTimeout(() => note('never'), 15);
      clearTimeout(Number(cleared));
      await promisify(setTimeout)(30, 'value').then(note);
    });
    expect(seen).toEqual([
      [0, 'immediate'],
      [8, 'tick'],
      [10, 'a'],
      [16, 'tick'],
      [20, 'b'],
      [20, 'c'],
      [30, 'value'],
    ]);
  });

  test('numbers timers by the run, not by the process', async () => {
    const numbers = (): Promise<unknown[]> =>
      notes(async (note) => {
        note(Number(setTimeout(() => {}, 1)), Number(setTimeout(() => {}, 1)));
      });
    expect(await numbers()).toEqual(await numbers());
  });

  test('lets a timer of the same instant clear another', async () => {
    const seen = await notes(async (note) => {
      setTimeout(() => clearTimeout(second), 5);
      const second = setTimeout(() => note('never'), 5);
      const third = setTimeout(() => note('refreshed'), 5);
      setTimeout(() => third.refresh(), 4);
    });
    expect(seen).toEqual([[9, 'refreshed']]);
  });

  test('aborts a promised timer with its signal', async () => {
    const seen = await notes(async (note) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 3);
      await timersPromises
        .setTimeout(10, undefined, { signal: controller.signal })
        .catch((error: unknown) => note(error instanceof Error && error.name));
      let ticks = 0;
      for await (const value of timersPromises.setInterval(4, 'tick')) {
        note(value);
        if (++ticks === 2) break;
      }
    });
    expect(seen).toEqual([
      [3, 'AbortError'],
      [7, 'tick'],
      [11, 'tick'],
    ]);
  });

  test('draws randomness by name: the same for a seed, never twice the same', async () => {
    const drawn = (seed: bigint): Promise<unknown[]> =>
      notes(async (note) => {
        note(
          Math.random(),
          Math.random(),
          crypto.randomUUID(),
          crypto.randomUUID(),
          crypto.randomInt(1000),
          crypto.randomBytes(6).toString('hex'),
        );
        note([...globalThis.crypto.getRandomValues(new Uint16Array(3))]);
        note(await promisify(crypto.randomBytes)(2));
      }, seed);
    const first = await drawn(1n);
    expect(await drawn(1n)).toEqual(first);
    expect(await drawn(2n)).not.toEqual(first);
    const [line] = first;
    expect(Array.isArray(line) && new Set(line).size).toBe(7);
    expect(Array.isArray(line) && line[3]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test('gives even the plain choice different random numbers', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    const ids = new Set<string>();
    kernel.root.spawn('foreign', async () => {
      for (let i = 0; i < 50; i++) ids.add(crypto.randomUUID());
    });
    await kernel.run();
    expect(ids.size).toBe(50);
  });

  test('is not loaded into, and does not outlive, its run', async () => {
    await notes(async () => {});
    expect(Math.abs(Date.now() - EPOCH_MS)).toBeGreaterThan(1e9);
  });

  test('a timer goes with its group, and waits while that is paused', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    const fired: unknown[] = [];
    const groups = ['killed', 'paused'].map((each) => kernel.root.child(each));
    for (const group of groups) {
      group.spawn('foreign', async () => {
        await new Promise<void>((resolve) => setTimeout(resolve, 10));
        fired.push([group.name, kernel.now, kernel.currentTask]);
        await group.sleep(1);
        fired.push([group.name, kernel.now]);
      });
    }
    kernel.schedule(5, name('fault', 'f'), () => {
      groups[0]?.kill();
      groups[1]?.pause();
    });
    kernel.schedule(25, name('fault', 'f').child('end'), () => groups[1]?.resume());
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(fired).toEqual([
      ['paused', 25, 'paused/foreign'],
      ['paused', 26],
    ]);
  });

  test("reports what a timer throws as its task's", async () => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    kernel.root.spawn('foreign', async () => {
      setTimeout(() => {
        throw new Error('in a timer');
      }, 1);
    });
    expect(await kernel.run()).toMatchObject({ kind: 'exception', fault: 'thrown', task: 'foreign' });
  });

  test('still ends a run for what cannot be made virtual', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser(), ambient: 'virtual' });
    kernel.root.spawn('foreign', async () => {
      process.memoryUsage();
    });
    expect(await kernel.run()).toMatchObject({ kind: 'nondeterminism', what: 'process.memoryUsage' });
  });
});
