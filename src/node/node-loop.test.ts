import { beforeEach, describe, expect, it } from 'vitest';
import type { DaemonRef, MeshOsAction, PendingAction } from '../action/action.ts';
import { BufferingAppender } from '../chain/appenders.ts';
import { type AdminAuditRecord, AppendError, type LogRecord } from '../chain/records.ts';
import { NodeRuntime } from '../runtime/node.ts';
import type { Channel } from '../runtime/port.ts';
import { VirtualClock } from '../runtime/virtual-clock.testing.ts';
import { NodeLoop } from './node-loop.ts';
import type { NodeInput } from './ports.ts';

const ACTION: MeshOsAction = { kind: 'drop_replica', chain: 7n };
const SUBMIT: NodeInput = { kind: 'submit', action: ACTION };
const DAEMON: DaemonRef = { id: 4n, name: 'd' };

let clock: VirtualClock;
let inbox: Channel<NodeInput>;
let queue: Channel<PendingAction>;
let gates: [DaemonRef, number | bigint][];
let logChain: BufferingAppender<LogRecord>;
let auditChain: BufferingAppender<AdminAuditRecord>;
/** Whether the log chain, the audit chain refuses. */
let logBroken: boolean;
let auditBroken: boolean;
let loop: NodeLoop;
let ended: boolean;

beforeEach(() => {
  clock = new VirtualClock();
  const runtime = new NodeRuntime(clock);
  inbox = runtime.channel(8);
  queue = runtime.channel(3);
  gates = [];
  logChain = new BufferingAppender(100);
  auditChain = new BufferingAppender(100);
  logBroken = false;
  auditBroken = false;
  ended = false;
  loop = new NodeLoop(
    runtime,
    { id: 42n, handOverEveryMs: 500, logRing: 10, auditRing: 10 },
    {
      inbox,
      queue,
      admission: { gateDaemon: (daemon, untilMs) => gates.push([daemon, untilMs]) },
      logChain: { append: (record) => (logBroken ? new AppendError('log', 'full') : logChain.append(record)) },
      auditChain: {
        append: (record) => (auditBroken ? new AppendError('admin-audit', 'full') : auditChain.append(record)),
      },
    },
  );
  runtime.spawn('loop', async () => {
    await loop.run();
    ended = true;
  });
});

function takeQueue(): PendingAction[] {
  const taken: PendingAction[] = [];
  while (queue.length > 0) {
    const item = queue.tryReceive();
    if (typeof item === 'object') taken.push(item);
  }
  return taken;
}

const messages = (): string[] => loop.logRing.toArray().map(({ message }) => message);

describe('submissions', () => {
  it('get their ids when they are taken out, and go to the executor at the next tick, in order', async () => {
    inbox.trySend(SUBMIT);
    await clock.advance(100);
    inbox.trySend(SUBMIT);
    inbox.trySend(SUBMIT);
    await clock.advance(399);
    expect(inbox.length).toBe(0);
    expect(queue.length).toBe(0);
    await clock.advance(1);
    expect(takeQueue()).toEqual([
      { id: 1n, action: ACTION, emittedAtMs: 0 },
      { id: 2n, action: ACTION, emittedAtMs: 100 },
      { id: 3n, action: ACTION, emittedAtMs: 100 },
    ]);
    inbox.trySend(SUBMIT);
    await clock.advance(500);
    expect(takeQueue().map(({ id }) => id)).toEqual([4n]);
  });

  it('that find the queue full are dropped and counted, and the loop does not wait', async () => {
    for (let count = 0; count < 5; count += 1) inbox.trySend(SUBMIT);
    await clock.advance(500);
    expect(loop.droppedQueueFull).toBe(2);
    expect(loop.refusedQueueClosed).toBe(0);
    expect(takeQueue().map(({ id }) => id)).toEqual([1n, 2n, 3n]);
    expect(messages()).toEqual(['tick: 3 handed over, 2 dropped (queue full), 0 refused (queue closed)']);
    inbox.trySend(SUBMIT);
    await clock.advance(500);
    expect(takeQueue().map(({ id }) => id)).toEqual([6n]);
  });

  it('that find the queue closed are refused and counted', async () => {
    queue.close();
    inbox.trySend(SUBMIT);
    inbox.trySend(SUBMIT);
    await clock.advance(500);
    expect(loop.refusedQueueClosed).toBe(2);
    expect(loop.droppedQueueFull).toBe(0);
    expect(messages()).toEqual(['tick: 0 handed over, 0 dropped (queue full), 2 refused (queue closed)']);
  });
});

