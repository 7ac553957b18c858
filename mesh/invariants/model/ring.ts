/**
 * The bounded ring of docs/specification/control-plane.md section 2, written apart from the one under test: the newest
 * `capacity` items in order of arrival, where capacity 0 counts as 1. Items are references, so nothing is copied.
 */
export class RingModel<T> {
  readonly capacity: number;
  /** Number of items that ever arrived. */
  arrived = 0;
  private readonly slots: T[] = [];
  private oldest = 0;

  constructor(capacity: number) {
    this.capacity = Math.max(capacity, 1);
  }

  get length(): number {
    return this.slots.length;
  }

  push(item: T): void {
    this.arrived++;
    if (this.slots.length < this.capacity) {
      this.slots.push(item);
      return;
    }
    this.slots[this.oldest] = item;
    this.oldest = this.oldest + 1 === this.capacity ? 0 : this.oldest + 1;
  }

  /** Oldest first. */
  at(index: number): T | undefined {
    const { length } = this.slots;
    if (index < 0 || index >= length) return undefined;
    const slot = this.oldest + index;
    return this.slots[slot < length ? slot : slot - length];
  }
}

const foldedNames: string[] = [];

/** What messages call the ring that is folded from a chain. Needed at every fold, hence made once. */
export function foldedName(chain: number): string {
  while (foldedNames.length <= chain) foldedNames.push(`folded ring of chain ${foldedNames.length}`);
  return foldedNames[chain] ?? '';
}
