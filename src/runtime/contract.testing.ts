/**
 * What every runtime has to do, as cases that need no test framework: the Node runtime and the simulation kernel run
 * the same ones, each in a task of its own, so that what was seen on the one holds on the other.
 */
import assert from 'node:assert/strict';
import { CLOSED, type Closed, deadline, type Runtime, type Task } from './port.ts';

export interface ContractCase {
  /** Completes "a runtime …". */
  readonly does: string;
  /** The body of a task of the runtime. */
  readonly run: (runtime: Runtime) => Promise<void>;
}

async function takeAll<T>(receive: () => Promise<T | Closed>): Promise<T[]> {
  const taken: T[] = [];
  for (;;) {
    const item = await receive();
    if (item === CLOSED) return taken;
    taken.push(item);
  }
}

/** What nobody can mean. */
const NO_TIMES = [0.5, Number.NaN, Number.NEGATIVE_INFINITY];

const TIME: readonly ContractCase[] = [
  {
    does: 'tells time in whole milliseconds, and a sleep takes as long as it says',
    async run(runtime) {
      const start = runtime.now();
      assert.ok(Number.isSafeInteger(start));
      await runtime.sleep(5);
      assert.ok(runtime.now() >= start + 5);
      assert.ok(runtime.wallNow() >= 0n);
    },
  },
  {
    does: 'ends sleeps in order of their ends',
    async run(runtime) {
      const ended: number[] = [];
      const tasks = [30, 10, 20].map((ms) =>
        runtime.spawn('sleeper', async () => {
          await runtime.sleep(ms);
          ended.push(ms);
        }),
      );
      for (const task of tasks) await task.join();
      assert.deepEqual(ended, [10, 20, 30]);
    },
  },
  {
    does: 'lets other ready tasks run during a yield and a sleep of 0',
    async run(runtime) {
      for (const pause of [() => runtime.yield(), () => runtime.sleep(0)]) {
        let turns = 0;
        const other = runtime.spawn('other', async () => {
          turns += 1;
        });
        for (let tries = 0; tries < 100 && turns === 0; tries += 1) await pause();
        assert.equal(turns, 1);
        await other.join();
      }
    },
  },
  {
    does: 'refuses to sleep or to select until a time that is no whole millisecond',
    async run(runtime) {
      for (const ms of [...NO_TIMES, -1]) await assert.rejects(async () => runtime.sleep(ms), RangeError);
      for (const atMs of NO_TIMES) {
        await assert.rejects(async () => runtime.select({ due: deadline(atMs) }), RangeError);
      }
    },
  },
];

const TASKS: readonly ContractCase[] = [
  {
    does: 'starts a task after the call that spawned it, under its role',
    async run(runtime) {
      let started = false;
      const task = runtime.spawn('worker', async () => {
        started = true;
      });
      assert.equal(started, false);
      assert.equal(task.role, 'worker');
      await task.join();
      assert.equal(started, true);
    },
  },
  {
    does: 'joins a task that has ended, and one more than once',
    async run(runtime) {
      const task = runtime.spawn('worker', async () => {});
      await task.join();
      await runtime.sleep(1);
      await task.join();
    },
  },
];

