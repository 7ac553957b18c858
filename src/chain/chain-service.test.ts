import { beforeEach, describe, expect, it } from 'vitest';
import { NodeRuntime } from '../runtime/node.ts';
import type { Channel } from '../runtime/port.ts';
import { VirtualClock } from '../runtime/virtual-clock.testing.ts';
import { appendRange, type RigChain, range, rigChain } from './chain-rig.testing.ts';
import { ChainService } from './chain-service.ts';
import { MemoryStore } from './memory-store.testing.ts';
import type { ChainMessage, Delivery } from './ports.ts';

const RE_REQUEST_MS = 100;
const NODES = [1n, 2n, 3n];

interface Node {
  readonly id: bigint;
  readonly service: ChainService;
  readonly inbound: Channel<Delivery>;
  readonly chains: ReadonlyMap<bigint, RigChain>;
  up: boolean;
}

let clock: VirtualClock;
let runtime: NodeRuntime;
let nodes: Map<bigint, Node>;
let messages: { readonly from: bigint; readonly to: bigint; readonly message: ChainMessage }[];
/** What becomes of each message: the delays of its copies, none if it is lost. */
let fate: (from: bigint, to: bigint, message: ChainMessage) => readonly number[];
/** What a message arrives as. */
let transit: (message: ChainMessage) => ChainMessage;

beforeEach(() => {
  clock = new VirtualClock();
  runtime = new NodeRuntime(clock);
  nodes = new Map();
  messages = [];
  fate = () => [5];
  transit = (message) => message;
});

function send(from: bigint, to: bigint, message: ChainMessage): void {
  messages.push({ from, to, message });
  for (const delayMs of fate(from, to, message)) {
    clock.callAt(runtime.now() + delayMs, () => {
      const node = nodes.get(to);
      if (node?.up === true) node.inbound.trySend({ from, message: transit(message) });
    });
  }
}

/** Starts a node, anew where it ran before; stores of a crashed one are what it left. */
function start(id: bigint, all = NODES, lazily = false): Node {
  const before = nodes.get(id);
  const options = { syncWithinAppend: !lazily, onSynced: () => service.ownSynced() };
  const chains = new Map(
    all.map((chain) => {
      const store = before?.chains.get(chain)?.store ?? new MemoryStore();
      return [chain, rigChain(chain, store, chain === id ? options : { syncWithinAppend: !lazily })];
    }),
  );
  const inbound = runtime.channel<Delivery>(10_000);
  const kept = (chain: bigint) => chains.get(chain)?.kept ?? rigChain(chain).kept;
  const service: ChainService = new ChainService(
    runtime,
    {
      own: kept(id),
      copies: all.filter((chain) => chain !== id).map(kept),
      inbound,
      network: { send: (to, message) => send(id, to, message) },
    },
    { reRequestMs: RE_REQUEST_MS },
  );
  runtime.spawn('chains', () => service.run());
  const node = { id, service, inbound, chains, up: true };
  nodes.set(id, node);
  return node;
}

function crash(id: bigint): void {
  const node = nodes.get(id);
  if (node === undefined) return;
  node.up = false;
  node.service.stop();
  for (const { store } of node.chains.values()) store.crash();
}

function chainOf(node: bigint, chain: bigint): RigChain {
  const kept = nodes.get(node)?.chains.get(chain);
  if (kept === undefined) throw new Error(`node ${node} keeps no chain ${chain}`);
  return kept;
}

function expectConverged(): void {
  for (const chain of nodes.keys()) {
    const own = chainOf(chain, chain);
    for (const node of nodes.keys()) {
      expect(chainOf(node, chain).store.content, `chain ${chain} on node ${node}`).toEqual(own.store.content);
      expect(chainOf(node, chain).folded).toEqual(own.folded);
    }
  }
}

/** A small generator of its own for fates: the same each time. */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * bound);
  };
}

describe('replication', () => {
  it('makes all copies equal, byte for byte', async () => {
    for (const id of NODES) start(id);
    appendRange(chainOf(1n, 1n), 1, 10);
    appendRange(chainOf(2n, 2n), 11, 13);
    await clock.advance(20);
    appendRange(chainOf(1n, 1n), 11, 12);
    await clock.advance(20);
    expectConverged();
    expect(chainOf(3n, 1n).folded).toEqual(range(1, 12));
  });

  it('sends a whole backlog on one request, and a new entry without one', async () => {
    start(1n);
    appendRange(chainOf(1n, 1n), 1, 200);
    await clock.advance(50);
    for (const id of [2n, 3n]) start(id);
    await clock.advance(10);
    expectConverged();
    messages = [];
    appendRange(chainOf(1n, 1n), 201, 201);
    await clock.advance(5);
    expectConverged();
    expect(messages.map(({ to, message }) => [to, message.kind])).toEqual([
      [2n, 'entry'],
      [3n, 'entry'],
    ]);
  });

  it('costs one request a copy every reRequestMs while nothing happens', async () => {
    for (const id of NODES) start(id);
    await clock.advance(1000);
    expect(messages.length).toBe(6 * 11);
    expect(messages.every(({ message }) => message.kind === 'request')).toBe(true);
  });

  it('asks again only for the copy that stands still', async () => {
    for (const id of NODES) start(id);
    for (let step = 1; step <= 20; step += 1) {
      appendRange(chainOf(1n, 1n), step, step);
      await clock.advance(20);
    }
    const asked = messages.filter(({ from, message }) => from === 3n && message.kind === 'request');
    expect(asked.map(({ to }) => to)).toEqual([1n, 2n, 2n, 2n, 2n, 2n]);
  });

  it('takes no turn of its own for a node without peers', async () => {
    const node = start(1n, [1n]);
    appendRange(chainOf(1n, 1n), 1, 3);
    await clock.advance(1000);
    expect(messages).toEqual([]);
    node.inbound.close();
    await clock.settle();
  });

  it('lets out what is synced, and only when it is', async () => {
    for (const id of NODES) start(id, NODES, true);
    const own = chainOf(1n, 1n);
    appendRange(own, 1, 3);
    await clock.advance(500);
    expect(chainOf(2n, 1n).folded).toEqual([]);
    const sync = own.kept.log.sync();
    appendRange(own, 4, 4);
    await sync;
    await clock.advance(10);
    expect(chainOf(2n, 1n).folded).toEqual([1, 2, 3]);
    await own.kept.log.sync();
    await clock.advance(10);
    expect(chainOf(2n, 1n).folded).toEqual([1, 2, 3, 4]);
  });

  it('answers for its own chain only', async () => {
    const node = start(1n);
    appendRange(chainOf(1n, 1n), 1, 3);
    await clock.settle();
    messages = [];
    node.inbound.trySend({ from: 2n, message: { kind: 'request', chain: 3n, fromSeq: 1n } });
    node.inbound.trySend({ from: 2n, message: { kind: 'entry', chain: 9n, frame: new Uint8Array(20) } });
    await clock.settle();
    expect(messages).toEqual([]);
  });
});

