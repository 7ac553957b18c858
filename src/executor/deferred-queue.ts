/**
 * Actions that wait for a deadline: deferred by admission, or to be dispatched again. A binary heap that moves its
 * elements exactly as `BinaryHeap` of Rust's standard library does, because under upstream's semantics only deadlines
 * are compared and the heap's own moves decide among equals (four equal ones leave as 1, 3, 2, 4).
 */
import type { PendingAction } from '../action/action.ts';
import type { Millis } from './millis.ts';
import type { ExecutorSemantics } from './semantics.ts';

/** An action that waits. */
export interface Deferred {
  readonly pending: PendingAction;
  /** Monotonic milliseconds; a bigint is later than the clock ever gets. */
  readonly deadlineMs: Millis;
  /** How often it has been deferred or retried. */
  readonly defers: number;
}

interface Entry extends Deferred {
  /** Number of the push. Time never goes back, so this also orders by when the deadline was set. */
  readonly ordinal: number;
}

export class DeferredQueue {
  readonly #heap: Entry[] = [];
  readonly #firstSetFirst: boolean;
  #pushes = 0;

  constructor(equalDeadlines: ExecutorSemantics['equalDeadlines']) {
    this.#firstSetFirst = equalDeadlines === 'first-set-first';
  }

  get length(): number {
    return this.#heap.length;
  }

  /** The earliest deadline, if anything waits. */
  get earliestMs(): Millis | undefined {
    return this.#heap[0]?.deadlineMs;
  }

  push(pending: PendingAction, deadlineMs: Millis, defers: number): void {
    this.#pushes += 1;
    const entry: Entry = { pending, deadlineMs, defers, ordinal: this.#pushes };
    this.#heap.push(entry);
    this.#siftUp(entry, this.#heap.length - 1);
  }

  /** Takes the one whose turn is next, due or not. */
  pop(): Deferred | undefined {
    const last = this.#heap.pop();
    if (last === undefined) return undefined;
    const first = this.#heap[0];
    if (first === undefined) return last;
    this.#siftDownToBottom(last);
    return first;
  }

  /** Strictly before: with equals, neither is before the other. */
  #isBefore(a: Entry, b: Entry): boolean {
    if (a.deadlineMs !== b.deadlineMs) return a.deadlineMs < b.deadlineMs;
    return this.#firstSetFirst && a.ordinal < b.ordinal;
  }

  /** Moves `entry` up from the hole at `index` past every parent it is before. */
  #siftUp(entry: Entry, index: number): void {
    let hole = index;
    while (hole > 0) {
      const parentIndex = (hole - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || !this.#isBefore(entry, parent)) break;
      this.#heap[hole] = parent;
      hole = parentIndex;
    }
    this.#heap[hole] = entry;
  }

  /** Fills the hole at the root from below, all the way down, then lets `entry` rise from there: std's way, not the textbook's. */
  #siftDownToBottom(entry: Entry): void {
    let hole = 0;
    for (;;) {
      const left = this.#heap[2 * hole + 1];
      if (left === undefined) break;
      const right = this.#heap[2 * hole + 2];
      // Of two equal children std takes the right one.
      const takesRight = right !== undefined && !this.#isBefore(left, right);
      this.#heap[hole] = takesRight ? right : left;
      hole = 2 * hole + (takesRight ? 2 : 1);
    }
    this.#siftUp(entry, hole);
  }
}
