/** A first-in-first-out queue that reuses its room, for checkers that follow queues of the system under test. */
export class Fifo<T> {
  private items: (T | undefined)[] = [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ];
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(item: T): void {
    if (this.count === this.items.length) this.grow();
    this.items[(this.head + this.count) & (this.items.length - 1)] = item;
    this.count++;
  }

  peek(): T | undefined {
    return this.count === 0 ? undefined : this.items[this.head];
  }

  shift(): T | undefined {
    if (this.count === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head = (this.head + 1) & (this.items.length - 1);
    this.count--;
    return item;
  }

  private grow(): void {
    const next: (T | undefined)[] = [];
    for (let i = 0; i < this.count; i++) next.push(this.items[(this.head + i) & (this.items.length - 1)]);
    for (let i = 0; i < this.count; i++) next.push(undefined);
    this.items = next;
    this.head = 0;
  }
}
