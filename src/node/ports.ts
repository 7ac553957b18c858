/** What a node is given, and what it can be told through its inbox. */
import type { DaemonRef, MeshOsAction, PendingAction } from '../action/action.ts';
import type { BroadcastResult } from '../broadcast/operation-result.ts';
import type { ChainFold, Delivery, LogStore, Network, PayloadLog } from '../chain/ports.ts';
import type {
  ActionChainRecord,
  AdminAuditRecord,
  AdminOutcome,
  AppendError,
  Appender,
  FailureRecord,
  LogLevel,
  LogRecord,
} from '../chain/records.ts';
import type { MeshOsSnapshot } from '../chain/snapshot.ts';
import type { DecodeError } from '../chain/wire.ts';
import type { CodecName } from '../chain/wire-codec.ts';
import type { Admission, Dispatcher, ExecutorConfig } from '../executor/ports.ts';
import type { Result } from '../result.ts';
import type { Channel, Receiver } from '../runtime/port.ts';

/** What stands in a node's inbox. */
export type NodeInput =
  | { readonly kind: 'submit'; readonly action: MeshOsAction }
  | { readonly kind: 'gate-daemon'; readonly daemon: DaemonRef; readonly untilMs: number }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly daemonId: bigint | null; readonly message: string }
  | { readonly kind: 'admin'; readonly operator: string; readonly operation: string; readonly outcome: AdminOutcome };

export interface NodeConfig extends ExecutorConfig {
  readonly id: bigint;
  /** Every other node whose chain this one copies. */
  readonly peers: readonly bigint[];
  /** Body codec of each node's chain, by node id, this one's included. */
  readonly codecs: ReadonlyMap<bigint, CodecName>;
  /** How often collected actions are handed to the executor. Default 500. */
  readonly handOverEveryMs: number;
  /** How often unsynced entries are synced; 0 = within every append. */
  readonly syncEveryMs: number;
  /** How long an unanswered request for entries waits before it is repeated. */
  readonly reRequestMs: number;
  /** How long a backend has to answer a broadcast; 0 is taken as 1. Default 5 000. */
  readonly broadcastTimeoutMs: number;
  /** How far ahead of its turn an entry of a copy may come and be kept. Default 4096. */
  readonly earlyEntriesMax?: number | undefined;
  /** Broadcasts that may wait for the one under way. Default 1024. */
  readonly waitingBroadcastsMax?: number | undefined;
  /** Capacity of the executor's ring and of every fold's. Default 256. */
  readonly recentFailures: number;
  /** Default 2048. */
  readonly logRing: number;
  /** Default 256. */
  readonly auditRing: number;
}

/** Encodes records for a node's own chain; decodes those of any. */
export interface RecordCoder {
  encode(record: ActionChainRecord): Result<Uint8Array, AppendError>;
  /** `chain` is the id of the node that writes the chain. */
  decode(chain: bigint, payload: Uint8Array): Result<ActionChainRecord, DecodeError>;
}

/** Wraps the node's own parts at their seams: for observation, measurement or faults. Absent ones wrap nothing. */
export interface Decorators {
  actionChain?(inner: Appender<ActionChainRecord>): Appender<ActionChainRecord>;
  admission?(inner: Admission): Admission;
  /** Between encoder and own log. */
  payloads?(inner: PayloadLog): PayloadLog;
  /** The fold of the chain that node `chain` writes, and what it folds into. */
  fold?(chain: bigint, inner: ChainFold, snapshot: MeshOsSnapshot): ChainFold;
}

export interface NodePorts {
  /** Usually of `INBOX_CAPACITY`. */
  readonly inbox: Channel<NodeInput>;
  /** The executor's bounded queue. */
  readonly queue: Channel<PendingAction>;
  /** Usually of `INBOUND_CAPACITY`. */
  readonly inbound: Receiver<Delivery>;
  readonly network: Network;
  /** The medium of each chain this node keeps, its own included. */
  readonly stores: ReadonlyMap<bigint, LogStore>;
  readonly coder: RecordCoder;
  readonly dispatcher: Dispatcher;
  /** The node's chains beside that of its log; by default nowhere. */
  readonly failureChain?: Appender<FailureRecord> | undefined;
  readonly logChain?: Appender<LogRecord> | undefined;
  readonly auditChain?: Appender<AdminAuditRecord> | undefined;
  /** Told of each broadcast's result when it is over, before the next one begins. */
  readonly onBroadcastResult?: (result: BroadcastResult) => void;
  readonly decorate: Decorators;
}
