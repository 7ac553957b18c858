/** Stand-ins for what a view shows: a ring that can be spoilt, and a chain as one node keeps it. */
import type { FailureRecord } from '../../../src/chain/records.ts';
import type { ChainView, RingView } from '../../view.ts';
import { FRAME_EXTRA_BYTES, frameOf, headerOf } from '../model/wire/frames.ts';

export class FakeRing<T> implements RingView<T> {
  capacity: number;
  items: T[] = [];
  evicted = 0;

  constructor(capacity: number) {
    this.capacity = Math.max(capacity, 1);
  }

  get length(): number {
    return this.items.length;
  }

  at(index: number): T | undefined {
    return this.items[index];
  }

  push(item: T): void {
    this.items.push(item);
    if (this.items.length > this.capacity) {
      this.items.shift();
      this.evicted++;
    }
  }
}

export class FakeChain implements ChainView {
  readonly folded: FakeRing<FailureRecord>;
  rejectedVersion = 0;
  rejectedDamaged = 0;
  stored: Uint8Array[] = [];
  /** What stands at the beginning of the file. */
  header: Uint8Array;
  /** Makes the frame of an entry; the first is 1. */
  frame: (seq: bigint, payload: Uint8Array) => Uint8Array = frameOf;

  constructor(capacity: number, chain = 1, codec: 'msgpack' | 'postcard' = 'msgpack') {
    this.folded = new FakeRing(capacity);
    this.header = headerOf(chain, codec);
  }

  bytes(): Uint8Array {
    return Buffer.concat([this.header, ...this.stored.map((payload, index) => this.frame(BigInt(index + 1), payload))]);
  }

  /** Where the `entries`-th entry ends in the file. */
  endOf(entries: number): number {
    return this.stored
      .slice(0, entries)
      .reduce((end, payload) => end + payload.length + FRAME_EXTRA_BYTES, this.header.length);
  }

  payloads(): readonly Uint8Array[] {
    return this.stored;
  }
}
