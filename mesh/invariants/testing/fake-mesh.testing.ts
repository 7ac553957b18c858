/**
 * A mesh made by hand, for the tests of judges. It plays what a correct mesh under `strict` would show at its ports, one
 * event after another, and keeps the state that the view shows in step; tests spoil an event on its way (`spoil`), the
 * state before an event (`before`), or the state itself, and see which event the judge objects to.
 */

import type { CheckContext, Invariant } from '../../../sim/invariant/invariant.ts';
import type { ActionChainRecord, FailureRecord } from '../../../src/chain/records.ts';
import type { MeshEvent, MeshEventKind } from '../../events.ts';
import type { MeshConfig, MeshSemantics } from '../../scenario/scenario.ts';
import type { Decoded, MeshView } from '../../view.ts';
import { foldedEntry } from '../model/wire/records.ts';
import { fakeDecode, fakeEncode } from './fake-codec.testing.ts';
import { completed, type Sketch } from './fake-events.testing.ts';
import { FakeNode } from './fake-node.testing.ts';

export const FAKE_CONFIG: MeshConfig = {
  nodes: 2,
  codecs: ['postcard', 'msgpack'],
  inboxCapacity: 8,
  queueCapacity: 8,
  pullCooldownMs: 250,
  drainRatePerSec: 2,
  stabilizationMs: 1000,
  backpressureOn: 3,
  backpressureOff: 1,
  maxDefers: 2,
  recentFailures: 3,
  logRing: 3,
  auditRing: 3,
  failureChain: 4,
  logChain: 4,
  auditChain: 4,
  dispatch: { minMs: 1, maxMs: 1 },
  network: { minMs: 1, maxMs: 1 },
  sync: { minMs: 1, maxMs: 1 },
  syncEveryMs: 10,
  reRequestMs: 100,
  broadcastTimeoutMs: 500,
  answer: { minMs: 1, maxMs: 1 },
  backends: 0,
  epochMs: 1_700_000_000_000,
};

export interface Judged {
  /** Number of the event at which the judge objected, from 1; 0 while it has not. At the end: one after the last. */
  readonly event: number;
  readonly kind: string;
  readonly message: string;
}

interface Judge {
  readonly on: ReadonlyMap<string, (event: MeshEvent) => void>;
  readonly end: () => void;
  found: Judged | null;
}

export type Spoiler<K extends MeshEventKind> = (event: Extract<MeshEvent, { kind: K }>) => MeshEvent | null;

export class FakeMesh {
  nowMs = 0;
  /** Wall clock less virtual time. */
  wallOffsetMs: number;
  /** Seq of the first entry of each chain. It is 1 in a log whose header has seq 0, which few tests care about. */
  firstSeq = 0;
  readonly config: MeshConfig;
  readonly view: MeshView;
  readonly events: MeshEvent[] = [];
  encode: (codec: 'msgpack' | 'postcard', version: number, record: ActionChainRecord) => Uint8Array | null = fakeEncode;
  decode: (codec: 'msgpack' | 'postcard', version: number, bytes: Uint8Array) => Decoded = fakeDecode;
  private readonly nodes = new Map<number, FakeNode>();
  private readonly judges: Judge[] = [];
  private readonly spoilers = new Map<string, ((event: MeshEvent) => MeshEvent | null)[]>();
  private readonly earlier = new Map<string, (() => void)[]>();

  constructor(config: Partial<MeshConfig> = {}, semantics: MeshSemantics = 'strict') {
    this.config = { ...FAKE_CONFIG, ...config };
    this.wallOffsetMs = Number(this.config.epochMs);
    for (let node = 1; node <= this.config.nodes; node++) this.nodes.set(node, new FakeNode(this, node, 0));
    this.view = {
      config: this.config,
      semantics,
      workload: new Map(),
      faults: new Map(),
      node: (node) => this.node(node),
      encode: (codec, version, record) => this.encode(codec, version, record),
      decode: (codec, version, bytes) => this.decode(codec, version, bytes),
      fold: (codec, entries) => {
        const ring: FailureRecord[] = [];
        for (const { payload, version } of entries) {
          const decoded = this.decode(codec, version, payload);
          const entry = decoded.ok ? foldedEntry(decoded.record) : null;
          if (entry !== null) ring.push(entry);
        }
        return ring.slice(-this.config.recentFailures);
      },
    };
  }

