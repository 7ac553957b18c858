import { beforeEach, describe, expect, it } from 'vitest';
import { NodeRuntime } from '../runtime/node.ts';
import { CLOSED } from '../runtime/port.ts';
import { VirtualClock } from '../runtime/virtual-clock.testing.ts';
import { type BackendKey, deadBackend, liveBackend } from './backend.ts';
import { LifecycleBroadcaster } from './broadcaster.ts';
import { LifecycleBroadcastModel } from './model.ts';
import { type BroadcastOperation, quiesce, releaseHandles } from './operation.ts';
import type { BroadcastResult } from './operation-result.ts';
import { broadcastPolicy } from './policy.ts';
import type { BackendAnswer, BackendEndpoint } from './ports.ts';

const TIMEOUT_MS = 100;
const ACK: BackendAnswer = { kind: 'ack' };
const OPERATION = quiesce('maintenance');

function key(name: string): BackendKey {
  return { instance: { kind: 'shared' }, serviceName: name, serviceVersion: '1' };
}

/** An endpoint that the test answers for. */
class Endpoint implements BackendEndpoint {
  readonly received: BroadcastOperation[] = [];
  readonly answers: ((answer: BackendAnswer) => void)[] = [];

  send(operation: BroadcastOperation, answer: (answer: BackendAnswer) => void): void {
    this.received.push(operation);
    this.answers.push(answer);
  }

  answer(answer: BackendAnswer = ACK, which = this.answers.length - 1): void {
    this.answers[which]?.(answer);
  }
}

let clock: VirtualClock;
let runtime: NodeRuntime;
let broadcaster: LifecycleBroadcaster;
/** When each broadcast ended, and with what. */
let ended: { readonly atMs: number; readonly result: BroadcastResult }[];

beforeEach(() => {
  clock = new VirtualClock();
  runtime = new NodeRuntime(clock);
  ended = [];
  start(TIMEOUT_MS);
});

function start(timeoutMs: number): void {
  broadcaster = new LifecycleBroadcaster(runtime, broadcastPolicy(BigInt(timeoutMs)));
  runtime.spawn('broadcaster', () => broadcaster.run());
}

function backend(name: string, live = true): Endpoint {
  const endpoint = new Endpoint();
  broadcaster.register(key(name), endpoint, live);
  return endpoint;
}

/** Asks for a broadcast and lets it be sent. */
async function broadcast(operation: BroadcastOperation = OPERATION): Promise<void> {
  runtime.spawn('client', async () => {
    const result = await broadcaster.broadcast(operation);
    if (result !== CLOSED) ended.push({ atMs: runtime.now(), result });
  });
  await clock.settle();
}

/** The lists of the newest result, by the backends' names. */
function lists(index = ended.length - 1) {
  const result = ended[index]?.result;
  return {
    acks: result?.acks.map((acked) => acked.serviceName),
    timeouts: result?.timeouts.map((timeout) => timeout.key.serviceName),
    failures: result?.failures.map((failure) => `${failure.key.serviceName}: ${failure.reason}`),
    skippedDead: result?.skippedDead.map((dead) => dead.serviceName),
  };
}

