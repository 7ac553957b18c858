/**
 * The events of the mesh, as they are observed at its ports. `event-catalogue.ts` lists the fields that go into the trace.
 * The others (objects seen at a port) are for invariants and marks only.
 *
 * `node` is the node's number, `inc` its incarnation (0, 1, …), `op` the key of an operation (or `FAULT/1` … for a burst's
 * submissions), `id` an action id. Events are emitted when the port's call has returned, unless stated otherwise.
 */
import type { MeshOsAction, PendingAction } from '../src/action/action.ts';
import type { BroadcastResult } from '../src/broadcast/operation-result.ts';
import type {
  ActionChainRecord,
  AdminAuditRecord,
  AppendError,
  FailureRecord,
  LogRecord,
} from '../src/chain/records.ts';
import type { NodeInput } from '../src/node/ports.ts';
import type { SendOutcome } from '../src/runtime/port.ts';
import type { MeshOperation } from './scenario/scenario.ts';

/** Who asked for a broadcast, and the result it has been given so far. */
export interface BroadcastClient {
  readonly result: BroadcastResult | null;
}

interface At {
  readonly node: number;
  readonly inc: number;
}

export type MeshEvent =
  // ---- life of a node
  /** A node has started; `entries` were recovered in its own log. */
  | ({ readonly kind: 'boot'; readonly entries: number } & At)
  /**
   * After `boot` and before any fold: what the node found of one chain (its own or a copy), and what it kept. Of the
   * `found` bytes in the file it kept the first `kept`, header included, with `entries` entries.
   */
  | ({
      readonly kind: 'recover';
      readonly chain: number;
      readonly found: number;
      readonly kept: number;
      readonly entries: number;
    } & At)
  /** The wire versions of encoder and decoders changed to these. Before the first such event both are 1. */
  | ({ readonly kind: 'versions'; readonly writer: number; readonly reader: number } & At)
  /** A node died. `kept` of the `written` bytes of its own log survive; `synced` bytes were durable. */
  | ({ readonly kind: 'crash'; readonly synced: number; readonly written: number; readonly kept: number } & At)
  /** After `crash`: the same for each log on the node's disk, its own and the copies. */
  | ({
      readonly kind: 'log-cut';
      readonly chain: number;
      readonly synced: number;
      readonly written: number;
      readonly kept: number;
    } & At)
  | ({ readonly kind: 'pause' } & At)
  | ({ readonly kind: 'resume' } & At)
  | ({ readonly kind: 'clock-jump'; readonly byMs: number } & At)
  // ---- inbox
  /** Something was offered to the inbox. Also 'closed' when the node is down. */
  | ({
      readonly kind: 'offer';
      readonly op: string;
      readonly input: NodeInput['kind'];
      readonly outcome: SendOutcome;
      readonly given: NodeInput;
    } & At)
  /** The loop took it out. The k-th 'submit' that an incarnation takes out gets action id k. */
  | ({ readonly kind: 'take'; readonly op: string; readonly input: NodeInput['kind'] } & At)
  // ---- executor's queue
  | ({
      readonly kind: 'enqueue';
      readonly id: bigint;
      readonly outcome: SendOutcome;
      /** Kind of the action. */
      readonly action: string;
      /** `emittedAtMs` of the pending action, minus the node's uptime at virtual time 0. */
      readonly emittedAtMs: number;
      readonly pending: PendingAction;
    } & At)
  | ({ readonly kind: 'dequeue'; readonly id: bigint } & At)
  | ({ readonly kind: 'queue-close' } & At)
  /** The executor has ended by itself, after a close, with all its work done. */
  | ({ readonly kind: 'executor-end' } & At)
  /** The node is told to stop: its inbox closes. */
  | ({ readonly kind: 'stop' } & At)
  /** The node says that it has stopped. */
  | ({ readonly kind: 'stopped' } & At)
  // ---- admission
  | ({
      readonly kind: 'admit';
      readonly id: bigint;
      readonly decision: 'admit' | 'defer' | 'gate';
      /** defer: retry after, a length. gate: until, a point in time. admit: 0. */
      readonly ms: number;
      readonly reason: string | null;
      readonly action: MeshOsAction;
    } & At)
  | ({ readonly kind: 'release'; readonly id: bigint } & At)
  | ({ readonly kind: 'gate'; readonly daemonId: bigint; readonly daemonName: string; readonly untilMs: number } & At)
  /** The queue depth was fed to the backpressure flag: queued + deferred, + 1 while an action is in hand. */
  | ({ readonly kind: 'depth'; readonly depth: number; readonly change: 'steady' | 'asserted' | 'released' } & At)
  // ---- dispatcher and hook
  /** Emitted when the call begins. `call` counts the dispatches of the incarnation from 0. */
  | ({ readonly kind: 'dispatch'; readonly id: bigint; readonly call: number; readonly pending: PendingAction } & At)
  | ({
      readonly kind: 'dispatch-end';
      readonly id: bigint;
      readonly call: number;
      readonly result: 'ok' | 'failed' | 'rejected' | 'threw';
      readonly reason: string | null;
      readonly retryAfterMs: bigint | null;
    } & At)
  | ({ readonly kind: 'hook'; readonly change: 'asserted' | 'released'; readonly threw: boolean } & At)
  // ---- seams: emitted when the append has returned; the failure ring gets its entry after its append, log and audit rings before theirs.
  // `error` is what it returned: an InjectedAppendError where a fault answered in the chain's place
  | ({
      readonly kind: 'append-action';
      readonly id: bigint;
      readonly action: string;
      readonly emittedAtMs: bigint;
      readonly type: 'dispatched' | 'failed' | 'gated';
      readonly reason: string | null;
      readonly ms: bigint | null;
      readonly ok: boolean;
      /** Seq of the log entry; null if none was made. */
      readonly seq: bigint | null;
      /** The bytes were damaged between encoder and log. */
      readonly damaged: boolean;
      /** Version byte of the writer. */
      readonly version: number;
      /** wallNow of the node at this instant. */
      readonly wallMs: bigint;
      readonly record: ActionChainRecord;
      readonly error: AppendError | null;
    } & At)
  | ({
      readonly kind: 'append-failure';
      readonly seq: bigint;
      readonly source: string;
      readonly reason: string;
      readonly recordedAtMs: bigint;
      readonly ok: boolean;
      readonly wallMs: bigint;
      readonly record: FailureRecord;
      readonly error: AppendError | null;
    } & At)
  | ({
      readonly kind: 'append-log';
      readonly seq: bigint;
      readonly tsMs: bigint;
      readonly level: string;
      readonly message: string;
      readonly daemonId: bigint | null;
      readonly ok: boolean;
      readonly wallMs: bigint;
      readonly record: LogRecord;
      readonly error: AppendError | null;
    } & At)
  | ({
      readonly kind: 'append-audit';
      readonly seq: bigint;
      readonly tsMs: bigint;
      readonly operator: string;
      readonly operation: string;
      readonly outcome: string;
      readonly ok: boolean;
      readonly wallMs: bigint;
      readonly record: AdminAuditRecord;
      readonly error: AppendError | null;
    } & At)
  // ---- own log, disk, copies
  /**
   * An encoded record entered the node's own log. Where it was damaged, `original` are the encoder's bytes. The log had
   * `offset` bytes before and has `end` with the record. `crc` is the last word of the file, which is the entry's checksum.
   */
  | ({
      readonly kind: 'log-append';
      readonly seq: bigint;
      readonly payload: Uint8Array;
      readonly damaged: boolean;
      readonly original: Uint8Array;
      readonly offset: number;
      readonly end: number;
      readonly crc: number;
    } & At)
  /** A sync of the node's copy of `chain` has begun. */
  | ({ readonly kind: 'sync-begin'; readonly chain: number } & At)
  /** A sync of the node's copy of `chain`, which began at `beganMs`, has ended: `bytes` are durable. */
  | ({ readonly kind: 'sync'; readonly chain: number; readonly bytes: number; readonly beganMs: number } & At)
  /**
   * `bytes` bytes were written to the node's copy of another's chain, which is then `end` bytes long. `seq` and `crc` are
   * read where an entry has them; -1 where the bytes are too few for an entry.
   */
  | ({
      readonly kind: 'copy-write';
      readonly chain: number;
      readonly seq: number;
      readonly bytes: number;
      readonly end: number;
      readonly crc: number;
    } & At)
  /** One entry was given to the fold of `chain`. `reader` is the version of the decoder. */
  | ({
      readonly kind: 'fold';
      readonly chain: number;
      readonly seq: bigint;
      readonly reader: number;
      readonly outcome: 'folded' | 'empty' | 'unsupported_version' | 'malformed';
      /** Why it is malformed; else null. */
      readonly reason: string | null;
      /** Newest and length of the chain's folded ring afterwards. */
      readonly length: number;
      readonly payload: Uint8Array;
      /** True while a restarted node rebuilds its snapshot. */
      readonly rebuild: boolean;
    } & At)
  /** Bytes were fed straight to a decoder, of version `reader`. 'threw': it threw. */
  | ({
      readonly kind: 'probe';
      readonly codec: 'msgpack' | 'postcard';
      readonly reader: number;
      readonly bytes: Uint8Array;
      readonly outcome: 'record' | 'empty' | 'unsupported_version' | 'malformed' | 'threw';
      /** Why they are malformed, else null. */
      readonly reason: string | null;
      readonly decoded: ActionChainRecord | null;
      /** The largest allocation by a length that it asked the host for. 0 where the bytes claim no more than they have. */
      readonly largestBytes: number;
      /** What was encoded as these bytes. Absent for bytes that no encoder made. */
      readonly given?: ActionChainRecord | undefined;
    } & At)
  // ---- network; `seq` is the entry's seq or the first seq asked for, `crc` the checksum that an entry carries (0 for a request).
  // `msg` counts the messages of the run from 1: a message that is duplicated is delivered as copy 1 and as copy 2
  | {
      readonly kind: 'send';
      readonly from: number;
      readonly to: number;
      readonly message: 'request' | 'entry';
      readonly chain: number;
      readonly seq: bigint;
      readonly crc: number;
      readonly msg: number;
      readonly fate: 'sent' | 'lost' | 'cut';
      /** How many copies are under way. 0 where the message was lost or cut off. */
      readonly copies: number;
    }
  | {
      readonly kind: 'deliver';
      readonly from: number;
      readonly to: number;
      readonly message: 'request' | 'entry';
      readonly chain: number;
      readonly seq: bigint;
      /** The message as it arrives. */
      readonly crc: number;
      readonly msg: number;
      readonly copy: number;
      readonly damaged: boolean;
      /** False when the receiver was down or its buffer full … */
      readonly accepted: boolean;
      /** … and which of both. */
      readonly refused: 'down' | 'full' | null;
      readonly frame: Uint8Array | null;
    }
  // ---- broadcast; `endpoint` counts the endpoints of the incarnation from 1
  | ({
      readonly kind: 'backend-register';
      readonly op: string;
      readonly backend: string;
      readonly endpoint: number;
      readonly live: boolean;
      /** The endpoint that it replaced, as the broadcaster says; 0 if none. */
      readonly replaced: number;
    } & At)
  | ({
      readonly kind: 'backend-live';
      readonly op: string;
      readonly backend: string;
      readonly live: boolean;
      /** Whether the broadcaster says that it knows the backend. */
      readonly found: boolean;
    } & At)
  /**
   * A client asked for a broadcast. Broadcasts of a node run one after another, in this order. `waiting` earlier ones have
   * no result yet.
   */
  | ({
      readonly kind: 'broadcast';
      readonly op: string;
      readonly operation: string;
      readonly waiting: number;
      readonly given: Extract<MeshOperation, { kind: 'broadcast' }>;
      readonly client: BroadcastClient;
    } & At)
  /** The broadcaster refused it, because too many wait. */
  | ({ readonly kind: 'broadcast-refused'; readonly op: string } & At)
  | ({
      readonly kind: 'backend-send';
      readonly op: string;
      readonly backend: string;
      readonly endpoint: number;
      readonly operation: string;
    } & At)
  /**
   * An answer reached the broadcaster's node, `afterMs` after the operation was sent. `late`: later than the timeout
   * allows.
   */
  | ({
      readonly kind: 'backend-answer';
      readonly op: string;
      readonly backend: string;
      readonly endpoint: number;
      readonly answer: string;
      readonly afterMs: number;
      readonly late: boolean;
    } & At)
  | ({
      readonly kind: 'broadcast-result';
      readonly op: string;
      readonly acks: readonly string[];
      readonly timeouts: readonly string[];
      readonly failures: readonly (readonly [string, string])[];
      readonly skippedDead: readonly string[];
      readonly timeoutMs: number;
      readonly sentCount: number;
      readonly allAcked: boolean;
      readonly result: BroadcastResult;
    } & At)
  // ---- faults and the end
  | { readonly kind: 'fault'; readonly fault: string; readonly of: string; readonly phase: 'begin' | 'end' }
  /** A fault took effect. Emitted once per fault, at its first effect. */
  | { readonly kind: 'injected'; readonly fault: string; readonly of: string }
  | { readonly kind: 'settle'; readonly boundMs: number }
  /** Settle is over. `waiting` names what did not drain or converge, in words. Queues close after this. */
  | { readonly kind: 'settled'; readonly drained: boolean; readonly waiting: readonly string[] };

export type MeshEventKind = MeshEvent['kind'];
