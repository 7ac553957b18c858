import { describe, expect, test } from 'vitest';
import { PlainChooser, SeededChooser } from '../choices/chooser.ts';
import { name } from '../choices/name.ts';
import { Kernel } from '../kernel.ts';

/** Times at both sides of the wheel's edge, and far beyond. */
const SPANS_MS = [1, 2, 31, 32, 33, 500, 1022, 1023, 1024, 1025, 2047, 2048, 4096, 100_000, 5_000_000];

describe('virtual time', () => {
  test('wakes every sleep at its end, however near or far, and those of one instant in order of sleeping', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser() });
    const chooser = new SeededChooser(5n);
    const woken: { task: number; atMs: number; dueMs: number; order: number }[] = [];
    let order = 0;
    for (let task = 0; task < 60; task++) {
      kernel.root.spawn('sleeper', async () => {
        for (let i = 0; i < 40; i++) {
          const span = SPANS_MS[chooser.draw(name('span', task).child('i', i), SPANS_MS.length)] ?? 1;
          const ms = span + chooser.draw(name('more', task).child('i', i), 3);
          const dueMs = kernel.now + ms;
          order += 1;
          const mine = order;
          await kernel.root.sleep(ms);
          woken.push({ task, atMs: kernel.now, dueMs, order: mine });
        }
      });
    }
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(woken).toHaveLength(60 * 40);
    expect(woken.every(({ atMs, dueMs }) => atMs === dueMs)).toBe(true);
    expect(woken).toEqual(woken.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order));
  });

  test('does not stop where all that was due has been discarded, near or far', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser() });
    const doomed = kernel.root.child('doomed');
    for (const ms of SPANS_MS) doomed.spawn('sleeper', () => doomed.sleep(ms));
    const cancelled = SPANS_MS.map((ms) => kernel.schedule(ms, name('op', ms), () => {}));
    kernel.root.spawn('killer', async () => {
      await kernel.root.yield();
      doomed.kill();
      for (const callback of cancelled) callback.cancel();
    });
    kernel.root.spawn('late', () => kernel.root.sleep(7_000_000));
    await kernel.run({ untilMs: 6_999_999 });
    const steps = kernel.steps;
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect([kernel.now, kernel.steps - steps]).toEqual([7_000_000, 1]);
    // Two starts, those of the doomed, the killer's second segment.
    expect(steps).toBe(SPANS_MS.length + 3);
  });

  test('counts what is to come: neither what was cancelled nor what has come', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser() });
    const doomed = kernel.root.child('doomed');
    for (const ms of SPANS_MS) doomed.spawn('sleeper', () => doomed.sleep(ms));
    const callbacks = SPANS_MS.flatMap((ms) =>
      [1, 2].map((i) => kernel.schedule(ms, name('op', ms).child('i', i), () => {})),
    );
    expect(kernel.scheduled).toBe(2 * SPANS_MS.length);
    for (const [i, callback] of callbacks.entries()) if (i % 2 === 0) callback.cancel();
    expect(kernel.scheduled).toBe(SPANS_MS.length);
    kernel.schedule(1, name('kill', 0), () => doomed.kill());
    await kernel.run({ untilMs: 32 });
    expect(kernel.scheduled).toBeGreaterThanOrEqual(SPANS_MS.filter((ms) => ms > 32).length);
    await kernel.run();
    expect(kernel.scheduled).toBe(0);
  });

  test('goes on from where it was told to stop', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser() });
    const woken: number[] = [];
    for (const ms of SPANS_MS) {
      kernel.root.spawn('sleeper', async () => {
        await kernel.root.sleep(ms);
        woken.push(kernel.now);
      });
    }
    for (let stopMs = 0; stopMs < 5000; stopMs += 7) {
      await kernel.run({ untilMs: stopMs });
      expect(kernel.now).toBe(stopMs);
      if (stopMs === 700) kernel.schedule(1724, name('op', 'k'), () => woken.push(-kernel.now));
    }
    await kernel.run();
    expect(woken).toEqual([...SPANS_MS, -1724].sort((a, b) => Math.abs(a) - Math.abs(b)));
  });
});

test('many waits that are ready at once go by rank, as few do', async () => {
  const order = async (tasks: number): Promise<string[]> => {
    const kernel = new Kernel({ chooser: new SeededChooser(9n) });
    const ran: string[] = [];
    for (let task = 0; task < tasks; task++) {
      kernel.root.spawn(`t${task}`, async () => {
        await kernel.root.sleep(5);
        ran.push(`t${task}`);
      });
    }
    await kernel.run();
    return ran;
  };
  const many = await order(500);
  expect(new Set(many).size).toBe(500);
  // A rank is its wait's alone: the first thirty stand in the same order among five hundred.
  const few = await order(30);
  expect(many.filter((task) => few.includes(task))).toEqual(few);
  expect(few).not.toEqual(few.toSorted());
});

test('ties of rank go by order of becoming ready, also among many', async () => {
  const kernel = new Kernel({ chooser: new PlainChooser() });
  const ran: number[] = [];
  for (let task = 0; task < 300; task++) {
    kernel.root.spawn('t', async () => {
      await kernel.root.sleep(5);
      ran.push(task);
    });
  }
  await kernel.run();
  expect(ran).toEqual(Array.from({ length: 300 }, (_, task) => task));
});

test('waits that another source of their select has claimed are out of the timeline at once, wherever they stood', async () => {
  for (let seed = 1n; seed <= 10n; seed++) {
    const kernel = new Kernel({ chooser: new PlainChooser() });
    const chooser = new SeededChooser(seed);
    const { root } = kernel;
    const woken: { readonly task: number; readonly atMs: number; readonly source: string }[] = [];
    const expected: typeof woken = [];
    for (let task = 0; task < 40; task++) {
      const dueMs = SPANS_MS[chooser.draw(name('due', task), SPANS_MS.length)] ?? 1;
      const saidMs = SPANS_MS[chooser.draw(name('said', task), SPANS_MS.length)] ?? 1;
      const signal = root.signal();
      kernel.schedule(saidMs, name('op', task), () => signal.notify());
      root.spawn(`t${task}`, async () => {
        const { source } = await root.select({ said: signal.notified, due: { kind: 'deadline', atMs: dueMs } });
        woken.push({ task, atMs: kernel.now, source });
        // The wait is used again, beside what may be left of the first time.
        await root.sleep(3);
        woken.push({ task, atMs: kernel.now, source: 'sleep' });
      });
      if (saidMs === dueMs) continue;
      const atMs = Math.min(saidMs, dueMs);
      expected.push({ task, atMs, source: saidMs < dueMs ? 'said' : 'due' }, { task, atMs: atMs + 3, source: 'sleep' });
    }
    await kernel.run();
    const sorted = (list: typeof woken) => list.toSorted((a, b) => a.task - b.task || a.atMs - b.atMs);
    const clear = new Set(expected.map(({ task }) => task));
    expect(sorted(woken.filter(({ task }) => clear.has(task)))).toEqual(sorted(expected));
    expect(woken).toHaveLength(80);
  }
});