describe('a broadcast', () => {
  it('is sent to all live backends at once, and to no dead one', async () => {
    const endpoints = [backend('a'), backend('b', false), backend('c')];
    await broadcast(releaseHandles('/srv'));
    expect(endpoints.map((endpoint) => endpoint.received)).toEqual([
      [{ kind: 'release_handles', pathPrefix: '/srv' }],
      [],
      [{ kind: 'release_handles', pathPrefix: '/srv' }],
    ]);
  });

  it('ends as soon as all have answered', async () => {
    const [a, b] = [backend('a'), backend('b')];
    await broadcast();
    await clock.advance(30);
    a.answer();
    await clock.advance(10);
    expect(ended).toEqual([]);
    b.answer();
    await clock.settle();
    expect(ended.map(({ atMs }) => atMs)).toEqual([40]);
    expect(lists()).toEqual({ acks: ['a', 'b'], timeouts: [], failures: [], skippedDead: [] });
  });

  it('ends at once where no backend is live', async () => {
    backend('a', false);
    await broadcast();
    expect(lists()).toEqual({ acks: [], timeouts: [], failures: [], skippedDead: ['a'] });
    expect(ended[0]?.result.allLiveBackendsAcked).toBe(true);
  });

  it('gives each list in order of registration, whatever the order of the answers', async () => {
    const names = ['f', 'e', 'd', 'c', 'b', 'a'];
    const endpoints = names.map((name) => backend(name));
    backend('dead-2', false);
    backend('dead-1', false);
    await broadcast();
    for (const index of [3, 2, 0]) endpoints[index]?.answer();
    endpoints[4]?.answer({ kind: 'failure', reason: 'rejected' });
    endpoints[1]?.answer({ kind: 'failure', reason: 'backend_error' });
    await clock.advance(TIMEOUT_MS + 1);
    expect(lists()).toEqual({
      acks: ['f', 'd', 'c'],
      timeouts: ['a'],
      failures: ['e: backend_error', 'b: rejected'],
      skippedDead: ['dead-2', 'dead-1'],
    });
  });

  it('gives what the model gives', async () => {
    const model = new LifecycleBroadcastModel(broadcastPolicy(BigInt(TIMEOUT_MS)));
    model.register(liveBackend(key('a')));
    model.register(liveBackend(key('b'), { kind: 'timeout' }));
    model.register(deadBackend(key('c')));
    model.register(liveBackend(key('d'), { kind: 'failure', reason: 'unsupported_operation' }));
    const a = backend('a');
    backend('b');
    backend('c', false);
    const d = backend('d');
    await broadcast();
    d.answer({ kind: 'failure', reason: 'unsupported_operation' });
    a.answer();
    await clock.advance(TIMEOUT_MS + 1);
    expect(ended[0]?.result).toEqual(model.broadcast(OPERATION));
  });
});

describe('an answer', () => {
  it('counts in the very millisecond of the deadline, and the broadcast ends one later', async () => {
    const [a] = [backend('a'), backend('b')];
    await broadcast();
    await clock.advance(TIMEOUT_MS);
    expect(ended).toEqual([]);
    a.answer();
    await clock.advance(1);
    expect(lists()).toEqual({ acks: ['a'], timeouts: ['b'], failures: [], skippedDead: [] });
    expect(ended[0]?.atMs).toBe(TIMEOUT_MS + 1);
  });

  it('that comes later is a timeout, also where the broadcaster looks later still', async () => {
    const [a, b] = [backend('a'), backend('b')];
    await broadcast();
    await clock.advance(TIMEOUT_MS - 10);
    a.answer();
    // As if the process had been stopped: its own deadline is seen only after the late answer.
    clock.callAt(TIMEOUT_MS + 1, () => b.answer());
    await clock.jump(500);
    expect(lists()).toEqual({ acks: ['a'], timeouts: ['b'], failures: [], skippedDead: [] });
    expect(ended[0]?.result.timeouts[0]?.timeoutMs).toBe(BigInt(TIMEOUT_MS));
  });

  it('does not get into the next broadcast', async () => {
    const a = backend('a');
    await broadcast();
    await clock.advance(TIMEOUT_MS + 1);
    await broadcast(releaseHandles('/'));
    a.answer(ACK, 0);
    await clock.advance(TIMEOUT_MS + 1);
    expect(lists(0).timeouts).toEqual(['a']);
    expect(lists(1).timeouts).toEqual(['a']);
  });

  it('is the first one only', async () => {
    const [a] = [backend('a'), backend('b')];
    await broadcast();
    a.answer({ kind: 'failure', reason: 'rejected' });
    a.answer(ACK);
    await clock.advance(TIMEOUT_MS + 1);
    expect(lists()).toEqual({ acks: [], timeouts: ['b'], failures: ['a: rejected'], skippedDead: [] });
  });

  it('may come while it is being sent', async () => {
    broadcaster.register(key('a'), { send: (_operation, answer) => answer(ACK) }, true);
    await broadcast();
    expect(lists().acks).toEqual(['a']);
  });

  it('of an endpoint that throws is a backend error, and the others are still sent to', async () => {
    const broken: BackendEndpoint = {
      send: () => {
        throw new Error('no connection');
      },
    };
    broadcaster.register(key('a'), broken, true);
    const b = backend('b');
    await broadcast();
    b.answer();
    await clock.settle();
    expect(lists()).toEqual({ acks: ['b'], timeouts: [], failures: ['a: backend_error'], skippedDead: [] });
  });

  it.each([0, 1])('has 1 ms with a timeout of %d', async (timeoutMs) => {
    start(timeoutMs);
    const [a, b] = [backend('a'), backend('b')];
    await broadcast();
    await clock.advance(1);
    a.answer();
    await clock.advance(1);
    b.answer();
    await clock.settle();
    expect(lists()).toEqual({ acks: ['a'], timeouts: ['b'], failures: [], skippedDead: [] });
    expect(ended[0]?.result.timeouts).toEqual([{ key: key('b'), timeoutMs: 1n }]);
  });

  it('has as long as it needs where the timeout is past what a clock can count', async () => {
    broadcaster = new LifecycleBroadcaster(runtime, broadcastPolicy(18446744073709551615n));
    runtime.spawn('broadcaster', () => broadcaster.run());
    const a = backend('a');
    await broadcast();
    await clock.advance(1_000_000);
    a.answer();
    await clock.settle();
    expect(lists().acks).toEqual(['a']);
  });
});

