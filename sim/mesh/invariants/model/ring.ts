/**
 * The bounded ring as control-plane.md section 2 has it, written apart from the one that is judged: the newest
 * `capacity` items in arrival order, capacity 0 taken as 1. Items are references, so that nothing is copied.
 */
export class RingModel<T> {
  readonly capacity: number;
  /** Everything that ever arrived. */
  arrived = 0;
  private readonly slots: T[] = [];

  constructor(capacity: number) {
    this.capacity = Math.max(capacity, 1);
  }

  get length(): number {
    return this.slots.length;
  }

  push(item: T): void {
    if (this.slots.length < this.capacity) this.slots.push(item);
    else this.slots[this.arrived % this.capacity] = item;
    this.arrived++;
  }

  /** Oldest first. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.slots.length) return undefined;
    return this.slots[this.arrived <= this.capacity ? index : (this.arrived + index) % this.capacity];
  }
}
