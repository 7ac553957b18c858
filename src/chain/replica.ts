/**
 * The copying end of replication: follows the chain of one peer, whatever the network does to the messages. Entries
 * enter the copy in seq order, each once; those that overtook others wait for their turn, within a bound; damaged ones
 * count as lost. After `reRequestMs` in which the copy did not grow, it asks for the rest once more, whether the last
 * request was lost, or its answers, or the peer with all it remembered; that is also how a tail is kept open.
 */
import { EARLY_ENTRIES_CAPACITY } from '../ring/capacities.ts';
import { isIntactFrame, seqNumber } from './frame.ts';
import type { KeptChain } from './kept-chain.ts';
import type { Network } from './ports.ts';

export interface ReplicaOptions {
  readonly reRequestMs: number;
  /** How far ahead of its turn an entry may come and be kept; default 4096. */
  readonly earlyEntriesMax?: number | undefined;
}

export class Replica {
  /** Messages whose checksum failed. */
  damagedMessages = 0;
  /** When to ask again, in monotonic milliseconds. */
  dueAtMs = 0;
  readonly #kept: KeptChain;
  readonly #peer: bigint;
  readonly #network: Network;
  readonly #reRequestMs: number;
  readonly #earlyEntriesMax: number;
  /** Frames that came before their turn, by seq. */
  readonly #early = new Map<number, Uint8Array>();
  /** An entry came too far ahead to be kept, so that the owner has to send it again. */
  #overflowed = false;

  /** A chain has the id of the node that writes it, so the peer to ask is known. */
  constructor(kept: KeptChain, network: Network, options: ReplicaOptions) {
    this.#kept = kept;
    this.#peer = kept.log.identity.chain;
    this.#network = network;
    this.#reRequestMs = options.reRequestMs;
    this.#earlyEntriesMax = options.earlyEntriesMax ?? EARLY_ENTRIES_CAPACITY;
  }

  get chain(): bigint {
    return this.#peer;
  }

  /** Asks for everything the copy does not have. */
  request(nowMs: number): void {
    this.#overflowed = false;
    this.dueAtMs = nowMs + this.#reRequestMs;
    const fromSeq = BigInt(this.#kept.log.length + 1);
    this.#network.send(this.#peer, { kind: 'request', chain: this.#peer, fromSeq });
  }

  /** Takes an entry as it came out of the network. */
  receive(frame: Uint8Array, nowMs: number): void {
    const nextSeq = this.#kept.log.length + 1;
    const seq = seqNumber(frame);
    if (seq >= 0 && seq < nextSeq) return;
    if (!isIntactFrame(frame)) {
      this.damagedMessages += 1;
      return;
    }
    if (seq > nextSeq) {
      this.#keepEarly(seq, frame, nextSeq);
      return;
    }
    this.#kept.appendFrame(frame);
    if (this.#early.size > 0) this.#takeEarly();
    this.dueAtMs = nowMs + this.#reRequestMs;
    // What was dropped for want of room is known to be missing as soon as its turn has come.
    if (this.#overflowed && this.#early.size === 0) this.request(nowMs);
  }

  #keepEarly(seq: number, frame: Uint8Array, nextSeq: number): void {
    if (seq - nextSeq > this.#earlyEntriesMax) this.#overflowed = true;
    else this.#early.set(seq, frame);
  }

  #takeEarly(): void {
    for (;;) {
      const seq = this.#kept.log.length + 1;
      const frame = this.#early.get(seq);
      if (frame === undefined) return;
      this.#early.delete(seq);
      this.#kept.appendFrame(frame);
    }
  }
}
