/**
 * What is observed of the mesh, at its ports. Each kind lists the fields that go into the trace and the digest, in order;
 * fields of an event that are not listed (objects seen at a port) are for invariants and marks only.
 *
 * `node` is the node's number, `inc` its incarnation (0, 1, …), `op` the key of an operation (or `FAULT/1` … for a
 * burst's submissions), `id` an action id. Events are emitted when the port's call has returned, unless said otherwise.
 */
import type { MeshOsAction, PendingAction } from '../../src/action/action.ts';
import type { BroadcastResult } from '../../src/broadcast/operation-result.ts';
import type {
  ActionChainRecord,
  AdminAuditRecord,
  AppendError,
  FailureRecord,
  LogRecord,
} from '../../src/chain/records.ts';
import type { NodeInput } from '../../src/node/ports.ts';
import type { SendOutcome } from '../../src/runtime/port.ts';
import type { MeshOperation } from './scenario.ts';

/** Who asked for a broadcast; the result it has been given so far. */
export interface BroadcastClient {
  readonly result: BroadcastResult | null;
}

interface At {
  readonly node: number;
  readonly inc: number;
}

export type MeshEvent =
  // ---- life of a node
  /** A node has started; `entries` recovered in its own log. */
  | ({ readonly kind: 'boot'; readonly entries: number } & At)
  /** A node died. `kept` of the `written` bytes of its own log survive; `synced` bytes were durable. */
  | ({ readonly kind: 'crash'; readonly synced: number; readonly written: number; readonly kept: number } & At)
  | ({ readonly kind: 'pause' } & At)
  | ({ readonly kind: 'resume' } & At)
  | ({ readonly kind: 'clock-jump'; readonly byMs: number } & At)
  // ---- inbox
  /** Something was offered to the inbox. 'closed' also when the node is down. */
  | ({
      readonly kind: 'offer';
      readonly op: string;
      readonly input: NodeInput['kind'];
      readonly outcome: SendOutcome;
      readonly given: NodeInput;
    } & At)
  /** The loop took it out. The k-th 'submit' taken out in an incarnation gets action id k. */
  | ({ readonly kind: 'take'; readonly op: string; readonly input: NodeInput['kind'] } & At)
  // ---- executor's queue
  | ({
      readonly kind: 'enqueue';
      readonly id: bigint;
      readonly outcome: SendOutcome;
      readonly pending: PendingAction;
    } & At)
  | ({ readonly kind: 'dequeue'; readonly id: bigint } & At)
  | ({ readonly kind: 'queue-close' } & At)
  /** The executor has ended by itself (after a close), all its work done. */
  | ({ readonly kind: 'executor-end' } & At)
  /** The node is told to end in good order: its inbox closes. */
  | ({ readonly kind: 'stop' } & At)
  /** The node says that it has ended in good order. */
  | ({ readonly kind: 'stopped' } & At)
  // ---- admission
  | ({
      readonly kind: 'admit';
      readonly id: bigint;
      readonly decision: 'admit' | 'defer' | 'gate';
      /** defer: retry after, a length; gate: until, a point in time; admit: 0. */
      readonly ms: number;
      readonly reason: string | null;
      readonly action: MeshOsAction;
    } & At)
  | ({ readonly kind: 'release'; readonly id: bigint } & At)
  | ({ readonly kind: 'gate'; readonly daemonId: bigint; readonly daemonName: string; readonly untilMs: number } & At)
  /** The queue depth was fed to the backpressure flag (queued + deferred, + 1 while one is being handled). */
  | ({ readonly kind: 'depth'; readonly depth: number; readonly change: 'steady' | 'asserted' | 'released' } & At)
  // ---- dispatcher and hook
  /** Emitted when the call begins; `call` counts the dispatches of the incarnation from 0. */
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
      readonly outcome: string;
      readonly ok: boolean;
      readonly wallMs: bigint;
      readonly record: AdminAuditRecord;
      readonly error: AppendError | null;
    } & At)
  // ---- own log, disk, copies
  /**
   * An encoded record entered the node's own log. `original` are the encoder's bytes where damage was done; `end` is how
   * many bytes are in the log with it.
   */
  | ({
      readonly kind: 'log-append';
      readonly seq: bigint;
      readonly payload: Uint8Array;
      readonly damaged: boolean;
      readonly original: Uint8Array;
      readonly end: number;
    } & At)
  /** A sync of the node's copy of `chain` has begun. */
  | ({ readonly kind: 'sync-begin'; readonly chain: number } & At)
  /** A sync of the node's copy of `chain`, which began at `beganMs`, has ended: `bytes` are durable. */
  | ({ readonly kind: 'sync'; readonly chain: number; readonly bytes: number; readonly beganMs: number } & At)
  /** Bytes were written to the node's copy of another's chain, which is then `end` bytes long. */
  | ({ readonly kind: 'copy-write'; readonly chain: number; readonly bytes: number; readonly end: number } & At)
  /** One entry was given to the fold of `chain`. `reader` is the version of the decoder. */
  | ({
      readonly kind: 'fold';
      readonly chain: number;
      readonly seq: bigint;
      readonly reader: number;
      readonly outcome: 'folded' | 'empty' | 'unsupported_version' | 'malformed';
      /** Newest and length of the chain's folded ring afterwards. */
      readonly length: number;
      readonly payload: Uint8Array;
      /** True while a restarted node rebuilds its snapshot. */
      readonly rebuild: boolean;
    } & At)
  /** Bytes were fed straight to a decoder. 'threw' = it threw. `reader` is the version of the decoder. */
  | ({
      readonly kind: 'probe';
      readonly codec: 'msgpack' | 'postcard';
      readonly reader: number;
      readonly bytes: Uint8Array;
      readonly outcome: 'record' | 'empty' | 'unsupported_version' | 'malformed' | 'threw';
      readonly decoded: ActionChainRecord | null;
    } & At)
  // ---- network; `seq` is the entry's seq or the first seq asked for
  | {
      readonly kind: 'send';
      readonly from: number;
      readonly to: number;
      readonly message: 'request' | 'entry';
      readonly chain: number;
      readonly seq: bigint;
      readonly fate: 'sent' | 'lost' | 'cut';
    }
  | {
      readonly kind: 'deliver';
      readonly from: number;
      readonly to: number;
      readonly message: 'request' | 'entry';
      readonly chain: number;
      readonly seq: bigint;
      readonly damaged: boolean;
      /** False when the receiver was down or its buffer full. */
      readonly accepted: boolean;
      readonly frame: Uint8Array | null;
    }
  // ---- broadcast; `endpoint` counts the endpoints of the incarnation from 1
  | ({
      readonly kind: 'backend-register';
      readonly op: string;
      readonly backend: string;
      readonly endpoint: number;
      readonly live: boolean;
      /** The endpoint whose place it took, by what the broadcaster says; 0 if there is none such. */
      readonly replaced: number;
    } & At)
  | ({
      readonly kind: 'backend-live';
      readonly op: string;
      readonly backend: string;
      readonly live: boolean;
      /** The broadcaster says that it knows the backend. */
      readonly found: boolean;
    } & At)
  /** A client asked for a broadcast. Those of a node run one after another, in this order. */
  | ({
      readonly kind: 'broadcast';
      readonly op: string;
      readonly given: Extract<MeshOperation, { kind: 'broadcast' }>;
      readonly client: BroadcastClient;
    } & At)
  /** The broadcaster would not take it: too many wait. */
  | ({ readonly kind: 'broadcast-refused'; readonly op: string } & At)
  | ({
      readonly kind: 'backend-send';
      readonly op: string;
      readonly backend: string;
      readonly endpoint: number;
      readonly operation: string;
    } & At)
  /** An answer reached the broadcaster's node. */
  | ({
      readonly kind: 'backend-answer';
      readonly op: string;
      readonly backend: string;
      readonly endpoint: number;
      readonly answer: string;
    } & At)
  | ({
      readonly kind: 'broadcast-result';
      readonly op: string;
      readonly acks: readonly string[];
      readonly timeouts: readonly string[];
      readonly failures: readonly (readonly [string, string])[];
      readonly skippedDead: readonly string[];
      readonly timeoutMs: number;
      readonly result: BroadcastResult;
    } & At)
  // ---- faults and the end
  | { readonly kind: 'fault'; readonly fault: string; readonly of: string; readonly phase: 'begin' | 'end' }
  /** A fault took effect (each fault once, at its first effect). */
  | { readonly kind: 'injected'; readonly fault: string; readonly of: string }
  | { readonly kind: 'settle'; readonly boundMs: number }
  /** Settle is over; `waiting` names what did not drain or converge, in words. Queues close after this. */
  | { readonly kind: 'settled'; readonly drained: boolean; readonly waiting: readonly string[] };

