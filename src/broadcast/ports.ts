/** What the live broadcaster talks to: one endpoint a backend. */
import type { BroadcastFailureReason, BroadcastOperation } from './operation.ts';

/** A backend's answer to a broadcast; one that never answers times out. */
export type BackendAnswer =
  | { readonly kind: 'ack' }
  | { readonly kind: 'failure'; readonly reason: BroadcastFailureReason };

/** The way to one backend. */
export interface BackendEndpoint {
  /** Sends at once; `answer` may be called later, never, late, or more than once (only the first in time counts). */
  send(operation: BroadcastOperation, answer: (answer: BackendAnswer) => void): void;
}
