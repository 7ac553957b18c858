/**
 * A node's own records of one kind, its log or its admin audit: numbered from 1, put on the ring first and on the chain
 * second, so that what a chain refuses is still there to be read. The ring's entry says so.
 */
import type { Appender } from '../chain/records.ts';
import { BoundedRing } from '../ring/bounded-ring.ts';

/** What both kinds of record have. */
interface JournalRecord {
  readonly seq: bigint;
  readonly chainPending: boolean;
}

export class Journal<R extends JournalRecord> {
  readonly ring: BoundedRing<R>;
  readonly #chain: Appender<R>;
  readonly #pending: (record: R) => R;
  #nextSeq = 1n;

  /** `pending` gives the record with `chainPending` set. */
  constructor(capacity: number, chain: Appender<R>, pending: (record: R) => R) {
    this.ring = new BoundedRing(capacity);
    this.#chain = chain;
    this.#pending = pending;
  }

  /** Records what `make` builds around the seq it is given. */
  record(make: (seq: bigint) => R): void {
    const record = make(this.#nextSeq);
    this.#nextSeq += 1n;
    this.ring.push(record);
    if (this.#chain.append(record) !== null) this.ring.replaceNewest(this.#pending(record));
  }
}
