/**
 * The deferred actions of an executor in the order in which they fall due: by deadline, then by order of setting. (A
 * deadline set later is never set at an earlier time, so the order of setting covers the time of setting too.)
 */
export class Deferred {
  private readonly ids: number[] = [];
  private readonly deadlines: number[] = [];
  private readonly orders: number[] = [];
  private set = 0;

  get length(): number {
    return this.ids.length;
  }

  /** Id of the action due first; 0 if there is none. */
  get firstId(): number {
    return this.ids[0] ?? 0;
  }

  get firstDeadlineMs(): number {
    return this.deadlines[0] ?? 0;
  }

  /** Deadline of the action, or null if it is not deferred. For messages only. */
  deadlineOf(id: number): number | null {
    const index = this.ids.indexOf(id);
    return index < 0 ? null : (this.deadlines[index] ?? null);
  }

  add(id: number, deadlineMs: number): void {
    const order = this.set++;
    let index = this.ids.length;
    this.ids.push(id);
    this.deadlines.push(deadlineMs);
    this.orders.push(order);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.before(index, parent)) break;
      this.swap(index, parent);
      index = parent;
    }
  }

  removeFirst(): void {
    const last = this.ids.length - 1;
    if (last < 0) return;
    this.swap(0, last);
    this.ids.pop();
    this.deadlines.pop();
    this.orders.pop();
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      if (left >= last) return;
      const right = left + 1;
      const child = right < last && this.before(right, left) ? right : left;
      if (!this.before(child, index)) return;
      this.swap(child, index);
      index = child;
    }
  }

  private before(a: number, b: number): boolean {
    const x = this.deadlines[a] ?? 0;
    const y = this.deadlines[b] ?? 0;
    return x < y || (x === y && (this.orders[a] ?? 0) < (this.orders[b] ?? 0));
  }

  private swap(a: number, b: number): void {
    exchange(this.ids, a, b);
    exchange(this.deadlines, a, b);
    exchange(this.orders, a, b);
  }
}

function exchange(list: number[], a: number, b: number): void {
  const kept = list[a] ?? 0;
  list[a] = list[b] ?? 0;
  list[b] = kept;
}
