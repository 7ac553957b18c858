import { beforeEach, describe, expect, it } from 'vitest';
import type { MeshOsAction, PendingAction } from '../action/action.ts';
import { quiesce } from '../broadcast/operation.ts';
import { BufferingAppender } from '../chain/appenders.ts';
import { MemoryStore } from '../chain/memory-store.testing.ts';
import type { Delivery } from '../chain/ports.ts';
import { type AdminAuditRecord, AppendError, type FailureRecord, type LogRecord } from '../chain/records.ts';
import type { CodecName } from '../chain/wire-codec.ts';
import { DEFAULT_EXECUTOR_CONFIG } from '../executor/config.ts';
import type { DispatchResult } from '../executor/ports.ts';
import { strict } from '../executor/semantics.ts';
import { NodeRuntime } from '../runtime/node.ts';
import { type Channel, CLOSED } from '../runtime/port.ts';
import { VirtualClock } from '../runtime/virtual-clock.testing.ts';
import { MeshNode } from './mesh-node.ts';
import type { Decorators, NodeConfig, NodeInput } from './ports.ts';
import { ChainRecordCoder } from './record-coder.ts';

const EVICT: MeshOsAction = { kind: 'request_eviction', chain: 1n, victim: 2n };
const CODECS = new Map<bigint, CodecName>([
  [1n, 'msgpack'],
  [2n, 'postcard'],
]);

interface Rig {
  readonly node: MeshNode;
  readonly inbox: Channel<NodeInput>;
  readonly inbound: Channel<Delivery>;
  readonly failureChain: BufferingAppender<FailureRecord>;
  readonly logChain: BufferingAppender<LogRecord>;
  readonly auditChain: BufferingAppender<AdminAuditRecord>;
}

let clock: VirtualClock;
let runtime: NodeRuntime;
let stores: Map<bigint, Map<bigint, MemoryStore>>;
let rigs: Map<bigint, Rig>;
/** What the dispatchers of all nodes say to each action in turn; `ok` when there is nothing left. */
let results: DispatchResult[];
let dispatched: PendingAction[];
/** How long each dispatch takes. */
let dispatchMs: number;

beforeEach(() => {
  clock = new VirtualClock();
  runtime = new NodeRuntime(clock);
  stores = new Map([1n, 2n].map((node) => [node, new Map([1n, 2n].map((chain) => [chain, new MemoryStore()]))]));
  rigs = new Map();
  results = [];
  dispatched = [];
  dispatchMs = 0;
});

function configOf(id: bigint): NodeConfig {
  return {
    ...DEFAULT_EXECUTOR_CONFIG,
    id,
    peers: [...CODECS.keys()].filter((other) => other !== id),
    codecs: CODECS,
    handOverEveryMs: 500,
    syncEveryMs: 20,
    reRequestMs: 100,
    broadcastTimeoutMs: 50,
    recentFailures: 4,
    logRing: 3,
    auditRing: 3,
  };
}

function build(id: bigint, changes: Partial<NodeConfig> = {}, decorate: Decorators = {}): Rig {
  const inbox = runtime.channel<NodeInput>(100);
  const inbound = runtime.channel<Delivery>(100);
  const failureChain = new BufferingAppender<FailureRecord>(100);
  const logChain = new BufferingAppender<LogRecord>(100);
  const auditChain = new BufferingAppender<AdminAuditRecord>(100);
  const config = { ...configOf(id), ...changes };
  const node = new MeshNode(runtime, config, strict, {
    inbox,
    queue: runtime.channel(10),
    inbound,
    network: {
      send: (to, message) => {
        clock.callAt(runtime.now() + 3, () => rigs.get(to)?.inbound.trySend({ from: id, message }));
      },
    },
    stores: stores.get(id) ?? new Map(),
    coder: new ChainRecordCoder(id, config.codecs),
    dispatcher: {
      dispatch: async (pending) => {
        dispatched.push(pending);
        if (dispatchMs > 0) await runtime.sleep(dispatchMs);
        return results.shift() ?? { kind: 'ok' };
      },
      onBackpressure: () => {},
    },
    failureChain,
    logChain,
    auditChain,
    decorate,
  });
  const rig = { node, inbox, inbound, failureChain, logChain, auditChain };
  rigs.set(id, rig);
  return rig;
}