const CHANNELS: readonly ContractCase[] = [
  {
    does: 'refuses a channel without room',
    async run(runtime) {
      for (const capacity of [0, -1, 0.5, Number.NaN]) assert.throws(() => runtime.channel(capacity), RangeError);
    },
  },
  {
    does: 'gives items in the order they were sent',
    async run(runtime) {
      const channel = runtime.channel<number>(3);
      for (const item of [1, 2, 3]) assert.equal(channel.trySend(item), 'sent');
      assert.equal(channel.length, 3);
      assert.equal(channel.capacity, 3);
      assert.deepEqual([await channel.receive(), channel.tryReceive(), await channel.receive()], [1, 2, 3]);
      assert.equal(channel.tryReceive(), undefined);
    },
  },
  {
    does: 'never waits in trySend: a full channel and a closed one refuse',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      channel.trySend(1);
      assert.equal(channel.trySend(2), 'full');
      channel.close();
      assert.equal(channel.trySend(3), 'closed');
      assert.equal(channel.closed, true);
      assert.equal(await channel.send(4), 'closed');
    },
  },
  {
    does: 'gives what still waits in a closed channel, then says closed, as often as asked',
    async run(runtime) {
      const channel = runtime.channel<number>(2);
      channel.trySend(1);
      channel.trySend(2);
      channel.close();
      channel.close();
      assert.equal(await channel.receive(), 1);
      assert.equal(channel.tryReceive(), 2);
      assert.equal(channel.tryReceive(), CLOSED);
      assert.equal(await channel.receive(), CLOSED);
      assert.equal(await channel.receive(), CLOSED);
    },
  },
  {
    does: 'wakes who waits on an empty channel when it is closed',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      let got: number | Closed = 0;
      const receiver = runtime.spawn('receiver', async () => {
        got = await channel.receive();
      });
      await runtime.sleep(1);
      channel.close();
      await receiver.join();
      assert.equal(got, CLOSED);
    },
  },
  {
    does: 'lets senders wait for room, first come, first served',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      const senders: Task[] = [];
      for (const item of [1, 2, 3]) {
        const sender = runtime.spawn(`sender-${item}`, async () => {
          assert.equal(await channel.send(item), 'sent');
        });
        senders.push(sender);
        // It waits before the next one starts: on a host under load, two sleeps may end in either order.
        await runtime.sleep(2);
      }
      assert.equal(channel.length, 1);
      assert.equal(channel.trySend(9), 'full');
      assert.deepEqual([await channel.receive(), await channel.receive(), await channel.receive()], [1, 2, 3]);
      for (const sender of senders) await sender.join();
    },
  },
  {
    does: 'tells a waiting sender that the channel was closed, and does not deliver its item',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      channel.trySend(1);
      let outcome = '';
      const sender = runtime.spawn('sender', async () => {
        outcome = await channel.send(2);
      });
      await runtime.sleep(1);
      channel.close();
      await sender.join();
      assert.equal(outcome, 'closed');
      assert.deepEqual(await takeAll(() => channel.receive()), [1]);
    },
  },
  {
    does: 'gives each item to one of several receivers',
    async run(runtime) {
      const channel = runtime.channel<number>(4);
      const taken: number[] = [];
      const receivers = ['a', 'b', 'c'].map((name) =>
        runtime.spawn(`receiver-${name}`, async () => {
          taken.push(...(await takeAll(() => channel.receive())));
        }),
      );
      for (let item = 1; item <= 30; item += 1) await channel.send(item);
      channel.close();
      for (const receiver of receivers) await receiver.join();
      assert.deepEqual(
        taken.toSorted((a, b) => a - b),
        Array.from({ length: 30 }, (_, index) => index + 1),
      );
    },
  },
];

const SIGNALS: readonly ContractCase[] = [
  {
    does: 'keeps a notification that found nobody waiting, once',
    async run(runtime) {
      const signal = runtime.signal();
      signal.notify();
      signal.notify();
      await signal.wait();
      const second = await runtime.select({ signal: signal.notified, late: deadline(runtime.now() + 2) });
      assert.equal(second.source, 'late');
    },
  },
  {
    does: 'wakes all who wait for a signal, and keeps nothing then',
    async run(runtime) {
      const signal = runtime.signal();
      const waiters = ['a', 'b'].map((name) => runtime.spawn(`waiter-${name}`, () => signal.wait()));
      await runtime.sleep(1);
      signal.notify();
      for (const waiter of waiters) await waiter.join();
      const after = await runtime.select({ signal: signal.notified, late: deadline(runtime.now() + 2) });
      assert.equal(after.source, 'late');
    },
  },
];

