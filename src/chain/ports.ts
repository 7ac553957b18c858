/** What the chain log and its replicas are given: a medium to keep bytes on, and a network between nodes. */
import type { AppendError } from './records.ts';
import type { DecodeError } from './wire.ts';

/**
 * Where a log's bytes are kept. Bytes written are durable once a sync that began afterwards has ended. Bytes that are
 * handed over, in either direction, are not changed afterwards by either side. A medium that cannot do its work throws,
 * and so ends the node.
 */
export interface LogStore {
  /** What survived, from the first byte. */
  load(): Uint8Array;
  /** Puts bytes at the end. */
  write(bytes: Uint8Array): void;
  /** Makes durable what had been written when it was called. */
  sync(): Promise<void>;
  /** The same within the call, for logs that sync on every append. */
  syncNow(): void;
  /** Cuts the content to `length` bytes, durably. */
  truncate(length: number): void;
}

/** What nodes say to each other about chains. `chain` is the id of the node that writes it. */
export type ChainMessage =
  /** "Send me that chain's entries from this seq on, those synced later too." */
  | { readonly kind: 'request'; readonly chain: bigint; readonly fromSeq: bigint }
  /** One entry as it stands in the log: seq, length, payload and CRC-32. */
  | { readonly kind: 'entry'; readonly chain: bigint; readonly frame: Uint8Array };

/** A message and who sent it. */
export interface Delivery {
  readonly from: bigint;
  readonly message: ChainMessage;
}

/** Sends to another node; may lose, delay, reorder, duplicate or damage a copy of the frame, and never says so. */
export interface Network {
  send(to: bigint, message: ChainMessage): void;
}

/** The seq of the new entry, or why there is none. */
export type AppendOutcome =
  | { readonly ok: true; readonly seq: bigint }
  | { readonly ok: false; readonly error: AppendError };

/** Takes encoded records into a log. */
export interface PayloadLog {
  append(payload: Uint8Array): AppendOutcome;
}

/** Folds one entry of a chain into that chain's snapshot; what does not decode leaves the snapshot as it was. */
export interface ChainFold {
  apply(seq: bigint, payload: Uint8Array): DecodeError | null;
}
