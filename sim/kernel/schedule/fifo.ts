/**
 * A first-in-first-out queue, for channels and their waits. It is a ring whose size is a power of two. It grows when it is
 * full and never shrinks, so a queue that fills and empties all the time makes no garbage.
 */

/** Most queues of a run hold a few items at a time. A power of two. */
const PLACES_MIN = 4;

// Private without #: see scheduler.ts.
export class Fifo<T> {
  private places: (T | undefined)[] = new Array<undefined>(PLACES_MIN).fill(undefined);
  private head = 0;
  private size = 0;

  get length(): number {
    return this.size;
  }

  push(item: T): void {
    if (this.size === this.places.length) this.grow();
    this.places[(this.head + this.size) & (this.places.length - 1)] = item;
    this.size += 1;
  }

  /** Puts an item before all others. */
  unshift(item: T): void {
    if (this.size === this.places.length) this.grow();
    this.head = (this.head - 1) & (this.places.length - 1);
    this.places[this.head] = item;
    this.size += 1;
  }

  /** Takes out the first item; undefined if there is none. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const { places, head } = this;
    const item = places[head];
    places[head] = undefined;
    this.head = (head + 1) & (places.length - 1);
    this.size -= 1;
    return item;
  }

  /** Takes out an item that stands in it at most once. The others keep their order. */
  remove(item: T): void {
    const { places, head, size } = this;
    const mask = places.length - 1;
    for (let i = size - 1; i >= 0; i--) {
      if (places[(head + i) & mask] !== item) continue;
      for (let after = i + 1; after < size; after++) places[(head + after - 1) & mask] = places[(head + after) & mask];
      places[(head + size - 1) & mask] = undefined;
      this.size -= 1;
      return;
    }
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.size; i++) {
      const item = this.places[(this.head + i) & (this.places.length - 1)];
      if (item !== undefined) yield item;
    }
  }

  private grow(): void {
    const { places, head, size } = this;
    const grown: (T | undefined)[] = new Array<undefined>(2 * places.length).fill(undefined);
    for (let i = 0; i < size; i++) grown[i] = places[(head + i) & (places.length - 1)];
    this.places = grown;
    this.head = 0;
  }
}
