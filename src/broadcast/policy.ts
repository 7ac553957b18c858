/** How long a broadcast waits for its backends. (Seed: running-process 4.5.5, lifecycle broadcast.) */

export interface BroadcastPolicy {
  /** At least 1. */
  readonly ackTimeoutMs: number;
}

const DEFAULT_ACK_TIMEOUT_MS = 5000;

/** A policy; a timeout of 0 is clamped to 1 ms, for an answer takes time. */
export function broadcastPolicy(ackTimeoutMs = DEFAULT_ACK_TIMEOUT_MS): BroadcastPolicy {
  return { ackTimeoutMs: Math.max(1, ackTimeoutMs) };
}
