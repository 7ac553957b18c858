/**
 * The timers of one event loop that are set: a list for each duration, and a heap of the lists by what they have due first.
 *
 * A timer joins the end of its duration's list. Time does not go back, so that the first of a list is always the one that
 * is due first, and timers of one duration leave in the order in which they came. Nothing else about the order of timers
 * is decided here: of several lists that have something due at the same time all are given.
 */

/** A timer, as its list holds it. */
export interface Listed {
  /** Whole milliseconds from 1: its list. */
  readonly durationMs: number;
  /** Whether it keeps a run going. Changed by `TimerLists.refer` alone. */
  refed: boolean;
  dueMs: number;
  list: TimerList<this> | undefined;
  previous: this | undefined;
  next: this | undefined;
}

/** Timers of one duration, in the order in which they were set. */
export interface TimerList<T extends Listed> {
  readonly durationMs: number;
  first: T | undefined;
  last: T | undefined;
  /** Its place in the heap. */
  at: number;
}

// Private without #: see scheduler.ts.
export class TimerLists<T extends Listed> {
  /** How many of the timers keep a run going. */
  refed = 0;
  private readonly lists = new Map<number, TimerList<T>>();
  private readonly heap: TimerList<T>[] = [];

  /** Sets a timer that starts now; one that is set starts anew. */
  insert(timer: T, nowMs: number): void {
    if (timer.list !== undefined) this.remove(timer);
    const { durationMs } = timer;
    timer.dueMs = nowMs + durationMs;
    if (timer.refed) this.refed += 1;
    const known = this.lists.get(durationMs);
    if (known === undefined) {
      const list: TimerList<T> = { durationMs, first: timer, last: timer, at: this.heap.length };
      timer.list = list;
      this.lists.set(durationMs, list);
      this.heap.push(list);
      this.rise(list);
      return;
    }
    timer.list = known;
    timer.previous = known.last;
    if (known.last !== undefined) known.last.next = timer;
    known.last = timer;
  }

  /** Takes out a timer, if it is set. */
  remove(timer: T): void {
    const { list, previous, next } = timer;
    if (list === undefined) return;
    if (timer.refed) this.refed -= 1;
    timer.list = undefined;
    timer.previous = undefined;
    timer.next = undefined;
    if (next === undefined) list.last = previous;
    else next.previous = previous;
    if (previous !== undefined) {
      previous.next = next;
      return;
    }
    list.first = next;
    if (next === undefined) this.drop(list);
    else this.sink(list);
  }

  refer(timer: T, refed: boolean): void {
    if (timer.refed === refed) return;
    timer.refed = refed;
    if (timer.list !== undefined) this.refed += refed ? 1 : -1;
  }

  /** When the first of all timers is due, or -1. */
  nextMs(): number {
    return dueMsOf(this.heap[0]);
  }

  /** The first of all timers if no other list has something due at that time. */
  only(): T | undefined {
    const { heap } = this;
    const first = heap[0]?.first;
    if (first === undefined || dueMsOf(heap[1]) === first.dueMs || dueMsOf(heap[2]) === first.dueMs) return undefined;
    return first;
  }

  /** The first of each list that has something due at `nextMs`. */
  firsts(): readonly T[] {
    const { heap } = this;
    const dueMs = this.nextMs();
    const found: T[] = [];
    // Whatever is due at that time has only such above it.
    const places = [0];
    for (let at = places.pop(); at !== undefined; at = places.pop()) {
      const timer = heap[at]?.first;
      if (timer === undefined || timer.dueMs !== dueMs) continue;
      found.push(timer);
      places.push(2 * at + 2, 2 * at + 1);
    }
    return found;
  }

  /** Whether it is so of one that is due by then. */
  some(untilMs: number, wanted: (timer: T) => boolean): boolean {
    for (const { first } of this.lists.values()) {
      for (let timer = first; timer !== undefined && timer.dueMs <= untilMs; timer = timer.next) {
        if (wanted(timer)) return true;
      }
    }
    return false;
  }

  /** All of them, by duration. */
  *all(): Generator<T> {
    for (const { first } of this.lists.values()) {
      for (let timer = first; timer !== undefined; timer = timer.next) yield timer;
    }
  }

  private drop(list: TimerList<T>): void {
    this.lists.delete(list.durationMs);
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || last === list) return;
    this.put(last, list.at);
    this.rise(last);
    this.sink(last);
  }

  private rise(list: TimerList<T>): void {
    const { heap } = this;
    const dueMs = dueMsOf(list);
    while (list.at > 0) {
      const at = (list.at - 1) >> 1;
      const above = heap[at];
      if (above === undefined || dueMsOf(above) <= dueMs) return;
      this.put(above, list.at);
      this.put(list, at);
    }
  }

  private sink(list: TimerList<T>): void {
    const { heap } = this;
    const dueMs = dueMsOf(list);
    for (;;) {
      const at = 2 * list.at + 1;
      const left = heap[at];
      if (left === undefined) return;
      const right = heap[at + 1];
      const below = right !== undefined && dueMsOf(right) < dueMsOf(left) ? right : left;
      if (dueMsOf(below) >= dueMs) return;
      const { at: place } = below;
      this.put(below, list.at);
      this.put(list, place);
    }
  }

  private put(list: TimerList<T>, at: number): void {
    list.at = at;
    this.heap[at] = list;
  }
}

function dueMsOf(list: { readonly first: Listed | undefined } | undefined): number {
  return list?.first?.dueMs ?? -1;
}
