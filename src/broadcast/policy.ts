/** How long a broadcast waits for its backends. (Source: running-process 4.5.5, lifecycle broadcast.) */

export interface BroadcastPolicy {
  /** A u64 from 1 up: recorded policies reach past what a number holds exactly. */
  readonly ackTimeoutMs: bigint;
}

const DEFAULT_ACK_TIMEOUT_MS = 5000n;

/** A policy; a timeout of 0 is clamped to 1 ms, for an answer takes time. */
export function broadcastPolicy(ackTimeoutMs = DEFAULT_ACK_TIMEOUT_MS): BroadcastPolicy {
  return { ackTimeoutMs: ackTimeoutMs > 0n ? ackTimeoutMs : 1n };
}