describe('the line of a tick', () => {
  it('tells of that tick alone, not of what was dropped or refused before', async () => {
    for (let count = 0; count < 5; count += 1) inbox.trySend(SUBMIT);
    await clock.advance(500);
    for (let count = 0; count < 4; count += 1) inbox.trySend(SUBMIT);
    await clock.advance(500);
    queue.close();
    inbox.trySend(SUBMIT);
    await clock.advance(500);
    inbox.trySend(SUBMIT);
    await clock.advance(500);
    expect(messages()).toEqual([
      'tick: 3 handed over, 2 dropped (queue full), 0 refused (queue closed)',
      'tick: 0 handed over, 4 dropped (queue full), 0 refused (queue closed)',
      'tick: 0 handed over, 0 dropped (queue full), 1 refused (queue closed)',
      'tick: 0 handed over, 0 dropped (queue full), 1 refused (queue closed)',
    ]);
  });
});

describe('a gate', () => {
  it('is set at once, not at the tick', async () => {
    inbox.trySend({ kind: 'gate-daemon', daemon: DAEMON, untilMs: 900 });
    inbox.trySend({ kind: 'gate-daemon', daemon: DAEMON, untilMs: 300 });
    await clock.settle();
    expect(gates).toEqual([
      [DAEMON, 900],
      [DAEMON, 300],
    ]);
  });
});

describe('the tick', () => {
  it('writes one debug line every 500 ms, whatever there is to do', async () => {
    await clock.advance(1600);
    expect(loop.logRing.toArray().map(({ level, daemonId, tsMs }) => [level, daemonId, tsMs])).toEqual([
      ['debug', null, BigInt(clock.wallAheadMs + 500)],
      ['debug', null, BigInt(clock.wallAheadMs + 1000)],
      ['debug', null, BigInt(clock.wallAheadMs + 1500)],
    ]);
  });

  it('happens once after a pause that lasted over several, and then at its old times', async () => {
    await clock.advance(600);
    inbox.trySend(SUBMIT);
    await clock.jump(1730);
    expect(messages().length).toBe(2);
    await clock.advance(169);
    expect(messages().length).toBe(2);
    await clock.advance(1);
    expect(messages().length).toBe(3);
    expect(takeQueue().length).toBe(1);
  });

  it('keeps its times on a clock that has run for long', async () => {
    await clock.jump(2 ** 31 * 500);
    expect(messages().length).toBe(1);
    await clock.jump(499);
    expect(messages().length).toBe(1);
    await clock.jump(1);
    expect(messages().length).toBe(2);
  });

  it('comes through a stream of operations', async () => {
    for (let step = 0; step < 100; step += 1) {
      inbox.trySend({ kind: 'gate-daemon', daemon: DAEMON, untilMs: step });
      await clock.advance(10);
    }
    expect(messages().length).toBe(2);
  });
});

describe('log and audit records', () => {
  it('are numbered from 1 each, and stamped with wall clock and node', async () => {
    await clock.advance(30);
    inbox.trySend({ kind: 'log', level: 'warn', daemonId: 9n, message: 'hot' });
    inbox.trySend({ kind: 'admin', operator: 'op', operation: 'drain', outcome: 'rejected' });
    inbox.trySend({ kind: 'log', level: 'info', daemonId: null, message: 'cold' });
    clock.wallAheadMs += 1000;
    await clock.settle();
    const tsMs = BigInt(clock.wallAheadMs + 30);
    expect(loop.logRing.toArray()).toEqual([
      { seq: 1n, tsMs, level: 'warn', daemonId: 9n, nodeId: 42n, message: 'hot', chainPending: false },
      { seq: 2n, tsMs, level: 'info', daemonId: null, nodeId: 42n, message: 'cold', chainPending: false },
    ]);
    expect(loop.auditRing.toArray()).toEqual([
      { seq: 1n, tsMs, nodeId: 42n, operator: 'op', operation: 'drain', outcome: 'rejected', chainPending: false },
    ]);
    expect(logChain.records()).toEqual(loop.logRing.toArray());
    expect(auditChain.records()).toEqual(loop.auditRing.toArray());
  });

  it('hold what they were given whole, however long', async () => {
    const message = 'm'.repeat(5_000);
    const operation = 'o'.repeat(5_000);
    inbox.trySend({ kind: 'log', level: 'info', daemonId: null, message });
    inbox.trySend({ kind: 'admin', operator: 'op', operation, outcome: 'accepted' });
    await clock.settle();
    for (const records of [loop.logRing.toArray(), logChain.records()]) expect(records).toMatchObject([{ message }]);
    for (const records of [loop.auditRing.toArray(), auditChain.records()])
      expect(records).toMatchObject([{ operation }]);
  });

  it('that the chain refuses are pending on the ring, and stop nothing', async () => {
    logBroken = true;
    inbox.trySend({ kind: 'log', level: 'info', daemonId: null, message: 'lost' });
    inbox.trySend(SUBMIT);
    await clock.settle();
    logBroken = false;
    await clock.advance(500);
    expect(loop.logRing.toArray().map(({ seq, chainPending }) => [seq, chainPending])).toEqual([
      [1n, true],
      [2n, false],
    ]);
    expect(logChain.records().map(({ seq }) => seq)).toEqual([2n]);
    expect(queue.length).toBe(1);
  });
});

