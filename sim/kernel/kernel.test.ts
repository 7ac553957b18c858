import { describe, expect, test } from 'vitest';
import { CLOSED, deadline } from '../../src/runtime/port.ts';
import { PlainChooser, SeededChooser } from './chooser.ts';
import type { Drain } from './drain.ts';
import { Kernel, type KernelOptions } from './kernel.ts';
import { name } from './name.ts';

const drains: readonly Drain[] = ['documented', 'synchronous'];

function kernelOf(options: Partial<KernelOptions> = {}): Kernel {
  return new Kernel({ chooser: new PlainChooser(), ...options });
}

describe.each(drains)('a run drained %s', (drain) => {
  test('lets time jump from one due sleep to the next', async () => {
    const kernel = kernelOf({ drain });
    const woken: string[] = [];
    for (const [role, ms] of [
      ['late', 5000],
      ['early', 20],
    ] as const) {
      kernel.root.spawn(role, async () => {
        await kernel.root.sleep(ms);
        woken.push(`${kernel.currentTask}@${kernel.now}`);
      });
    }
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(woken).toEqual(['early@20', 'late@5000']);
    expect(kernel.steps).toBe(4);
  });

  test('hands items from task to task through a channel, and its close', async () => {
    const kernel = kernelOf({ drain });
    const channel = kernel.root.channel<number>(2);
    const got: unknown[] = [];
    kernel.root.spawn('sender', async () => {
      for (let i = 0; i < 5; i++) expect(await channel.send(i)).toBe('sent');
      channel.close();
      expect(await channel.send(9)).toBe('closed');
    });
    kernel.root.spawn('receiver', async () => {
      for (;;) {
        const item = await channel.receive();
        got.push(item);
        if (item === CLOSED) return;
        await kernel.root.sleep(1);
      }
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(got).toEqual([0, 1, 2, 3, 4, CLOSED]);
  });

  test('resumes a select by the first source that fires, and the others lose nothing', async () => {
    const kernel = kernelOf({ drain });
    const channel = kernel.root.channel<string>(4);
    const signal = kernel.root.signal();
    const got: unknown[] = [];
    kernel.root.spawn('chooser', async () => {
      for (let i = 0; i < 4; i++) {
        const first = await kernel.root.select({ item: channel.received, poke: signal.notified, late: deadline(50) });
        got.push([kernel.now, first.source, first.value]);
      }
    });
    kernel.schedule(10, name('fault', 'f1'), () => channel.trySend('a'));
    kernel.schedule(20, name('fault', 'f2'), () => {
      signal.notify();
      channel.trySend('b');
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(got).toEqual([
      [10, 'item', 'a'],
      [20, 'item', 'b'],
      [20, 'poke', undefined],
      [50, 'late', undefined],
    ]);
  });

  test('kills a group where its tasks stand', async () => {
    const kernel = kernelOf({ drain });
    const node = kernel.root.child('n1/i0');
    const inbox = node.channel<number>(4);
    let ticks = 0;
    node.spawn('ticker', async () => {
      for (;;) {
        await node.sleep(10);
        ticks += 1;
      }
    });
    const seen: unknown[] = [];
    kernel.root.spawn('watcher', async () => {
      seen.push(await inbox.receive());
      seen.push(inbox.trySend(1), await inbox.send(2));
    });
    kernel.schedule(35, name('fault', 'crash'), () => node.kill());
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect([ticks, seen, kernel.now]).toEqual([3, [CLOSED, 'closed', 'closed'], 35]);
  });
});

test("the order of tasks is the seed's", async () => {
  const orders = new Set<string>();
  for (let seed = 1n; seed <= 20n; seed++) {
    const kernel = kernelOf({ chooser: new SeededChooser(seed) });
    let order = '';
    for (const role of ['a', 'b', 'c']) {
      kernel.root.spawn(role, async () => {
        await kernel.root.sleep(5);
        order += role;
      });
    }
    await kernel.run();
    orders.add(order);
  }
  expect(orders.size).toBe(6);
});
