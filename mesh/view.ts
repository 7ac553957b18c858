/**
 * What invariants may read of the running mesh: the state of the system, never the state of a checker. The names are those
 * of docs/specification/control-plane.md. Everything is live: read it when the event is handled.
 */
import type { ActionChainRecord, AdminAuditRecord, FailureRecord, LogRecord } from '../src/chain/records.ts';
import type { ExecutorStats } from '../src/executor/ports.ts';
import type { MeshConfig, MeshFault, MeshOperation, MeshSemantics } from './scenario/scenario.ts';

/** A bounded ring, oldest first. */
export interface RingView<T> {
  readonly capacity: number;
  readonly length: number;
  /** Evicted since it was made. */
  readonly evicted: number;
  at(index: number): T | undefined;
}

/** One chain as one node keeps it: its own or a copy. */
export interface ChainView {
  /** Ring of recent failures folded from it. */
  readonly folded: RingView<FailureRecord>;
  readonly rejectedVersion: number;
  readonly rejectedDamaged: number;
  /** What is in its file, seen at the disk: a view, valid until the next write. */
  bytes(): Uint8Array;
  /** Payloads of all entries in seq order, as the node would read them. Allocates. */
  payloads(): readonly Uint8Array[];
}

/** The running incarnation of a node. */
export interface NodeView {
  readonly up: boolean;
  readonly inc: number;
  /** What its monotonic clock read at virtual time 0. */
  readonly uptimeMs: number;
  readonly stats: ExecutorStats;
  readonly queueLength: number;
  readonly deferred: number;
  readonly backpressure: boolean;
  readonly recentFailures: RingView<FailureRecord>;
  readonly logRing: RingView<LogRecord>;
  readonly auditRing: RingView<AdminAuditRecord>;
  /** The buffering appenders behind the seams. */
  readonly failureChain: RingView<FailureRecord>;
  readonly logChain: RingView<LogRecord>;
  readonly auditChain: RingView<AdminAuditRecord>;
  /** Counted by the node loop when it hands actions over. */
  readonly droppedQueueFull: number;
  readonly refusedQueueClosed: number;
  /** The chain that node `chain` writes, as it is kept here. */
  chain(chain: number): ChainView;
  /** Backends registered, in insertion order. */
  backends(): readonly { readonly backend: string; readonly live: boolean }[];
}

/** What the decoder made of some bytes. */
export type Decoded =
  | { readonly ok: true; readonly record: ActionChainRecord }
  | { readonly ok: false; readonly error: 'empty' | 'unsupported_version' | 'malformed'; readonly message: string };

export interface MeshView {
  readonly config: MeshConfig;
  readonly semantics: MeshSemantics;
  readonly workload: ReadonlyMap<string, MeshOperation>;
  readonly faults: ReadonlyMap<string, MeshFault>;
  /** Nodes are numbered from 1. */
  node(node: number): NodeView;
  /** The code under test, for checking it piece by piece. Null from encode: refused. */
  encode(codec: 'msgpack' | 'postcard', version: number, record: ActionChainRecord): Uint8Array | null;
  decode(codec: 'msgpack' | 'postcard', version: number, bytes: Uint8Array): Decoded;
  /** A fresh fold of payloads, each read by a decoder of its `version`, with the configured capacity. */
  fold(
    codec: 'msgpack' | 'postcard',
    entries: readonly { readonly payload: Uint8Array; readonly version: number }[],
  ): readonly FailureRecord[];
}