export type MeshEventKind = MeshEvent['kind'];
type Listed = { readonly [K in MeshEventKind]: readonly Exclude<keyof Extract<MeshEvent, { kind: K }>, 'kind'>[] };

/** The fields of each kind that stand in the trace and the digest. */
export const MESH_EVENTS = {
  boot: ['node', 'inc', 'entries'],
  crash: ['node', 'inc', 'synced', 'written', 'kept'],
  pause: ['node', 'inc'],
  resume: ['node', 'inc'],
  'clock-jump': ['node', 'inc', 'byMs'],
  offer: ['node', 'inc', 'op', 'input', 'outcome'],
  take: ['node', 'inc', 'op', 'input'],
  enqueue: ['node', 'inc', 'id', 'outcome'],
  dequeue: ['node', 'inc', 'id'],
  'queue-close': ['node', 'inc'],
  'executor-end': ['node', 'inc'],
  stop: ['node', 'inc'],
  stopped: ['node', 'inc'],
  admit: ['node', 'inc', 'id', 'decision', 'ms', 'reason'],
  release: ['node', 'inc', 'id'],
  gate: ['node', 'inc', 'daemonId', 'daemonName', 'untilMs'],
  depth: ['node', 'inc', 'depth', 'change'],
  dispatch: ['node', 'inc', 'id', 'call'],
  'dispatch-end': ['node', 'inc', 'id', 'call', 'result', 'reason', 'retryAfterMs'],
  hook: ['node', 'inc', 'change', 'threw'],
  'append-action': [
    'node',
    'inc',
    'id',
    'action',
    'emittedAtMs',
    'type',
    'reason',
    'ms',
    'ok',
    'seq',
    'damaged',
    'version',
  ],
  'append-failure': ['node', 'inc', 'seq', 'source', 'reason', 'recordedAtMs', 'ok'],
  'append-log': ['node', 'inc', 'seq', 'tsMs', 'level', 'message', 'ok'],
  'append-audit': ['node', 'inc', 'seq', 'tsMs', 'operator', 'outcome', 'ok'],
  'log-append': ['node', 'inc', 'seq', 'payload', 'damaged'],
  'sync-begin': ['node', 'inc', 'chain'],
  sync: ['node', 'inc', 'chain', 'bytes'],
  'copy-write': ['node', 'inc', 'chain', 'bytes'],
  fold: ['node', 'inc', 'chain', 'seq', 'reader', 'outcome', 'length'],
  probe: ['node', 'inc', 'codec', 'reader', 'bytes', 'outcome'],
  send: ['from', 'to', 'message', 'chain', 'seq', 'fate'],
  deliver: ['from', 'to', 'message', 'chain', 'seq', 'damaged', 'accepted'],
  'backend-register': ['node', 'inc', 'op', 'backend', 'endpoint', 'live', 'replaced'],
  'backend-live': ['node', 'inc', 'op', 'backend', 'live', 'found'],
  broadcast: ['node', 'inc', 'op'],
  'broadcast-refused': ['node', 'inc', 'op'],
  'backend-send': ['node', 'inc', 'op', 'backend', 'endpoint', 'operation'],
  'backend-answer': ['node', 'inc', 'op', 'backend', 'endpoint', 'answer'],
  'broadcast-result': ['node', 'inc', 'op', 'acks', 'timeouts', 'failures', 'skippedDead', 'timeoutMs'],
  fault: ['fault', 'of', 'phase'],
  injected: ['fault', 'of'],
  settle: ['boundMs'],
  settled: ['drained', 'waiting'],
} as const satisfies Listed;