function start(id: bigint, changes: Partial<NodeConfig> = {}, decorate: Decorators = {}): Rig {
  const rig = build(id, changes, decorate);
  rig.node.start();
  return rig;
}

function submit(rig: Rig, count = 1): void {
  for (let index = 0; index < count; index += 1) rig.inbox.trySend({ kind: 'submit', action: EVICT });
}

const withoutSeq = (records: readonly FailureRecord[]) => records.map(({ seq: _seq, ...rest }) => rest);

describe('a node', () => {
  it('carries an action from its inbox to the dispatcher, the chain and every copy', async () => {
    const [one, two] = [start(1n), start(2n)];
    results = [{ kind: 'failed', reason: 'no room', retryAfterMs: null }, { kind: 'ok' }];
    submit(one, 2);
    await clock.advance(600);
    expect(dispatched.map(({ id }) => id)).toEqual([1n, 2n]);
    expect(one.node.executor.stats).toMatchObject({ dispatched: 1, failed: 1 });
    expect(one.node.chain(1n).log.length).toBe(2);
    const failures = one.node.executor.recentFailures.toArray();
    expect(failures.map(({ source, reason }) => [source, reason])).toEqual([
      ['action-id:1:request_eviction', 'no room'],
    ]);
    expect(one.failureChain.records()).toEqual(failures);
    for (const rig of [one, two]) {
      const { snapshot, log } = rig.node.chain(1n);
      expect(withoutSeq(snapshot.recentFailures.toArray())).toEqual(withoutSeq(failures));
      expect(log.payloads()).toEqual(one.node.chain(1n).log.payloads());
    }
  });

  it('keeps both codecs’ chains, each in its own', async () => {
    const [one, two] = [start(1n), start(2n)];
    submit(one);
    submit(two);
    await clock.advance(600);
    for (const rig of [one, two]) {
      for (const chain of [1n, 2n]) {
        expect(rig.node.chain(chain).log.length).toBe(1);
        expect(rig.node.chain(chain).rejectedDamaged).toBe(0);
        expect(rig.node.chain(chain).log.identity.codec).toBe(CODECS.get(chain));
      }
    }
  });

  it('starts again with what its stores hold, and with everything else from nothing', async () => {
    const one = start(1n);
    results = [1, 2].map((nth) => ({ kind: 'failed', reason: `no. ${nth}`, retryAfterMs: null }));
    submit(one, 2);
    await clock.advance(600);
    const again = build(1n);
    const { snapshot, log } = again.node.chain(1n);
    expect(log.length).toBe(2);
    expect(snapshot.recentFailures.toArray().map(({ reason }) => reason)).toEqual(['no. 1', 'no. 2']);
    expect(again.node.executor.recentFailures.length).toBe(0);
    expect(again.node.executor.stats.failed).toBe(0);
    expect(again.node.logRing.length).toBe(0);
    again.node.start();
    submit(again);
    await clock.advance(600);
    expect(dispatched.map(({ id }) => id)).toEqual([1n, 2n, 1n]);
    expect(log.length).toBe(3);
  });

  it('syncs its log every syncEveryMs, or within the append where that is 0', async () => {
    const lazy = start(1n);
    submit(lazy);
    await clock.advance(505);
    expect(lazy.node.chain(1n).log.hasUnsynced).toBe(true);
    await clock.advance(15);
    expect(lazy.node.chain(1n).log.hasUnsynced).toBe(false);
    const eager = start(2n, { syncEveryMs: 0 });
    submit(eager);
    await clock.advance(500);
    expect(eager.node.chain(2n).log.length).toBe(1);
    expect(eager.node.chain(2n).log.hasUnsynced).toBe(false);
  });

  it('sets gates where admission sees them', async () => {
    const one = start(1n);
    const daemon = { id: 5n, name: 'd' };
    one.inbox.trySend({ kind: 'gate-daemon', daemon, untilMs: 10_000 });
    one.inbox.trySend({ kind: 'submit', action: { kind: 'start_daemon', daemon } });
    await clock.advance(600);
    expect(one.node.executor.stats.gated).toBe(1);
  });

  it('has rings of the configured capacities', async () => {
    const one = start(1n);
    results = Array.from({ length: 6 }, () => ({ kind: 'failed', reason: 'no', retryAfterMs: null }));
    submit(one, 6);
    for (let count = 0; count < 5; count += 1) {
      one.inbox.trySend({ kind: 'admin', operator: 'o', operation: 'x', outcome: 'accepted' });
    }
    await clock.advance(3000);
    const { node } = one;
    const rings = [node.executor.recentFailures, node.chain(1n).snapshot.recentFailures, node.logRing, node.auditRing];
    expect(rings.map(({ length, evicted }) => [length, evicted])).toEqual([
      [4, 2],
      [4, 2],
      [3, 3],
      [3, 2],
    ]);
    expect(one.logChain.records().length).toBe(6);
    expect(one.auditChain.records().length).toBe(5);
  });

  it('broadcasts with the configured timeout', async () => {
    const one = start(1n);
    const key = { instance: { kind: 'shared' }, serviceName: 's', serviceVersion: '1' } as const;
    one.node.broadcaster.register(key, { send: () => {} }, true);
    const reply = one.node.broadcaster.ask(quiesce('maintenance'));
    await clock.advance(51);
    expect(reply.tryReceive()).toMatchObject({ timeouts: [{ key, timeoutMs: 50n }] });
  });

  it('gives everything it has to an orderly stop', async () => {
    const one = start(1n);
    dispatchMs = 30;
    submit(one, 3);
    const stop = runtime.spawn('stop', () => one.node.stop());
    await clock.advance(200);
    await stop.join();
    expect(dispatched.length).toBe(3);
    expect(one.node.chain(1n).log.syncedLength).toBe(3);
    expect(one.inbox.trySend({ kind: 'submit', action: EVICT })).toBe('closed');
    expect(await one.node.broadcaster.broadcast(quiesce('maintenance'))).toBe(CLOSED);
  });
});