const SELECT: readonly ContractCase[] = [
  {
    does: 'refuses a select without sources',
    async run(runtime) {
      await assert.rejects(async () => runtime.select({}), RangeError);
    },
  },
  {
    does: 'selects what is ready and says which',
    async run(runtime) {
      const numbers = runtime.channel<number>(1);
      const texts = runtime.channel<string>(1);
      texts.trySend('x');
      const got = await runtime.select({ number: numbers.received, text: texts.received });
      assert.deepEqual({ ...got }, { source: 'text', value: 'x' });
    },
  },
  {
    does: 'selects one source at a time, and the others lose nothing',
    async run(runtime) {
      const left = runtime.channel<number>(20);
      const right = runtime.channel<number>(20);
      const signal = runtime.signal();
      for (let item = 0; item < 20; item += 1) {
        left.trySend(item);
        right.trySend(item);
      }
      signal.notify();
      const taken: Record<'left' | 'right' | 'signal', unknown[]> = { left: [], right: [], signal: [] };
      for (let turn = 0; turn < 41; turn += 1) {
        const got = await runtime.select({ left: left.received, right: right.received, signal: signal.notified });
        taken[got.source].push(got.value);
      }
      const all = Array.from({ length: 20 }, (_, index) => index);
      assert.deepEqual(taken, { left: all, right: all, signal: [undefined] });
    },
  },
  {
    does: 'lets no wait of an earlier select take anything',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      const signal = runtime.signal();
      const first = await runtime.select({
        item: channel.received,
        signal: signal.notified,
        late: deadline(runtime.now() + 1),
      });
      assert.equal(first.source, 'late');
      channel.trySend(7);
      signal.notify();
      await runtime.sleep(1);
      assert.equal(channel.length, 1);
      assert.equal(await channel.receive(), 7);
      await signal.wait();
    },
  },
  {
    does: 'keeps a notification whose waiter took another source',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      const signal = runtime.signal();
      const sources: string[] = [];
      const waiter = runtime.spawn('waiter', async () => {
        for (let turn = 0; turn < 2; turn += 1) {
          const got = await runtime.select({ item: channel.received, signal: signal.notified });
          sources.push(got.source);
        }
      });
      await runtime.sleep(1);
      channel.trySend(1);
      signal.notify();
      await waiter.join();
      assert.deepEqual(sources.toSorted(), ['item', 'signal']);
    },
  },
  {
    does: 'fires a deadline that has passed at once, and one to come in time',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      const start = runtime.now();
      const past = await runtime.select({ item: channel.received, due: deadline(start - 1) });
      assert.equal(past.source, 'due');
      const later = await runtime.select({ item: channel.received, due: deadline(start + 5) });
      assert.equal(later.source, 'due');
      assert.ok(runtime.now() >= start + 5);
    },
  },
  {
    does: 'lets a deadline at infinity never fire',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      const sender = runtime.spawn('sender', async () => {
        await runtime.sleep(5);
        channel.trySend(1);
      });
      const got = await runtime.select({ item: channel.received, never: deadline(Number.POSITIVE_INFINITY) });
      assert.deepEqual({ ...got }, { source: 'item', value: 1 });
      await sender.join();
    },
  },
  {
    does: 'lets a channel that is closed and empty win over all else that is ready',
    async run(runtime) {
      const full = runtime.channel<number>(1);
      const closed = runtime.channel<number>(1);
      full.trySend(1);
      closed.close();
      const signal = runtime.signal();
      signal.notify();
      for (let turn = 0; turn < 20; turn += 1) {
        const got = await runtime.select({
          due: deadline(0),
          item: full.received,
          signal: signal.notified,
          closed: closed.received,
        });
        assert.deepEqual({ ...got }, { source: 'closed', value: CLOSED });
      }
    },
  },
  {
    does: 'treats a closed channel that still holds items as any other',
    async run(runtime) {
      const channel = runtime.channel<number>(1);
      channel.trySend(1);
      channel.close();
      const got = await runtime.select({ item: channel.received });
      assert.equal(got.value, 1);
    },
  },
];

/** What holds of the Node runtime only, for on the kernel a task that throws is a finding that ends the run. */
export const FAILED_TASK: ContractCase = {
  does: 'rejects a join with what the task threw',
  async run(runtime) {
    const task = runtime.spawn('worker', async () => {
      throw new RangeError('broken');
    });
    await assert.rejects(() => task.join(), { name: 'RangeError', message: 'broken' });
  },
};

export const RUNTIME_CONTRACT: readonly ContractCase[] = [...TIME, ...TASKS, ...CHANNELS, ...SIGNALS, ...SELECT];
