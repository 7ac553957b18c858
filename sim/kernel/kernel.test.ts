import { describe, expect, test } from 'vitest';
import { deadline } from '../../src/runtime/port.ts';
import { PlainChooser, SeededChooser, UniqueNames } from './choices/chooser.ts';
import { name } from './choices/name.ts';
import { type Drain, hostTurn } from './drain.ts';
import { Kernel, type KernelOptions } from './kernel.ts';

const drains: readonly Drain[] = ['documented', 'synchronous'];

function kernelOf(options: Partial<KernelOptions> = {}): Kernel {
  return new Kernel({ chooser: new PlainChooser(), ...options });
}

/** So many turns of the host's event loop, taken outside of the run. */
async function hostTurns(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await hostTurn();
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

  test('runs callbacks at their times, without a task, unless they are cancelled', async () => {
    const kernel = kernelOf({ drain });
    const ran: string[] = [];
    const note = (): number => ran.push(`${kernel.now} ${kernel.currentTask}`);
    kernel.schedule(20, name('fault', 'f2'), note);
    kernel.schedule(10, name('op', 'k1').child('deliver'), () => {
      note();
      never.cancel();
      kernel.schedule(5, name('op', 'past'), note);
    });
    const never = kernel.schedule(15, name('op', 'k2'), note);
    kernel.schedule(10, name('op', 'k3'), () => sibling.cancel());
    const sibling = kernel.schedule(10, name('op', 'k4'), note);
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    never.cancel();
    expect(ran).toEqual(['10 op:k1/deliver', '10 op:past', '20 fault:f2']);
  });

  test('stops at a time, at a condition, and goes on from there', async () => {
    const kernel = kernelOf({ drain });
    let ticks = 0;
    kernel.root.spawn('ticker', async () => {
      for (; ticks < 10; ticks++) await kernel.root.sleep(10);
    });
    expect(await kernel.run({ untilMs: 25 })).toEqual({ kind: 'until' });
    expect([kernel.now, ticks]).toEqual([25, 2]);
    expect(await kernel.run({ until: () => ticks === 5 })).toEqual({ kind: 'until' });
    expect([kernel.now, ticks]).toEqual([50, 5]);
    expect(await kernel.run({ until: () => false })).toEqual({ kind: 'idle' });
    expect([kernel.now, ticks, kernel.unfinished()]).toEqual([100, 10, []]);
    expect(await kernel.run({ untilMs: 500 })).toEqual({ kind: 'idle' });
    expect(kernel.now).toBe(100);
  });

  test('ends as stuck past its limit of steps, naming what ran most recently', async () => {
    const kernel = kernelOf({ drain, stepLimit: 50 });
    for (const role of ['ping', 'pong']) {
      kernel.root.spawn(role, async () => {
        for (;;) await kernel.root.yield();
      });
    }
    kernel.root.spawn('idler', () => kernel.root.sleep(1));
    expect(await kernel.run()).toEqual({ kind: 'stuck', tasks: ['ping', 'pong'] });
    expect(kernel.steps).toBe(50);
    kernel.stepLimit = 60;
    expect(await kernel.run({ until: () => kernel.steps === 55 })).toEqual({ kind: 'until' });
    expect(kernel.busiest()).toEqual(['pong', 'ping']);
  });

  test('ends as foreign-await when it stands still and a task waits for something else', async () => {
    const kernel = kernelOf({ drain });
    kernel.root.spawn('parked', async () => {
      await kernel.root.channel(1).receive();
    });
    kernel.root.child('n1').spawn('foreign', async () => {
      await kernel.root.sleep(5);
      await new Promise(() => {});
    });
    expect(await kernel.run({ untilMs: 4 })).toEqual({ kind: 'until' });
    expect(kernel.suspects()).toEqual([]);
    expect(await kernel.run()).toEqual({ kind: 'foreign-await', tasks: ['n1/foreign'] });
    expect(kernel.suspects()).toEqual(['n1/foreign']);
  });

  test('ends as foreign-await when the host resumes a task between two turns', async () => {
    const kernel = kernelOf({ drain, stepsPerTurn: 8 });
    const turns = hostTurns(20);
    kernel.root.spawn('foreign', async () => {
      await turns;
      await kernel.root.sleep(5);
    });
    kernel.root.spawn('busy', async () => {
      for (;;) await kernel.root.sleep(1);
    });
    expect(await kernel.run()).toEqual({ kind: 'foreign-await', tasks: ['foreign'] });
  });

  test('reports a task that waits twice on one channel, or ends with a wait open', async () => {
    const twice = kernelOf({ drain });
    const channel = twice.root.channel<number>(1);
    twice.root.spawn('racer', async () => {
      await Promise.all([channel.receive(), twice.root.select({ item: channel.received, late: deadline(5) })]);
    });
    expect(await twice.run()).toMatchObject({ kind: 'exception', fault: 'misuse', task: 'racer' });
    const told: string[] = [];
    const left = kernelOf({
      drain,
      onTaskError: (task, error, fault) => {
        told.push(`${task} ${fault} ${String(error)}`);
        return 'continue';
      },
    });
    left.root.spawn('leaver', async () => {
      await Promise.race([left.root.sleep(1), left.root.sleep(2)]);
    });
    expect(await left.run()).toEqual({ kind: 'idle' });
    expect(told).toEqual(['leaver misuse MisuseError: leaver: it ended while one of its waits was open']);
  });

  test('cannot be started inside another, and waits for one beside it', async () => {
    const outer = kernelOf({ drain });
    const inner = kernelOf({ drain });
    let refused: unknown;
    outer.root.spawn('starter', async () => {
      refused = await inner.run().catch((error: unknown) => error);
      for (let i = 0; i < 100; i++) await outer.root.sleep(1);
    });
    const order: string[] = [];
    inner.root.spawn('sleeper', () => inner.root.sleep(1));
    await Promise.all([outer.run().then(() => order.push('outer')), inner.run().then(() => order.push('inner'))]);
    expect(refused).toEqual(new Error('a run cannot be started inside a run'));
    expect(order).toEqual(['outer', 'inner']);
    expect(inner.now).toBe(1);
  });

  test('rejects for defects of the harness alone', async () => {
    const kernel = kernelOf({ drain });
    kernel.root.spawn('sleeper', () => kernel.root.sleep(1));
    const until = (): boolean => {
      throw new Error('in until');
    };
    await expect(kernel.run({ until })).rejects.toThrow('in until');
    const twice = kernelOf({ drain, chooser: new UniqueNames(new PlainChooser()), onTaskError: () => 'continue' });
    twice.root.spawn('drawer', async () => {
      for (let i = 0; i < 2; i++) twice.draw(name('op', 'k'), 6);
    });
    await expect(twice.run()).rejects.toThrow('the name op:k was drawn twice');
    const callback = kernelOf({ drain });
    callback.schedule(1, name('fault', 'f'), () => {
      throw new Error('in a callback');
    });
    expect(await callback.run()).toMatchObject({ kind: 'exception', fault: 'callback', task: 'fault:f' });
    // And none of that stands in the way of the next run.
    expect(await kernelOf({ drain }).run()).toEqual({ kind: 'idle' });
  });

  test('refuses waits of callbacks, draws without a bound, and times that are none', async () => {
    const kernel = kernelOf({ drain });
    kernel.schedule(1, name('fault', 'f'), () => void kernel.root.sleep(1));
    expect(await kernel.run()).toMatchObject({ kind: 'exception', fault: 'callback', error: { name: 'MisuseError' } });
    expect(() => kernel.root.sleep(1)).toThrow('only a task of a run can wait');
    expect(() => kernel.schedule(0.5, name('x'), () => {})).toThrow(RangeError);
    for (const bound of [0, -1, 0.5, 2 ** 32 + 1]) expect(() => kernelOf().draw(name('x'), bound)).toThrow(RangeError);
  });

  test('lets the host have its turn now and then, and what goes wrong there is not its own', async () => {
    const kernel = kernelOf({ drain, stepsPerTurn: 100 });
    for (const role of ['ping', 'pong']) {
      kernel.root.spawn(role, async () => {
        for (;;) await kernel.root.yield();
      });
    }
    const heard: unknown[] = [];
    const listener = (error: unknown): unknown => heard.push(error);
    const before = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
    setTimeout(() => void Promise.reject(new Error('of the host')), 5);
    expect(await kernel.run({ until: () => heard.length > 0 })).toEqual({ kind: 'until' });
    process.off('unhandledRejection', listener);
    for (const each of before) process.on('unhandledRejection', each);
    expect(heard).toEqual([new Error('of the host')]);
  });

  test('ends all tasks when it is disposed of', async () => {
    const kernel = kernelOf({ drain });
    kernel.root.spawn('sleeper', () => kernel.root.sleep(10));
    await kernel.run({ untilMs: 5 });
    kernel.dispose();
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect([kernel.now, kernel.unfinished()]).toEqual([5, []]);
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
