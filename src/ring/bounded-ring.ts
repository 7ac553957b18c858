/**
 * The one bounded ring of the control plane: it keeps the newest `capacity` items in arrival order and counts exactly
 * what it evicted. Every in-memory ring and every buffering appender is this ring; the sources repeat the code per record
 * type, we do not.
 */
export class BoundedRing<T> {
  /** Most items kept; at least 1. */
  readonly capacity: number;
  /** How many items had to make room for newer ones. */
  evicted = 0;
  /** Grows item by item up to `capacity`, for thousands of mostly empty rings are built each second. */
  readonly #slots: T[] = [];
  /** Slot of the oldest item; moves only once the ring is full. */
  #oldest = 0;

  /** A capacity of 0 is clamped to 1; one that is no whole number from 0 up is a RangeError. */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 0) {
      throw new RangeError(`a ring's capacity is a whole number from 0 up, not ${capacity}`);
    }
    this.capacity = Math.max(1, capacity);
  }

  get length(): number {
    return this.#slots.length;
  }

  /** Takes an item in; a full ring lets its oldest one go. */
  push(item: T): void {
    if (this.#slots.length < this.capacity) {
      this.#slots.push(item);
      return;
    }
    this.#slots[this.#oldest] = item;
    this.#oldest = this.#slotOf(1);
    this.evicted += 1;
  }

  /** The item at `index`, counted from the oldest; undefined outside the ring. */
  at(index: number): T | undefined {
    return index >= 0 && index < this.#slots.length ? this.#slots[this.#slotOf(index)] : undefined;
  }

  get newest(): T | undefined {
    return this.at(this.#slots.length - 1);
  }

  /** Puts another item in the newest one's place (to mark it, say); nothing is evicted. An empty ring stays empty. */
  replaceNewest(item: T): void {
    if (this.#slots.length > 0) this.#slots[this.#slotOf(this.#slots.length - 1)] = item;
  }

  /** A copy of the items, oldest first. */
  toArray(): T[] {
    return this.#oldest === 0
      ? this.#slots.slice()
      : this.#slots.slice(this.#oldest).concat(this.#slots.slice(0, this.#oldest));
  }

  #slotOf(index: number): number {
    const slot = this.#oldest + index;
    return slot < this.#slots.length ? slot : slot - this.#slots.length;
  }
}
