import { describe, expect, it, vi } from 'vitest';
import { FAILED_TASK, RUNTIME_CONTRACT } from './contract.testing.ts';
import { NodeRuntime, ProcessClock } from './node.ts';
import { deadline } from './port.ts';
import { VirtualClock } from './virtual-clock.testing.ts';

describe('the Node runtime', () => {
  it.each([...RUNTIME_CONTRACT, FAILED_TASK])('$does', async ({ run }) => {
    const runtime = new NodeRuntime();
    await runtime.spawn('case', () => run(runtime)).join();
  });

  it('draws among what is ready', async () => {
    const draws = [1, 0, 1];
    const bounds: number[] = [];
    const runtime = new NodeRuntime(new VirtualClock(), (bound) => {
      bounds.push(bound);
      return draws.shift() ?? 0;
    });
    const channel = runtime.channel<number>(1);
    channel.trySend(1);
    const signal = runtime.signal();
    signal.notify();
    const sources = { due: deadline(0), item: channel.received, signal: signal.notified };
    const taken = [await runtime.select(sources), await runtime.select(sources), await runtime.select(sources)];
    expect(taken.map(({ source }) => source)).toEqual(['item', 'due', 'signal']);
    expect(bounds).toEqual([3, 2, 2]);
    expect((await runtime.select({ due: deadline(0) })).source).toBe('due');
    expect(bounds).toHaveLength(3);
  });

  it('keeps a notification for the next wait when the one it woke took something else', async () => {
    const runtime = new NodeRuntime(new VirtualClock(), () => 0);
    const channel = runtime.channel<number>(1);
    const signal = runtime.signal();
    const first = runtime.select({ item: channel.received, signal: signal.notified });
    await runtime.yield();
    signal.notify();
    channel.trySend(1);
    expect(await first).toEqual({ source: 'item', value: 1 });
    expect((await runtime.select({ item: channel.received, signal: signal.notified })).source).toBe('signal');
  });

  it('takes any of what is ready unless it is told how to draw', async () => {
    const runtime = new NodeRuntime(new VirtualClock());
    const sources = { one: deadline(0), two: deadline(0), three: deadline(0) };
    const taken = new Set<string>();
    for (let i = 0; i < 200; i += 1) taken.add((await runtime.select(sources)).source);
    expect([...taken].sort()).toEqual(['one', 'three', 'two']);
  });

  it('lets the host’s timers fire while tasks keep each other busy', async () => {
    const runtime = new NodeRuntime();
    const ping = runtime.channel<number>(1);
    const pong = runtime.channel<number>(1);
    let done = false;
    const timer = runtime.spawn('timer', async () => {
      await runtime.sleep(5);
      done = true;
      ping.close();
      pong.close();
    });
    const echo = runtime.spawn('echo', async () => {
      while (!done) {
        await ping.receive();
        pong.trySend(1);
      }
    });
    while (!done) {
      ping.trySend(1);
      await pong.receive();
    }
    await timer.join();
    await echo.join();
    expect(done).toBe(true);
  });

  it('lets one that was woken for nothing wait again, at rest', async () => {
    const clock = new VirtualClock();
    const runtime = new NodeRuntime(clock);
    const channel = runtime.channel<number>(1);
    const received: unknown[] = [];
    for (const role of ['one', 'two']) {
      runtime.spawn(role, async () => {
        received.push(await channel.receive());
      });
    }
    await clock.settle();
    channel.trySend(1);
    await clock.settle();
    expect(received).toEqual([1]);
    channel.trySend(2);
    await clock.settle();
    expect(received).toEqual([1, 2]);
  });

  it('refuses to select on what is not its own', async () => {
    const runtime = new NodeRuntime();
    await expect(runtime.select({ item: { kind: 'receive', channel: {} } })).rejects.toThrow(
      new TypeError('a select on this runtime was given a channel of another'),
    );
    await expect(runtime.select({ signal: { kind: 'signal', signal: {} } })).rejects.toThrow(
      new TypeError('a select on this runtime was given a signal of another'),
    );
  });
});

describe('the clock of the process', () => {
  it('reaches beyond the longest timer of the host', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    try {
      const clock = new ProcessClock();
      const called: number[] = [];
      const farMs = 2 ** 31 + 10_000;
      clock.callAt(farMs, () => called.push(clock.now()));
      vi.advanceTimersByTime(farMs - 1);
      expect(called).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(called).toEqual([farMs]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('counts from when it was made', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    try {
      vi.advanceTimersByTime(5000);
      const clock = new ProcessClock();
      expect(clock.now()).toBe(0);
      vi.advanceTimersByTime(7);
      expect(clock.now()).toBe(7);
    } finally {
      vi.useRealTimers();
    }
  });

  it('calls nothing that was cancelled, and nothing for infinity', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    try {
      const clock = new ProcessClock();
      let calls = 0;
      clock.callAt(10, () => (calls += 1))();
      clock.callAt(Number.POSITIVE_INFINITY, () => (calls += 1));
      expect(vi.getTimerCount()).toBe(0);
      vi.advanceTimersByTime(100);
      expect(calls).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('has a wall clock in unix milliseconds that is never below 0', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: -5 });
    try {
      expect(new ProcessClock().wallNow()).toBe(0n);
      vi.setSystemTime(1_700_000_000_123);
      expect(new ProcessClock().wallNow()).toBe(1_700_000_000_123n);
    } finally {
      vi.useRealTimers();
    }
  });
});