describe('a backend that dies in flight', () => {
  it('is a timeout, even if it lives and answers again', async () => {
    const [a, b] = [backend('a'), backend('b')];
    await broadcast();
    expect(broadcaster.setLive(key('a'), false)).toBe(true);
    broadcaster.setLive(key('a'), true);
    a.answer();
    b.answer();
    await clock.settle();
    expect(lists()).toEqual({ acks: ['b'], timeouts: ['a'], failures: [], skippedDead: [] });
  });

  it('has not died when it is said to live, which it does', async () => {
    const a = backend('a');
    await broadcast();
    broadcaster.setLive(key('a'), true);
    a.answer();
    await clock.settle();
    expect(lists().acks).toEqual(['a']);
  });

  it('is not waited for', async () => {
    backend('a');
    await broadcast();
    await clock.advance(20);
    broadcaster.setLive(key('a'), false);
    await clock.settle();
    expect(ended[0]?.atMs).toBe(20);
    expect(lists().timeouts).toEqual(['a']);
  });

  it('has answered if its answer came first, in the same millisecond even', async () => {
    const [a] = [backend('a'), backend('b')];
    await broadcast();
    a.answer();
    broadcaster.setLive(key('a'), false);
    await clock.advance(TIMEOUT_MS + 1);
    expect(lists().acks).toEqual(['a']);
  });

  it('is skipped by the next broadcast, and one that lives again is not', async () => {
    const a = backend('a');
    await broadcast();
    broadcaster.setLive(key('a'), false);
    await clock.settle();
    await broadcast();
    expect(lists().skippedDead).toEqual(['a']);
    broadcaster.setLive(key('a'), true);
    await broadcast();
    a.answer();
    await clock.settle();
    expect(lists().acks).toEqual(['a']);
    expect(a.received.length).toBe(2);
  });
});

describe('a backend that is replaced in flight', () => {
  it('answers as the endpoint that was sent to, and the new one receives nothing', async () => {
    const old = backend('a');
    await broadcast();
    const fresh = backend('a');
    old.answer();
    await clock.settle();
    expect(lists().acks).toEqual(['a']);
    expect(fresh.received).toEqual([]);
  });

  it('does not die with the new one', async () => {
    const old = backend('a');
    await broadcast();
    backend('a');
    broadcaster.setLive(key('a'), false);
    await clock.advance(10);
    old.answer();
    await clock.settle();
    expect(lists().acks).toEqual(['a']);
  });

  it('gives no answer to a broadcast that was sent to the new one', async () => {
    const old = backend('a');
    await broadcast();
    await clock.advance(TIMEOUT_MS + 1);
    const fresh = backend('a');
    await broadcast();
    old.answer();
    await clock.settle();
    expect(ended.length).toBe(1);
    fresh.answer({ kind: 'failure', reason: 'rejected' });
    await clock.settle();
    expect(lists().failures).toEqual(['a: rejected']);
  });
});

