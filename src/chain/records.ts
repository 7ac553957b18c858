/**
 * The records of the four chains and the seam through which each is written.
 * (Sources: net-mesh 0.21.0, action chain, failure chain, log chain.)
 */
import { actionKind, type PendingAction } from '../action/action.ts';

/** What became of an action. Milliseconds here are u64, as on the wire. */
export type ActionDisposition =
  | { readonly type: 'dispatched' }
  | { readonly type: 'failed'; readonly reason: string; readonly retryAfterMs: bigint | null }
  | { readonly type: 'gated'; readonly reason: string; readonly cooldownMs: bigint | null };

/** One entry of the action chain. `kind` is free text on the wire. */
export interface ActionChainRecord {
  readonly id: bigint;
  readonly kind: string;
  /** Unix milliseconds at which it was appended. */
  readonly emittedAtMs: bigint;
  readonly disposition: ActionDisposition;
}

/** One entry of the failure chain and of every recent-failures ring; `seq` is 0 where it was rebuilt by the fold. */
export interface FailureRecord {
  readonly seq: bigint;
  readonly source: string;
  readonly reason: string;
  /** Unix milliseconds. */
  readonly recordedAtMs: bigint;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/** One entry of the log chain and of the node's log ring. */
export interface LogRecord {
  readonly seq: bigint;
  /** Unix milliseconds. */
  readonly tsMs: bigint;
  readonly level: LogLevel;
  readonly daemonId: bigint | null;
  readonly nodeId: bigint | null;
  readonly message: string;
  /** Set on the ring's entry when the chain refused it. */
  readonly chainPending: boolean;
}

export type AdminOutcome = 'accepted' | 'rejected';

/** One entry of the admin-audit chain and of the node's audit ring. */
export interface AdminAuditRecord {
  readonly seq: bigint;
  /** Unix milliseconds. */
  readonly tsMs: bigint;
  readonly nodeId: bigint;
  readonly operator: string;
  readonly operation: string;
  readonly outcome: AdminOutcome;
  /** Set on the ring's entry when the chain refused it. */
  readonly chainPending: boolean;
}

export type ChainName = 'action' | 'failure' | 'log' | 'admin-audit';

/**
 * Why an append failed; reads `action-chain append failed: REASON`. Never stops its caller. It is handed back and not
 * thrown, so it is no `Error`: capturing a stack would cost more than the append, and its text differs by engine.
 */
export class AppendError {
  readonly chain: ChainName;
  /** Readable by an operator. */
  readonly reason: string;

  constructor(chain: ChainName, reason: string) {
    this.chain = chain;
    this.reason = reason;
  }

  get message(): string {
    return `${this.chain}-chain append failed: ${this.reason}`;
  }

  toString(): string {
    return this.message;
  }
}

/** The seam of a chain: takes a record at once; null when it did, else why not. Never throws, never waits. */
export interface Appender<R> {
  append(record: R): AppendError | null;
}

/** The chain record of what became of an action, stamped with the wall clock's unix milliseconds. */
export function recordFrom(
  pending: PendingAction,
  disposition: ActionDisposition,
  emittedAtMs: bigint,
): ActionChainRecord {
  return { id: pending.id, kind: actionKind(pending.action), emittedAtMs, disposition };
}