describe('decorators', () => {
  it('stand at their seams: what they do happens, and in this order', async () => {
    const seen: string[] = [];
    const one = start(
      1n,
      {},
      {
        actionChain: (inner) => ({
          append(record) {
            seen.push(`record ${record.id}`);
            return record.id === 2n ? new AppendError('action', 'full') : inner.append(record);
          },
        }),
        payloads: (inner) => ({
          append(payload) {
            const outcome = inner.append(payload);
            seen.push(`log ${outcome.ok ? outcome.seq : 'refused'}`);
            return outcome;
          },
        }),
        fold: (chain, inner) => ({
          apply(seq, payload) {
            seen.push(`fold ${chain}:${seq}`);
            return inner.apply(seq, payload);
          },
        }),
        admission: (inner) => ({
          admit: (id, action, nowMs) => {
            seen.push(`admit ${id}`);
            return inner.admit(id, action, nowMs);
          },
          releaseFailedAdmit: (id, action) => inner.releaseFailedAdmit(id, action),
          tick: (nowMs) => inner.tick(nowMs),
          updateQueueDepth: (depth) => inner.updateQueueDepth(depth),
          gateDaemon: (daemon, untilMs) => {
            seen.push(`gate ${daemon.id}`);
            inner.gateDaemon(daemon, untilMs);
          },
        }),
      },
    );
    one.inbox.trySend({ kind: 'gate-daemon', daemon: { id: 9n, name: '' }, untilMs: 1 });
    submit(one, 3);
    await clock.advance(600);
    expect(seen).toEqual([
      'gate 9',
      'admit 1',
      'record 1',
      'fold 1:1',
      'log 1',
      'admit 2',
      'record 2',
      'admit 3',
      'record 3',
      'fold 1:2',
      'log 2',
    ]);
    expect(one.node.executor.stats.chainAppendFailures).toBe(1);
    expect(one.node.chain(1n).log.length).toBe(2);
  });
});

