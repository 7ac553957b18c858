/**
 * What the control plane can be asked to do: the eleven actions of `MeshOsAction`, with the source's names and fields.
 * (Source: net-mesh 0.21.0, actions.) Ids are u64 bigints; times within a node are monotonic milliseconds.
 */

/** A daemon; two are the same only if both fields are. */
export interface DaemonRef {
  readonly id: bigint;
  readonly name: string;
}

/** The maintenance states a node can be moved to. */
export type MaintenanceTransition =
  | { readonly kind: 'entering_maintenance' }
  | { readonly kind: 'maintenance' }
  | { readonly kind: 'exiting_maintenance' }
  | { readonly kind: 'drain_failed'; readonly reason: string }
  | { readonly kind: 'recovery' }
  | { readonly kind: 'active' };

export type MeshOsAction =
  | { readonly kind: 'start_daemon'; readonly daemon: DaemonRef }
  | { readonly kind: 'stop_daemon'; readonly daemon: DaemonRef; readonly reason: string; readonly deadlineMs: number }
  | { readonly kind: 'pull_replica'; readonly chain: bigint; readonly source: bigint }
  | { readonly kind: 'drop_replica'; readonly chain: bigint }
  | {
      readonly kind: 'request_placement';
      readonly chain: bigint;
      readonly exclude: readonly bigint[];
      readonly target: bigint | null;
    }
  | { readonly kind: 'request_eviction'; readonly chain: bigint; readonly victim: bigint }
  | { readonly kind: 'migrate_blob'; readonly blob: bigint; readonly from: bigint; readonly to: bigint }
  | { readonly kind: 'reduce_heat'; readonly blob: bigint; readonly by: number }
  | { readonly kind: 'mark_avoid'; readonly peer: bigint; readonly reason: string; readonly ttlMs: number }
  | { readonly kind: 'apply_backoff'; readonly daemon: DaemonRef; readonly untilMs: number }
  | {
      readonly kind: 'commit_maintenance_transition';
      readonly node: bigint;
      readonly target: MaintenanceTransition;
    };

export type ActionKind = MeshOsAction['kind'];

/** An action with its id, ready for the executor. Ids are 1, 2, 3, … per incarnation; 0 means "no action". */
export interface PendingAction {
  readonly id: bigint;
  readonly action: MeshOsAction;
  /** Monotonic milliseconds at which the id was given. */
  readonly emittedAtMs: number;
}

/** The stable discriminator that stands in chain records. */
export function actionKind(action: MeshOsAction): ActionKind {
  return action.kind;
}
