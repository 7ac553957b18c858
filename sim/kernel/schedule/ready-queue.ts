/**
 * The waits that are ready now: lowest rank first, ties in order of becoming ready.
 *
 * A rank is drawn only when a second wait is ready beside the first. Drawing is pure, so leaving a draw out changes
 * nothing, and often a single wait is ready. A few waits are kept in a sorted list with the next one last. Many are kept in
 * a heap, until the queue is empty.
 */
import type { Wait } from './wait.ts';

/** Inserting into a list longer than this costs more than a heap. */
const SORTED_MAX = 48;

// Private without #: see scheduler.ts.
export class ReadyQueue {
  private readonly rankOf: { rankOf(wait: Wait): number };
  /** Sorted with the next wait last, or a heap with the next wait first. If it holds more than one wait, all are ranked. */
  private readonly waits: Wait[] = [];
  private heaped = false;

  constructor(rankOf: { rankOf(wait: Wait): number }) {
    this.rankOf = rankOf;
  }

  push(wait: Wait): void {
    const waits = this.waits;
    const size = waits.length;
    if (size === 0) {
      waits.push(wait);
      return;
    }
    if (size === 1) this.rank(waits[0]);
    this.rank(wait);
    if (this.heaped) {
      this.pushHeap(wait);
      return;
    }
    waits.push(wait);
    let at = size;
    while (at > 0) {
      const other = waits[at - 1];
      if (other === undefined || before(wait, other)) break;
      waits[at] = other;
      at -= 1;
    }
    waits[at] = wait;
    if (size >= SORTED_MAX) {
      // Reversed so that the next wait comes first: an ascending list is a heap.
      waits.reverse();
      this.heaped = true;
    }
  }

  pop(): Wait | undefined {
    return this.heaped ? this.popHeap() : this.waits.pop();
  }

  private rank(wait: Wait | undefined): void {
    if (wait === undefined || wait.ranked) return;
    wait.rank = (this.rankOf.rankOf(wait) ^ 0x80000000) | 0;
    wait.ranked = true;
  }

  private pushHeap(wait: Wait): void {
    const heap = this.waits;
    let at = heap.length;
    heap.push(wait);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up];
      if (above === undefined || !before(wait, above)) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = wait;
  }

  private popHeap(): Wait | undefined {
    const heap = this.waits;
    const last = heap.pop();
    const size = heap.length;
    if (last === undefined || size === 0) {
      this.heaped = false;
      return last;
    }
    const first = heap[0];
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      let below = heap[down];
      if (below === undefined) break;
      const right = heap[down + 1];
      if (right !== undefined && before(right, below)) {
        down += 1;
        below = right;
      }
      if (!before(below, last)) break;
      heap[at] = below;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

function before(a: Wait, b: Wait): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.order < b.order);
}
