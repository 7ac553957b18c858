/**
 * What a node can ask of all its backends at once, and how one of them can answer.
 * (Source: running-process 4.5.5, lifecycle broadcast.)
 */

/** Why backends are asked to stop taking work. */
export type QuiesceReason = 'idle_timeout' | 'broker_shutdown' | 'maintenance';

export type BroadcastOperation =
  /** Let go of file handles below a path. */
  | { readonly kind: 'release_handles'; readonly pathPrefix: string }
  /** Take no new work, and drain. */
  | { readonly kind: 'quiesce'; readonly reason: QuiesceReason };

export type BroadcastFailureReason = 'unsupported_operation' | 'rejected' | 'backend_error';

/** What came of sending to one backend. */
export type BackendResponse =
  | { readonly kind: 'ack' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failure'; readonly reason: BroadcastFailureReason };

export function releaseHandles(pathPrefix: string): BroadcastOperation {
  return { kind: 'release_handles', pathPrefix };
}

export function quiesce(reason: QuiesceReason): BroadcastOperation {
  return { kind: 'quiesce', reason };
}