describe('audit records', () => {
  it('that the chain refuses are pending on the ring, and otherwise as they were', async () => {
    auditBroken = true;
    inbox.trySend({ kind: 'admin', operator: 'op', operation: 'drain', outcome: 'accepted' });
    await clock.settle();
    auditBroken = false;
    inbox.trySend({ kind: 'admin', operator: 'op', operation: 'drain', outcome: 'accepted' });
    await clock.settle();
    const tsMs = BigInt(clock.wallAheadMs);
    const entry = { tsMs, nodeId: 42n, operator: 'op', operation: 'drain', outcome: 'accepted' };
    expect(loop.auditRing.toArray()).toEqual([
      { seq: 1n, ...entry, chainPending: true },
      { seq: 2n, ...entry, chainPending: false },
    ]);
    expect(auditChain.records().map(({ seq }) => seq)).toEqual([2n]);
  });
});

describe('a loop that starts later than the clock', () => {
  it('counts its ticks from its start, and may have one every millisecond', async () => {
    await clock.advance(7);
    const runtime = new NodeRuntime(clock);
    const config = { id: 1n, handOverEveryMs: 100, logRing: 1000, auditRing: 1 };
    const ports = {
      inbox: runtime.channel<NodeInput>(1),
      queue,
      admission: { gateDaemon: () => {} },
      logChain,
      auditChain,
    };
    const later = new NodeLoop(runtime, config, ports);
    runtime.spawn('later', () => later.run());
    const every = new NodeLoop(runtime, { ...config, handOverEveryMs: 1 }, { ...ports, inbox: runtime.channel(1) });
    runtime.spawn('every', () => every.run());
    await clock.advance(299);
    expect(later.logRing.toArray().map(({ tsMs }) => Number(tsMs) - clock.wallAheadMs)).toEqual([107, 207]);
    await clock.advance(1);
    expect(later.logRing.toArray().at(-1)?.tsMs).toBe(BigInt(clock.wallAheadMs + 307));
    expect(every.logRing.length).toBe(300);
  });
});

describe('the end', () => {
  it('comes when the inbox is closed and empty: what is left is handed over, and the queue is closed', async () => {
    inbox.trySend(SUBMIT);
    inbox.trySend(SUBMIT);
    inbox.close();
    await clock.settle();
    expect(ended).toBe(true);
    expect(takeQueue().map(({ id }) => id)).toEqual([1n, 2n]);
    expect(queue.closed).toBe(true);
  });
});

it('refuses a hand-over that never comes to an end', () => {
  const config = { id: 1n, handOverEveryMs: 0, logRing: 1, auditRing: 1 };
  const ports = { inbox, queue, admission: { gateDaemon: () => {} }, logChain, auditChain };
  expect(() => new NodeLoop(new NodeRuntime(clock), config, ports)).toThrow(RangeError);
});

it('hands over never, where that is as seldom as a number can say, and keeps no chain where it is given none', async () => {
  const runtime = new NodeRuntime(clock);
  const own = runtime.channel<NodeInput>(8);
  const config = { id: 1n, handOverEveryMs: Number.MAX_SAFE_INTEGER, logRing: 10, auditRing: 10 };
  await clock.advance(5);
  const seldom = new NodeLoop(runtime, config, { inbox: own, queue, admission: { gateDaemon: () => {} } });
  const task = runtime.spawn('seldom', () => seldom.run());
  own.trySend({ kind: 'log', level: 'info', daemonId: null, message: 'm' });
  own.trySend(SUBMIT);
  await clock.advance(10_000);
  expect(seldom.logRing.toArray()).toMatchObject([{ message: 'm', chainPending: false }]);
  own.close();
  await clock.advance(1);
  await task.join();
  expect(takeQueue()).toMatchObject([{ id: 1n }]);
});