  /** Lets the invariant judge everything from here on; the result is filled in as it goes. */
  judge(invariant: Invariant<MeshEvent, MeshView>): { readonly found: Judged | null } {
    let kind = '';
    const context: CheckContext<MeshView> = {
      view: this.view,
      now: () => this.nowMs,
      violate: (message) => {
        judge.found ??= { event: this.events.length, kind, message };
      },
    };
    const checker = invariant.create(context);
    const on = new Map<string, (event: MeshEvent) => void>();
    for (const [name, handler] of Object.entries(checker.on)) {
      on.set(name, (event) => {
        kind = event.kind;
        // Each handler takes the events of the kind it stands under, which no type can say of a map.
        Reflect.apply(handler, checker.on, [event]);
      });
    }
    const judge: Judge = {
      on,
      end: () => {
        kind = 'the end';
        checker.end?.();
      },
      found: null,
    };
    this.judges.push(judge);
    return judge;
  }

  node(node: number): FakeNode {
    const found = this.nodes.get(node);
    if (found === undefined) throw new RangeError(`no node ${node}`);
    return found;
  }

  /** Replaces the next event of a kind on its way, or (null) keeps it back. */
  spoil<K extends MeshEventKind>(kind: K, how: Spoiler<K>): void {
    const waiting = this.spoilers.get(kind) ?? [];
    waiting.push((event) => Reflect.apply(how, undefined, [event]));
    this.spoilers.set(kind, waiting);
  }

  /** Does something just before the next event of a kind is seen. */
  before(kind: MeshEventKind, what: () => void): void {
    this.earlier.set(kind, [...(this.earlier.get(kind) ?? []), what]);
  }

  emit(sketch: Sketch): void {
    const event = completed(sketch);
    this.earlier.get(event.kind)?.shift()?.();
    const spoiler = this.spoilers.get(event.kind)?.shift();
    const seen = spoiler === undefined ? event : spoiler(event);
    if (seen === null) return;
    this.events.push(seen);
    for (const judge of this.judges) if (judge.found === null) judge.on.get(seen.kind)?.(seen);
  }

  /** The run is over. */
  end(): void {
    for (const judge of this.judges) if (judge.found === null) judge.end();
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** All nodes start. */
  start(): void {
    for (const [node, { inc }] of this.nodes) this.emit({ kind: 'boot', node, inc, entries: 0 });
  }

  /** Time passes, and at each whole `syncEvery` and `reRequestMs` the nodes sync their own logs and ask for the others'. */
  pass(ms: number): this {
    const { syncEveryMs, reRequestMs } = this.config;
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs++;
      for (const [number, node] of this.nodes) {
        if (!node.up) continue;
        const bytes = node.chain(number).bytes().length;
        const syncs = this.nowMs % syncEveryMs === 0 && bytes > 0;
        if (syncs) this.emit({ kind: 'sync', ...node.at, chain: number, bytes, beganMs: this.nowMs });
        if (this.nowMs % reRequestMs === 0) this.ask(number);
      }
    }
    return this;
  }

  /** The node asks for all chains that it copies. */
  ask(node: number): void {
    for (let chain = 1; chain <= this.config.nodes; chain++) {
      if (chain === node) continue;
      const seq = this.node(node).nextSeq(chain);
      this.emit({ kind: 'send', from: node, to: chain, message: 'request', chain, seq, fate: 'sent' });
    }
  }

  /** The node dies; the entries of its own log up to `kept` survive, and copies as they are. */
  crash(node: number, kept: number): void {
    const dying = this.node(node);
    dying.chain(node).stored = dying.chain(node).stored.slice(0, kept);
    this.emit({ kind: 'crash', node, inc: dying.inc, synced: 0, written: 0, kept: 0 });
    dying.up = false;
    const next = new FakeNode(this, node, dying.inc + 1);
    this.pendingBoot = { node, next, kept, from: dying };
  }

  private pendingBoot: { node: number; next: FakeNode; kept: number; from: FakeNode } | null = null;

  /** The node that crashed last starts again and folds what it has. */
  boot(): void {
    const boot = this.pendingBoot;
    if (boot === null) throw new Error('no node is down');
    this.pendingBoot = null;
    const { node, next, kept, from } = boot;
    this.nodes.set(node, next);
    for (let chain = 1; chain <= this.config.nodes; chain++) {
      next.chain(chain).stored = [...from.chain(chain).stored];
    }
    this.emit({ kind: 'boot', node, inc: next.inc, entries: kept });
    for (let chain = 1; chain <= this.config.nodes; chain++) next.rebuild(chain);
  }

  /** The other node's copies of all chains catch up. */
  replicate(): void {
    for (let chain = 1; chain <= this.config.nodes; chain++) {
      const own = this.node(chain).chain(chain).stored;
      for (const [number, node] of this.nodes) {
        if (number === chain) continue;
        const copy = node.chain(chain);
        for (const payload of own.slice(copy.stored.length)) node.fold(chain, payload, false);
      }
    }
  }

  settled(): void {
    this.emit({ kind: 'settled', drained: true, waiting: [] });
  }
}
