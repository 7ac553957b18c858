import { describe, expect, test } from 'vitest';
import { CLOSED, deadline } from '../../../src/runtime/port.ts';
import { PlainChooser } from '../choices/chooser.ts';
import { name } from '../choices/name.ts';
import { Kernel, type KernelOptions } from '../kernel.ts';
import type { Group } from './group.ts';

function kernelOf(options: Partial<KernelOptions> = {}): Kernel {
  return new Kernel({ chooser: new PlainChooser(), ...options });
}

/** A task that notes the time every so often. */
function ticker(group: Group, everyMs: number, ticks: string[]): void {
  group.spawn('ticker', async () => {
    for (;;) {
      await group.sleep(everyMs);
      ticks.push(`${group.name} ${group.now()}`);
    }
  });
}

describe('a group', () => {
  test('names its tasks after itself and their role, with an ordinal for a role it has had', async () => {
    const kernel = kernelOf();
    const names: string[] = [];
    const node = kernel.root.child('n1/i0');
    for (const group of [node, node, node.child('x'), kernel.root, node]) {
      const task = group.spawn('loop', async () => {
        names.push(kernel.currentTask);
      });
      expect(task.role).toBe('loop');
    }
    await kernel.run();
    expect(names).toEqual(['n1/i0/loop', 'n1/i0/loop#2', 'n1/i0/x/loop', 'loop', 'n1/i0/loop#3']);
    expect(kernel.currentTask).toBe('');
  });

  test('joins a task that has ended or will end, and gets its error', async () => {
    const kernel = kernelOf({ onTaskError: () => 'continue' });
    const log: unknown[] = [];
    const quick = kernel.root.spawn('quick', async () => {});
    const failing = kernel.root.spawn('failing', async () => {
      await kernel.root.sleep(5);
      throw new Error('failed');
    });
    kernel.root.spawn('joiner', async () => {
      await kernel.root.sleep(1);
      await quick.join();
      log.push(kernel.now);
      await failing.join().catch((error: unknown) => log.push(kernel.now, error));
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(log).toEqual([1, 5, new Error('failed')]);
  });

  test('killed, resumes none of its tasks, nor those of groups within it, and lets others go on', async () => {
    const kernel = kernelOf();
    const ticks: string[] = [];
    const node = kernel.root.child('n1');
    const other = kernel.root.child('n2');
    for (const group of [node, node.child('i0'), other]) ticker(group, 10, ticks);
    kernel.schedule(25, name('fault', 'crash'), () => node.kill());
    await kernel.run({ untilMs: 40 });
    expect(ticks.filter((tick) => tick.startsWith('n1'))).toEqual(['n1 10', 'n1/i0 10', 'n1 20', 'n1/i0 20']);
    expect(ticks.at(-1)).toBe('n2 40');
    expect(kernel.unfinished()).toEqual(['n2/ticker']);
  });

  test('killed by a task of its own, ends with that segment', async () => {
    const kernel = kernelOf();
    const node = kernel.root.child('n1');
    const log: string[] = [];
    node.spawn('suicide', async () => {
      node.kill();
      log.push('rest of the segment');
      await node.sleep(1);
      log.push('never');
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(log).toEqual(['rest of the segment']);
    expect(kernel.unfinished()).toEqual([]);
  });

  test('killed, starts nothing more, is joined at once, and closes its channels for others', async () => {
    const kernel = kernelOf();
    const node = kernel.root.child('n1');
    const inbox = node.channel<number>(1);
    const log: unknown[] = [];
    const victim = node.spawn('victim', () => node.sleep(1000));
    for (const role of ['sender', 'receiver', 'joiner']) {
      kernel.root.spawn(role, async () => {
        if (role === 'sender') {
          inbox.trySend(1);
          log.push([role, await inbox.send(2), kernel.now]);
        } else if (role === 'joiner') {
          await victim.join();
          log.push([role, kernel.now]);
        } else {
          await kernel.root.sleep(1);
          log.push([role, await inbox.receive()]);
          log.push([role, await inbox.receive()]);
          log.push([role, await inbox.receive(), kernel.now]);
        }
      });
    }
    kernel.root.spawn('late', async () => {
      await kernel.root.sleep(10);
      await inbox.send(3);
      await inbox.send(4);
      log.push(['late', inbox.closed, inbox.trySend(5)]);
    });
    kernel.schedule(5, name('fault', 'crash'), () => {
      node.kill();
      node.spawn('ghost', async () => {
        log.push('ghost');
      });
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(log).toEqual([
      ['receiver', 1],
      ['sender', 'sent', 1],
      ['receiver', 2],
      ['joiner', 5],
      ['receiver', CLOSED, 5],
      ['late', true, 'closed'],
    ]);
  });

  test('paused, runs nothing while time goes on, and makes up for it when resumed', async () => {
    const kernel = kernelOf();
    const ticks: string[] = [];
    const node = kernel.root.child('n1');
    ticker(node, 10, ticks);
    ticker(kernel.root.child('n2'), 10, ticks);
    const inbox = node.channel<number>(4);
    node.spawn('reader', async () => {
      for (;;) ticks.push(`item ${String(await inbox.receive())} ${node.now()}`);
    });
    kernel.schedule(15, name('fault', 'pause'), () => node.pause());
    kernel.schedule(17, name('op', 'k'), () => inbox.trySend(7));
    kernel.schedule(45, name('fault', 'pause').child('end'), () => node.resume());
    await kernel.run({ untilMs: 60 });
    expect(ticks.filter((tick) => !tick.startsWith('n2'))).toEqual(['n1 10', 'item 7 45', 'n1 45', 'n1 55']);
    expect(ticks.filter((tick) => tick.startsWith('n2'))).toHaveLength(6);
  });

  test('within a paused one is paused, and pausing twice is resumed once', async () => {
    const kernel = kernelOf();
    const ticks: string[] = [];
    const node = kernel.root.child('n1');
    const inner = node.child('i0');
    ticker(kernel.root, 10, []);
    node.pause();
    node.pause();
    inner.pause();
    const born = node.child('i1');
    for (const group of [inner, born]) ticker(group, 10, ticks);
    await kernel.run({ untilMs: 20 });
    expect(ticks).toEqual([]);
    node.resume();
    await kernel.run({ untilMs: 40 });
    expect(ticks).toEqual(['n1/i1 30', 'n1/i1 40']);
    inner.resume();
    inner.resume();
    await kernel.run({ untilMs: 50 });
    expect(ticks.slice(2).sort()).toEqual(['n1/i0 50', 'n1/i1 50']);
  });

  test('killed while paused, hands on what its tasks were promised', async () => {
    const kernel = kernelOf();
    const shared = kernel.root.channel<string>(4);
    const node = kernel.root.child('n1');
    const got: unknown[] = [];
    node.spawn('first', async () => {
      got.push(['first', await shared.receive()]);
    });
    kernel.root.spawn('second', async () => {
      got.push(['second', await shared.receive(), kernel.now]);
    });
    kernel.schedule(1, name('fault', 'pause'), () => node.pause());
    kernel.schedule(2, name('op', 'k'), () => shared.trySend('item'));
    kernel.schedule(9, name('fault', 'crash'), () => node.kill());
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(got).toEqual([['second', 'item', 9]]);
  });

  test('has a wall clock of its own, that never goes below 0, and shares monotonic time', async () => {
    const kernel = kernelOf({ epochMs: 1000n });
    const node = kernel.root.child('n1');
    const inner = node.child('i0');
    kernel.root.spawn('sleeper', () => kernel.root.sleep(50));
    await kernel.run();
    node.shiftWallClock(500);
    inner.shiftWallClock(-100);
    expect([kernel.root.wallNow(), node.wallNow(), inner.wallNow()]).toEqual([1050n, 1550n, 1450n]);
    inner.shiftWallClock(-5000);
    expect([inner.wallNow(), inner.now()]).toEqual([0n, 50]);
    expect(() => node.shiftWallClock(0.5)).toThrow(RangeError);
  });

  test('refuses to sleep for no whole number of milliseconds', async () => {
    const kernel = kernelOf();
    for (const ms of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => kernel.root.sleep(ms)).toThrow(RangeError);
  });

  test('may have a monotonic clock that starts elsewhere, by which its deadlines are told', async () => {
    const kernel = kernelOf();
    const wrap = 4_294_967_296;
    const node = kernel.root.child('n1', wrap - 50);
    const woken: unknown[] = [];
    node.spawn('waiter', async () => {
      for (const atMs of [0, node.now() + 30, node.now() + 100, Number.POSITIVE_INFINITY]) {
        const { source } = await node.select({ due: deadline(atMs), late: deadline(wrap + 100) });
        woken.push([source, node.now() - wrap, kernel.now]);
      }
    });
    await kernel.run();
    expect(woken).toEqual([
      ['due', -50, 0],
      ['due', -20, 30],
      ['due', 50, 100],
      ['late', 100, 150],
    ]);
    expect([node.child('i0').now() - wrap, kernel.root.now()]).toEqual([100, 150]);
    expect(() => kernel.root.child('n2', 0.5)).toThrow(RangeError);
  });

  test('refuses a task without a role where it is started', () => {
    expect(() => kernelOf().root.spawn('', async () => {})).toThrow('a task needs a role');
  });
});
