import { describe, expect, test } from 'vitest';
import { CLOSED, deadline, type Sources } from '../../../src/runtime/port.ts';
import { PlainChooser, SeededChooser } from '../choices/chooser.ts';
import { name } from '../choices/name.ts';
import { Kernel, type KernelOptions } from '../kernel.ts';

function kernelOf(options: Partial<KernelOptions> = {}): Kernel {
  return new Kernel({ chooser: new PlainChooser(), ...options });
}

describe('a channel', () => {
  test('refuses a capacity below one', () => {
    for (const capacity of [0, -1, 0.5, Number.NaN])
      expect(() => kernelOf().root.channel(capacity)).toThrow(RangeError);
  });

  test('serves senders that wait for room in their order, and shows its length at any time', async () => {
    const kernel = kernelOf();
    const channel = kernel.root.channel<string>(1);
    const log: string[] = [];
    for (const role of ['a', 'b', 'c']) {
      kernel.root.spawn(role, async () => {
        log.push(`${role} ${await channel.send(role)} ${channel.length}`);
      });
    }
    kernel.root.spawn('receiver', async () => {
      await kernel.root.sleep(5);
      for (let i = 0; i < 3; i++) log.push(`got ${String(await channel.receive())}`);
    });
    await kernel.run();
    expect(log).toEqual(['a sent 1', 'got a', 'b sent 1', 'got b', 'c sent 1', 'got c']);
  });

  test('gives each of several receivers one item, in order of waiting', async () => {
    const kernel = kernelOf();
    const channel = kernel.root.channel<number>(9);
    const got: string[] = [];
    for (const role of ['a', 'b', 'c']) {
      kernel.root.spawn(role, async () => {
        got.push(`${role}${String(await channel.receive())}`);
      });
    }
    kernel.schedule(3, name('op', 'k1'), () => {
      for (const item of [1, 2, 3]) channel.trySend(item);
    });
    await kernel.run();
    expect(got).toEqual(['a1', 'b2', 'c3']);
  });

  test('lets a woken task wait on, without resuming it, when another took its item', async () => {
    const kernel = kernelOf();
    const channel = kernel.root.channel<number>(9);
    const got: unknown[] = [];
    kernel.root.spawn('waiter', async () => {
      got.push([kernel.now, await channel.receive(), kernel.now]);
    });
    kernel.root.spawn('thief', async () => {
      await kernel.root.sleep(5);
      channel.trySend(1);
      got.push(channel.tryReceive());
      const steps = kernel.steps;
      await kernel.root.sleep(1);
      // The thief's own next segment is the only one since.
      got.push(kernel.steps - steps);
      channel.trySend(2);
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(got).toEqual([1, 1, [0, 2, 6]]);
  });

  test('promises an item to the next in line when the one it was promised to is killed', async () => {
    const kernel = kernelOf();
    const channel = kernel.root.channel<string>(9);
    const doomed = kernel.root.child('doomed');
    const got: unknown[] = [];
    doomed.spawn('first', async () => {
      got.push(await channel.receive());
    });
    kernel.root.spawn('second', async () => {
      got.push([await channel.receive(), kernel.now]);
    });
    kernel.schedule(5, name('op', 'k1'), () => {
      channel.trySend('item');
      doomed.kill();
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(got).toEqual([['item', 5]]);
  });

  test('drops what a killed sender still waited to send', async () => {
    const kernel = kernelOf();
    const channel = kernel.root.channel<string>(1);
    const doomed = kernel.root.child('doomed');
    doomed.spawn('sender', async () => {
      await channel.send('kept');
      await channel.send('dropped');
    });
    kernel.root.spawn('patient', async () => {
      await kernel.root.sleep(1);
      await channel.send('after');
    });
    const got: unknown[] = [];
    kernel.schedule(5, name('fault', 'f'), () => doomed.kill());
    kernel.schedule(6, name('op', 'k'), () =>
      got.push(channel.tryReceive(), channel.tryReceive(), channel.tryReceive()),
    );
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(got).toEqual(['kept', 'after', undefined]);
  });

  test('tells its observer of all that passes, also through a select, as it happens', async () => {
    const kernel = kernelOf();
    const seen: string[] = [];
    const channel = kernel.root.channel<number>(2, {
      sent: (item, outcome) => seen.push(`${kernel.now} ${outcome} ${item} ${channel.length}`),
      received: (item) => seen.push(`${kernel.now} received ${item} ${channel.length}`),
    });
    kernel.root.spawn('sender', async () => {
      for (const item of [1, 2, 3]) channel.trySend(item);
      await channel.send(4);
      await kernel.root.sleep(5);
      channel.close();
      channel.trySend(5);
      await channel.send(6);
    });
    kernel.root.spawn('receiver', async () => {
      await kernel.root.sleep(2);
      await kernel.root.select({ item: channel.received, late: deadline(9) });
      await channel.receive();
      channel.tryReceive();
    });
    await kernel.run();
    expect(seen).toEqual([
      '0 sent 1 1',
      '0 sent 2 2',
      '0 full 3 2',
      '2 received 1 1',
      '2 sent 4 2',
      '2 received 2 1',
      '2 received 4 0',
      '7 closed 5 0',
      '7 closed 6 0',
    ]);
  });

  test('ends senders that wait when it closes, and receivers once it is empty', async () => {
    const kernel = kernelOf();
    const channel = kernel.root.channel<number>(1);
    const log: unknown[] = [];
    kernel.root.spawn('sender', async () => {
      await channel.send(1);
      log.push(await channel.send(2));
    });
    kernel.root.spawn('closer', async () => {
      await kernel.root.sleep(1);
      channel.close();
      channel.close();
      log.push(channel.closed, await channel.receive(), await channel.receive(), channel.tryReceive());
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(log).toEqual(['closed', true, 1, CLOSED, CLOSED]);
  });
});

describe('a select', () => {
  test('draws among what is ready when it resumes, and takes from that only', async () => {
    const firsts = new Set<string>();
    for (let seed = 1n; seed <= 40n; seed++) {
      const kernel = kernelOf({ chooser: new SeededChooser(seed) });
      const left = kernel.root.channel<string>(4);
      const right = kernel.root.channel<string>(4);
      const signal = kernel.root.signal();
      const taken: string[] = [];
      kernel.root.spawn('chooser', async () => {
        for (let i = 0; i < 4; i++) {
          const { source } = await kernel.root.select({
            left: left.received,
            right: right.received,
            poke: signal.notified,
            late: deadline(5),
          });
          taken.push(source);
          if (source === 'late') break;
        }
      });
      kernel.schedule(5, name('op', 'k'), () => {
        left.trySend('l');
        right.trySend('r');
        signal.notify();
      });
      await kernel.run();
      const all = taken.filter((source) => source !== 'late');
      // Nothing is lost: what was not taken is still there.
      expect(left.length).toBe(all.includes('left') ? 0 : 1);
      expect(right.length).toBe(all.includes('right') ? 0 : 1);
      expect(new Set(all).size).toBe(all.length);
      firsts.add(taken[0] ?? '');
    }
    expect(firsts).toEqual(new Set(['left', 'right', 'poke', 'late']));
  });

  test('lets a closed and empty channel win over all others, but not one that still holds items', async () => {
    for (let seed = 1n; seed <= 20n; seed++) {
      const kernel = kernelOf({ chooser: new SeededChooser(seed) });
      const closing = kernel.root.channel<number>(4);
      const other = kernel.root.channel<number>(4);
      const taken: unknown[] = [];
      kernel.root.spawn('chooser', async () => {
        for (;;) {
          const { source, value } = await kernel.root.select({
            other: other.received,
            late: deadline(0),
            closing: closing.received,
          });
          if (source !== 'late') taken.push([source, value]);
          if (value === CLOSED) return;
        }
      });
      closing.trySend(1);
      closing.close();
      for (let i = 0; i < 3; i++) other.trySend(i);
      await kernel.run();
      expect(taken.at(-1)).toEqual(['closing', CLOSED]);
      expect(taken.at(-2)).toEqual(['closing', 1]);
    }
  });

  test('that was woken in vain goes on waiting at all its sources', async () => {
    const kernel = kernelOf();
    const channel = kernel.root.channel<string>(4);
    const signal = kernel.root.signal();
    const got: unknown[] = [];
    kernel.root.spawn('chooser', async () => {
      for (let i = 0; i < 3; i++) {
        const { source } = await kernel.root.select({
          item: channel.received,
          poke: signal.notified,
          late: deadline(30),
        });
        got.push([kernel.now, source]);
      }
    });
    const steal = (): void => {
      channel.trySend('bait');
      channel.tryReceive();
    };
    kernel.schedule(5, name('op', 'k1'), steal);
    kernel.schedule(10, name('op', 'k2'), () => signal.notify());
    kernel.schedule(12, name('op', 'k3'), steal);
    kernel.schedule(15, name('op', 'k4'), () => channel.trySend('item'));
    kernel.schedule(20, name('op', 'k5'), steal);
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(got).toEqual([
      [10, 'poke'],
      [15, 'item'],
      [30, 'late'],
    ]);
  });

  test('keeps its deadline through a pause and a vain wake', async () => {
    const kernel = kernelOf();
    const group = kernel.root.child('n1');
    const channel = kernel.root.channel<string>(4);
    const got: unknown[] = [];
    group.spawn('chooser', async () => {
      const { source } = await group.select({ item: channel.received, late: deadline(50), later: deadline(60) });
      got.push([kernel.now, source]);
    });
    kernel.schedule(5, name('fault', 'f'), () => group.pause());
    kernel.schedule(10, name('op', 'k'), () => channel.trySend('bait'));
    kernel.schedule(20, name('op', 'k2'), () => channel.tryReceive());
    // The look for what is due after that finds the select ready and held.
    expect(await kernel.run({ untilMs: 25 })).toEqual({ kind: 'idle' });
    group.resume();
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(got).toEqual([[50, 'late']]);
  });

  test('hands on an item it was woken by and did not take', async () => {
    for (let seed = 1n; seed <= 20n; seed++) {
      const kernel = kernelOf({ chooser: new SeededChooser(seed) });
      const channel = kernel.root.channel<string>(4);
      const signal = kernel.root.signal();
      const got: string[] = [];
      kernel.root.spawn('chooser', async () => {
        const { source } = await kernel.root.select({ item: channel.received, poke: signal.notified });
        got.push(source);
      });
      kernel.root.spawn('receiver', async () => {
        await kernel.root.sleep(1);
        const item = await channel.receive();
        got.push(`received ${String(item)}`);
      });
      kernel.schedule(5, name('op', 'k'), () => {
        channel.trySend('one');
        signal.notify();
      });
      kernel.schedule(9, name('op', 'k2'), () => channel.trySend('two'));
      await kernel.run();
      expect(got.some((line) => line === 'received one' || line === 'received two')).toBe(true);
      if (got.includes('poke')) expect(got).toContain('received one');
    }
  });

  test('gives a notification back that it did not take', async () => {
    for (let seed = 1n; seed <= 20n; seed++) {
      const kernel = kernelOf({ chooser: new SeededChooser(seed) });
      const channel = kernel.root.channel<string>(4);
      const signal = kernel.root.signal();
      const got = new Set<string>();
      kernel.root.spawn('chooser', async () => {
        for (let i = 0; i < 2; i++)
          got.add((await kernel.root.select({ item: channel.received, poke: signal.notified })).source);
      });
      kernel.schedule(5, name('op', 'k'), () => {
        channel.trySend('item');
        signal.notify();
      });
      expect(await kernel.run()).toEqual({ kind: 'idle' });
      expect(got).toEqual(new Set(['item', 'poke']));
      expect(kernel.unfinished()).toEqual([]);
    }
  });

  test('refuses to wait for nothing, or for what another runtime made', async () => {
    const kernel = kernelOf();
    const errors: unknown[] = [];
    kernel.root.spawn('chooser', async () => {
      const wrong: Sources[] = [{}, { odd: { kind: 'receive', channel: {} } }, { half: deadline(0.5) }];
      for (const sources of wrong) {
        try {
          await kernel.root.select(sources);
        } catch (error) {
          errors.push(error);
        }
      }
    });
    await kernel.run();
    expect(errors.map(String)).toEqual([
      'MisuseError: a select needs a source',
      "MisuseError: no source of this runtime: 'odd'",
      'MisuseError: a deadline is a whole number of milliseconds: 0.5',
    ]);
  });

  test('a million times beside a source that never fires leaves nothing behind', async () => {
    const kernel = kernelOf();
    const channel = kernel.root.channel<number>(4);
    const never = kernel.root.channel<number>(4);
    const signal = kernel.root.signal();
    const rounds = 1_000_000;
    let heapAtStart = 0;
    let heapAtEnd = 0;
    kernel.root.spawn('sender', async () => {
      for (let i = 0; i < rounds; i++) await channel.send(i);
      channel.close();
    });
    kernel.root.spawn('chooser', async () => {
      for (;;) {
        const { value } = await kernel.root.select({
          item: channel.received,
          never: never.received,
          poke: signal.notified,
          late: deadline(kernel.now + 1_000_000),
        });
        if (value === CLOSED) return;
      }
    });
    await kernel.run({ until: () => kernel.steps > rounds / 10 });
    heapAtStart = process.memoryUsage().heapUsed;
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    heapAtEnd = process.memoryUsage().heapUsed;
    expect(heapAtEnd - heapAtStart).toBeLessThan(64 * 1024 * 1024);
    expect(kernel.now).toBe(0);
  }, 60_000);
});

describe('a signal', () => {
  test('wakes all who wait, and is kept once for nobody', async () => {
    const kernel = kernelOf();
    const signal = kernel.root.signal();
    const woken: unknown[] = [];
    for (const role of ['a', 'b']) {
      kernel.root.spawn(role, async () => {
        await signal.wait();
        woken.push([role, kernel.now]);
      });
    }
    kernel.root.spawn('later', async () => {
      await kernel.root.sleep(9);
      await signal.wait();
      woken.push(['later', kernel.now]);
      await signal.wait();
      woken.push(['never', kernel.now]);
    });
    kernel.schedule(3, name('op', 'k1'), () => signal.notify());
    kernel.schedule(5, name('op', 'k2'), () => {
      signal.notify();
      signal.notify();
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(woken).toEqual([
      ['a', 3],
      ['b', 3],
      ['later', 9],
    ]);
  });
});