describe('whatever the network does', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('copies converge once it stops (dice %d)', async (seed) => {
    const roll = dice(seed);
    fate = () => {
      if (roll(100) < 30) return [];
      const delayMs = roll(60);
      return roll(100) < 30 ? [delayMs, roll(60)] : [delayMs];
    };
    transit = (message) => {
      if (message.kind !== 'entry' || roll(100) >= 20) return message;
      const frame = Uint8Array.from(message.frame);
      frame[roll(frame.length)] = roll(256);
      return { ...message, frame };
    };
    for (const id of NODES) start(id);
    for (let step = 0; step < 40; step += 1) {
      const id = NODES[roll(3)] ?? 1n;
      appendRange(chainOf(id, id), step, step + roll(3));
      await clock.advance(roll(20));
    }
    fate = () => [60];
    transit = (message) => message;
    await clock.advance(60 + RE_REQUEST_MS + 2 * 60);
    expectConverged();
  });

  it('a request that is lost is repeated after reRequestMs', async () => {
    fate = () => [];
    start(1n);
    appendRange(chainOf(1n, 1n), 1, 3);
    start(2n);
    await clock.advance(RE_REQUEST_MS - 1);
    fate = () => [5];
    await clock.advance(10);
    expect(chainOf(2n, 1n).folded).toEqual([]);
    await clock.advance(1);
    expect(chainOf(2n, 1n).folded).toEqual([1, 2, 3]);
  });

  it('a partition of any length is made up for with any backlog after it has healed', async () => {
    for (const id of NODES) start(id);
    await clock.advance(20);
    fate = (from, to) => (from === 1n || to === 1n ? [] : [5]);
    for (let round = 0; round < 20; round += 1) {
      for (const id of NODES) appendRange(chainOf(id, id), 0, 19);
      await clock.advance(100);
    }
    fate = () => [5];
    await clock.advance(RE_REQUEST_MS + 10);
    expectConverged();
  });
});

describe('crashes', () => {
  it('of a replica: it keeps what it had synced, and asks for the rest', async () => {
    for (const id of NODES) start(id, NODES, true);
    const own = chainOf(1n, 1n);
    appendRange(own, 1, 6);
    await own.kept.log.sync();
    await clock.advance(10);
    await chainOf(2n, 1n).kept.log.sync();
    appendRange(own, 7, 9);
    await own.kept.log.sync();
    await clock.advance(10);
    expect(chainOf(2n, 1n).folded).toEqual(range(1, 9));
    crash(2n);
    await clock.advance(10);
    messages = [];
    start(2n, NODES, true);
    expect(chainOf(2n, 1n).folded).toEqual(range(1, 6));
    await clock.advance(10);
    expect(messages.find(({ from, to }) => from === 2n && to === 1n)?.message).toEqual({
      kind: 'request',
      chain: 1n,
      fromSeq: 7n,
    });
    expectConverged();
  });

  it('of the owner: it loses only what nobody has seen, and is asked again by those it forgot', async () => {
    for (const id of NODES) start(id, NODES, true);
    const own = chainOf(1n, 1n);
    appendRange(own, 1, 3);
    await own.kept.log.sync();
    await clock.advance(10);
    appendRange(own, 4, 5);
    crash(1n);
    await clock.advance(10);
    start(1n, NODES, true);
    const recovered = chainOf(1n, 1n);
    expect(recovered.folded).toEqual([1, 2, 3]);
    appendRange(recovered, 6, 7);
    await recovered.kept.log.sync();
    await clock.advance(RE_REQUEST_MS + 10);
    expect(chainOf(2n, 1n).folded).toEqual([1, 2, 3, 6, 7]);
    expectConverged();
  });
});

it('ends when its inbound channel is closed behind what is delivered', async () => {
  appendRange(start(1n).chains.get(1n) ?? rigChain(1n), 1, 3);
  const node = start(2n);
  const frames = [1, 2, 3].map((seq) => chainOf(1n, 1n).kept.log.frame(seq) ?? new Uint8Array());
  for (const frame of frames) node.inbound.trySend({ from: 1n, message: { kind: 'entry', chain: 1n, frame } });
  node.inbound.close();
  await clock.settle();
  expect(chainOf(2n, 1n).folded).toEqual([1, 2, 3]);
  messages = [];
  await clock.advance(RE_REQUEST_MS);
  expect(messages.filter(({ from }) => from === 2n)).toEqual([]);
});
