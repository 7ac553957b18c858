/**
 * What a mesh scenario says: the shape of the cluster, what is asked of it, and what goes wrong. It is plain data with
 * keys; generated, written and shrunk scenarios all have this form. Nodes are numbered 1 … `nodes`; the id of node n on the
 * wire is BigInt(n). All times are virtual milliseconds from the start of the run.
 */
import type { Damage } from '../../sim/faults/damage.ts';
import type { HardwareFault } from '../../sim/faults/hardware.ts';
import type { LinkTarget, RangeMs } from '../../sim/faults/link/link.ts';
import type { KeyedFault } from '../../sim/world.ts';
import type { DaemonRef, MeshOsAction } from '../../src/action/action.ts';
import type { BroadcastFailureReason, BroadcastOperation } from '../../src/broadcast/operation.ts';
import type { AdminOutcome, ChainName, LogLevel } from '../../src/chain/records.ts';

export interface MeshConfig {
  /** 1 to 5. */
  readonly nodes: number;
  /** Body codec of each node's action chain, node 1 first. */
  readonly codecs: readonly ('msgpack' | 'postcard')[];
  readonly inboxCapacity: number;
  readonly queueCapacity: number;
  readonly pullCooldownMs: number;
  readonly drainRatePerSec: number;
  readonly stabilizationMs: number;
  readonly backpressureOn: number;
  readonly backpressureOff: number;
  readonly maxDefers: number;
  /** Capacity of the executor's ring and of every fold's. */
  readonly recentFailures: number;
  readonly logRing: number;
  readonly auditRing: number;
  /** Capacities of the buffering appenders behind the seams. */
  readonly failureChain: number;
  readonly logChain: number;
  readonly auditChain: number;
  /** How long an undisturbed dispatch takes. */
  readonly dispatch: RangeMs;
  /** How long an undisturbed message takes. */
  readonly network: RangeMs;
  /** How long an undisturbed sync takes. */
  readonly sync: RangeMs;
  readonly syncEveryMs: number;
  readonly reRequestMs: number;
  readonly broadcastTimeoutMs: number;
  /** How long an undisturbed backend takes to answer. */
  readonly answer: RangeMs;
  /** Backends registered on each node at its first start: keys `b1` … */
  readonly backends: number;
  /** How many messages wait for a node to look at them. Absent: 4096. */
  readonly inboundCapacity?: number | undefined;
  /** How far ahead of its turn an entry of a copy may come and be kept. Absent: 4096. */
  readonly earlyEntriesMax?: number | undefined;
  /** How many broadcasts wait for the one under way. Absent: 1024. */
  readonly waitingBroadcastsMax?: number | undefined;
  /** Unix milliseconds of virtual time 0. */
  readonly epochMs: number | bigint;
}

export type MeshOperation =
  | { readonly kind: 'submit'; readonly node: number; readonly action: MeshOsAction }
  /** Gates the daemon until the time of this operation plus `forMs`. */
  | { readonly kind: 'gate-daemon'; readonly node: number; readonly daemon: DaemonRef; readonly forMs: number }
  | {
      readonly kind: 'log';
      readonly node: number;
      readonly level: LogLevel;
      readonly daemonId: bigint | null;
      readonly message: string;
    }
  | {
      readonly kind: 'admin';
      readonly node: number;
      readonly operator: string;
      readonly operation: string;
      readonly outcome: AdminOutcome;
    }
  | { readonly kind: 'broadcast'; readonly node: number; readonly operation: BroadcastOperation }
  /** Registers a fresh endpoint under the backend's name, in place of one that is there. */
  | { readonly kind: 'register-backend'; readonly node: number; readonly backend: string; readonly live: boolean }
  | { readonly kind: 'set-backend-live'; readonly node: number; readonly backend: string; readonly live: boolean }
  /** Closes the executor's queue until the node's next incarnation. */
  | { readonly kind: 'close-queue'; readonly node: number };

/**
 * Where a dispatch fault strikes: at attempts of one operation (`op`; from its `attempt`-th on, counted from 1, `times` of
 * them), or at `percent` of all dispatches of a node while the fault lasts.
 */
export type DispatchTarget =
  | { readonly op: string; readonly attempt: number; readonly times: number }
  | { readonly node: number; readonly percent: number };

/** A fault with a `forMs` lasts that long from its `at`. One without strikes at an instant. */
export type MeshFault =
  /** Links, disks and machines. A fault of a disk strikes all files of its node; a torn tail strikes the node's own log. */
  | HardwareFault
  | {
      readonly kind: 'dispatch-error';
      readonly target: DispatchTarget;
      readonly forMs: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'dispatch-retry';
      readonly target: DispatchTarget;
      readonly forMs: number;
      readonly reason: string;
      readonly hintMs: number;
    }
  | {
      readonly kind: 'dispatch-panic';
      readonly target: DispatchTarget;
      readonly forMs: number;
      readonly how: 'rejects' | 'throws';
    }
  | {
      readonly kind: 'dispatch-slow';
      readonly target: DispatchTarget;
      readonly forMs: number;
      readonly extraMs: number;
    }
  | { readonly kind: 'hook-throw'; readonly node: number; readonly forMs: number }
  | {
      readonly kind: 'append-error';
      readonly node: number;
      readonly chain: ChainName;
      readonly percent: number;
      readonly forMs: number;
    }
  | {
      readonly kind: 'wire-version';
      readonly node: number;
      readonly side: 'writer' | 'reader' | 'both';
      /** 0, or 2 to 255. */
      readonly version: number;
      readonly forMs: number;
    }
  | ({
      readonly kind: 'wire-damage';
      readonly damage: Damage;
      readonly forMs: number;
    } & (
      | ({ readonly where: 'transit' } & LinkTarget)
      | { readonly where: 'append'; readonly node: number; readonly percent: number }
      /** Damages a copy of each record that the node appends, and feeds it straight to a decoder. */
      | { readonly where: 'decoder'; readonly node: number; readonly percent: number }
    ))
  /** `actions` enter the inbox in one instant. They are known as `FAULT/1` … `FAULT/n`. */
  | { readonly kind: 'queue-burst'; readonly node: number; readonly actions: readonly MeshOsAction[] }
  | { readonly kind: 'queue-close'; readonly node: number }
  | { readonly kind: 'backend-dead'; readonly node: number; readonly backend: string; readonly forMs: number }
  /** Answers take `delayMs` in all. */
  | {
      readonly kind: 'backend-slow';
      readonly node: number;
      readonly backend: string;
      readonly delayMs: number;
      readonly forMs: number;
    }
  | {
      readonly kind: 'backend-fail';
      readonly node: number;
      readonly backend: string;
      readonly reason: BroadcastFailureReason;
      readonly forMs: number;
    }
  /** A fresh live endpoint replaces the backend of that name. */
  | { readonly kind: 'backend-replace'; readonly node: number; readonly backend: string };

export type MeshFaultKind = MeshFault['kind'];
/** An active fault of the scenario. */
export type ActiveFault = KeyedFault & MeshFault;
export type FaultOf<K extends MeshFaultKind> = Extract<ActiveFault, { readonly kind: K }>;
export type MeshSemantics = 'strict' | 'netMesh021';