describe('the tasks of a node', () => {
  async function rolesAt(syncEveryMs: number): Promise<readonly string[]> {
    const { spawn } = runtime;
    const roles: string[] = [];
    Object.assign(runtime, {
      spawn: (...given: Parameters<typeof spawn>) => {
        roles.push(given[0]);
        return spawn.apply(runtime, given);
      },
    });
    const { node } = start(1n, { syncEveryMs });
    let stopped = false;
    spawn.call(runtime, 'stop', async () => {
      await node.stop();
      stopped = true;
    });
    await clock.advance(1000);
    expect(stopped).toBe(true);
    return roles;
  }

  it('have roles by which they are told apart, and all end when it is stopped', async () => {
    expect(await rolesAt(20)).toEqual(['loop', 'executor', 'chains', 'broadcaster', 'sync']);
  });

  it('do not sync where every append does', async () => {
    expect(await rolesAt(0)).toEqual(['loop', 'executor', 'chains', 'broadcaster']);
  });
});

describe('what has no record', () => {
  it('is counted by the fold that meets it, and changes nothing else', async () => {
    const broken = { append: (payload: Uint8Array) => one.node.chain(1n).append(payload.fill(0xff, 1)) };
    const one: Rig = start(1n, {}, { payloads: () => broken });
    results = [{ kind: 'failed', reason: 'no room', retryAfterMs: null }];
    submit(one, 2);
    await clock.advance(600);
    const kept = one.node.chain(1n);
    expect([kept.log.length, kept.rejectedDamaged, kept.rejectedVersion]).toEqual([2, 2, 0]);
    expect(kept.snapshot.recentFailures.length).toBe(0);
    expect(one.node.executor.stats).toMatchObject({ dispatched: 1, failed: 1, chainAppendFailures: 0 });
  });

  it('is refused by the encoder, which is an append that failed', async () => {
    const { encode } = ChainRecordCoder.prototype;
    const refuse = () => ({ ok: false, error: new AppendError('action', 'planted') }) as const;
    ChainRecordCoder.prototype.encode = refuse;
    try {
      const one = start(1n);
      submit(one);
      await clock.advance(600);
      expect(one.node.executor.stats).toMatchObject({ dispatched: 1, chainAppendFailures: 1 });
      expect(one.node.chain(1n).log.length).toBe(0);
    } finally {
      ChainRecordCoder.prototype.encode = encode;
    }
  });
});

describe('a node that cannot start says so at once', () => {
  it('when a store holds its chain in another codec', async () => {
    const one = start(1n);
    submit(one);
    await clock.advance(600);
    const codecs = new Map(CODECS).set(1n, 'postcard');
    expect(() => build(1n, { codecs })).toThrow('chain 1 is written in msgpack, and its reader is set to postcard');
    expect(() => build(1n)).not.toThrow();
  });

  it('when a chain has no store or no codec', () => {
    stores.get(1n)?.delete(2n);
    expect(() => build(1n)).toThrow('chain 2 has no codec or no store');
    expect(() => build(2n, { codecs: new Map([[2n, 'msgpack' as const]]) })).toThrow('chain 1 has no codec');
  });

  it('when its limits make no sense', () => {
    expect(() => build(1n, { backpressureOff: 1000 })).toThrow(RangeError);
  });

  it('and one that is started twice, or asked for what it does not keep', () => {
    const one = start(1n);
    expect(() => one.node.start()).toThrow('started once');
    expect(() => one.node.chain(9n)).toThrow('chain 9 is not kept here');
    expect(() => build(2n).node.executorTask).toThrow('not been started');
  });
});
