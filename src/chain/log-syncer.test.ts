import { beforeEach, describe, expect, it } from 'vitest';
import { NodeRuntime } from '../runtime/node.ts';
import type { Task } from '../runtime/port.ts';
import { VirtualClock } from '../runtime/virtual-clock.testing.ts';
import { ChainLog } from './log.ts';
import { LogSyncer } from './log-syncer.ts';
import { MemoryStore } from './memory-store.testing.ts';

const EVERY_MS = 50;

let clock: VirtualClock;
let runtime: NodeRuntime;
let stores: MemoryStore[];
let logs: ChainLog[];
let syncer: LogSyncer;
let task: Task;
/** When each sync began, by store. */
let began: [number, number][];

beforeEach(() => {
  clock = new VirtualClock();
  runtime = new NodeRuntime(clock);
  began = [];
  const woken = runtime.signal();
  stores = [0, 1].map((index) => {
    const store = new MemoryStore();
    store.syncTakes = async () => {
      began.push([index, runtime.now()]);
    };
    return store;
  });
  logs = stores.map((store, index) => {
    const opened = ChainLog.open(
      store,
      { chain: BigInt(index + 1), codec: 'msgpack' },
      { syncWithinAppend: false, onUnsynced: () => woken.notify() },
    );
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  });
  syncer = new LogSyncer(runtime, EVERY_MS, logs, woken);
  task = runtime.spawn('sync', () => syncer.run());
});

/** A store of which each sync takes so long. */
function takes(store: number, ms: number): void {
  const memory = stores[store];
  if (memory === undefined) return;
  memory.syncTakes = async () => {
    began.push([store, runtime.now()]);
    await runtime.sleep(ms);
  };
}

const append = (log: number): void => {
  logs[log]?.append(Uint8Array.of(1));
};

describe('syncing', () => {
  it('happens at the next of the times counted from the start', async () => {
    await clock.advance(70);
    append(0);
    await clock.advance(29);
    expect(logs[0]?.syncedLength).toBe(0);
    await clock.advance(1);
    expect(logs[0]?.syncedLength).toBe(1);
    expect(began).toEqual([[0, 100]]);
  });

  it('counts its times from its own start, not from the clock’s', async () => {
    syncer.stop();
    await clock.advance(30);
    const woken = runtime.signal();
    const later = new LogSyncer(runtime, EVERY_MS, logs, woken);
    runtime.spawn('later', () => later.run());
    append(0);
    woken.notify();
    await clock.advance(EVERY_MS - 1);
    expect(began).toEqual([]);
    await clock.advance(1);
    expect(began).toEqual([[0, 30 + EVERY_MS]]);
  });

  it('asks nothing of a store with nothing unsynced, however long', async () => {
    append(1);
    await clock.advance(10 * EVERY_MS);
    expect(began).toEqual([[1, EVERY_MS]]);
  });

  it('takes all that wait, at once, so that a slow store holds up no other', async () => {
    takes(0, 30);
    append(0);
    append(1);
    await clock.advance(EVERY_MS);
    expect(began).toEqual([
      [0, 50],
      [1, 50],
    ]);
    expect([logs[0]?.syncedLength, logs[1]?.syncedLength]).toEqual([0, 1]);
    await clock.advance(30);
    expect(logs[0]?.syncedLength).toBe(1);
  });

  it('leaves what comes meanwhile to the next time', async () => {
    takes(0, 30);
    append(0);
    await clock.advance(60);
    append(0);
    await clock.advance(20);
    expect(logs[0]?.syncedLength).toBe(1);
    await clock.advance(50);
    expect(logs[0]?.syncedLength).toBe(2);
    expect(began).toEqual([
      [0, 50],
      [0, 100],
    ]);
  });

  it('keeps its times after a sync that took longer than they are apart, and after a pause', async () => {
    takes(0, 120);
    append(0);
    await clock.advance(60);
    append(0);
    await clock.advance(200);
    expect(began.map(([, atMs]) => atMs)).toEqual([50, 200]);
    await clock.advance(200);
    append(0);
    await clock.jump(333);
    append(0);
    await clock.advance(400);
    expect(began.map(([, atMs]) => atMs).slice(2)).toEqual([793, 950]);
  });

  it('is done once more when it is stopped, at once', async () => {
    append(0);
    append(1);
    syncer.stop();
    await clock.settle();
    await task.join();
    expect(runtime.now()).toBe(0);
    expect([logs[0]?.hasUnsynced, logs[1]?.hasUnsynced]).toEqual([false, false]);
  });

  it('ends when it is stopped with nothing to do', async () => {
    await clock.advance(10);
    syncer.stop();
    await task.join();
    expect(began).toEqual([]);
  });
});
