/** Stand-ins for what a view shows: a ring that can be spoilt, and a chain as one node keeps it. */
import type { FailureRecord } from '../../../src/chain/records.ts';
import type { ChainView, RingView } from '../view.ts';

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

  constructor(capacity: number) {
    this.folded = new FakeRing(capacity);
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.stored.flatMap((payload) => [payload.length, ...payload]));
  }

  payloads(): readonly Uint8Array[] {
    return this.stored;
  }
}