describe('the registry', () => {
  it('keeps the place of a replaced backend and gives that one back, live or dead', () => {
    const first = backend('a');
    backend('b');
    broadcaster.setLive(key('a'), false);
    const fresh = new Endpoint();
    expect(broadcaster.register(key('a'), fresh, true)).toEqual({ key: key('a'), endpoint: first, live: false });
    expect(broadcaster.register(key('c'), new Endpoint(), true)).toBeNull();
    expect(broadcaster.backends().map((known) => [known.key.serviceName, known.live])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ]);
    expect(broadcaster.backends()[0]?.endpoint).toBe(fresh);
  });

  it('tells keys apart by every field', () => {
    const base = key('a');
    const keys: BackendKey[] = [
      base,
      { ...base, serviceVersion: '2' },
      { ...base, instance: { kind: 'private', serviceName: 'a' } },
      { ...base, instance: { kind: 'explicit', name: 'a' } },
    ];
    for (const one of keys) expect(broadcaster.register(one, new Endpoint(), true)).toBeNull();
    expect(broadcaster.backends().length).toBe(4);
  });

  it('knows nothing of a backend that nobody registered', () => {
    expect(broadcaster.setLive(key('a'), true)).toBe(false);
  });

  it('as it was at the sending decides, not as it is later', async () => {
    const [a] = [backend('a'), backend('b', false)];
    await broadcast();
    broadcaster.setLive(key('b'), true);
    const c = backend('c');
    a.answer();
    await clock.settle();
    expect(lists()).toEqual({ acks: ['a'], timeouts: [], failures: [], skippedDead: ['b'] });
    expect(c.received).toEqual([]);
  });

  it('may change while it is sent to, without changing to whom', async () => {
    const c = new Endpoint();
    const meddler: BackendEndpoint = {
      send: (_operation, answer) => {
        broadcaster.register(key('c'), c, true);
        broadcaster.setLive(key('b'), false);
        answer(ACK);
      },
    };
    broadcaster.register(key('a'), meddler, true);
    const b = backend('b');
    await broadcast();
    expect(b.received.length).toBe(1);
    expect(c.received).toEqual([]);
    expect(lists()).toEqual({ acks: ['a'], timeouts: ['b'], failures: [], skippedDead: [] });
  });
});

describe('several broadcasts', () => {
  it('run one after another, in the order they were asked for', async () => {
    const a = backend('a');
    const operations = [releaseHandles('/1'), releaseHandles('/2'), releaseHandles('/3')];
    const replies = operations.map((operation) => broadcaster.ask(operation));
    await clock.settle();
    expect(a.received).toEqual(operations.slice(0, 1));
    a.answer();
    await clock.settle();
    expect(a.received).toEqual(operations.slice(0, 2));
    await clock.advance(TIMEOUT_MS + 1);
    expect(a.received).toEqual(operations);
    a.answer();
    await clock.settle();
    const results = replies.map((reply) => reply.tryReceive());
    expect(results.map((result) => (result === undefined || result === CLOSED ? null : result.operation))).toEqual(
      operations,
    );
  });

  it('that wait are carried out after a close, and later ones are refused', async () => {
    backend('a', false);
    const waiting = broadcaster.ask(OPERATION);
    broadcaster.close();
    const late = broadcaster.ask(OPERATION);
    await clock.settle();
    expect(waiting.tryReceive()).not.toBe(CLOSED);
    expect(late.tryReceive()).toBe(CLOSED);
    expect(await broadcaster.broadcast(OPERATION)).toBe(CLOSED);
  });
});
