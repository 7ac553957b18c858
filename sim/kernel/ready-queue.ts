/**
 * The waits that are ready now, lowest rank first, ties in order of becoming ready.
 *
 * A rank is only drawn when a second wait is ready beside the first: drawing is pure, so leaving it out changes nothing,
 * and most instants have one ready wait.
 */
import type { Wait } from './wait.ts';

export class ReadyQueue {
  readonly #rankOf: (wait: Wait) => number;
  /** A binary heap; with more than one element all are ranked. */
  readonly #heap: Wait[] = [];

  constructor(rankOf: (wait: Wait) => number) {
    this.#rankOf = rankOf;
  }

  get size(): number {
    return this.#heap.length;
  }

  push(wait: Wait): void {
    const heap = this.#heap;
    const size = heap.length;
    if (size > 0) {
      const sole = heap[0];
      if (size === 1 && sole !== undefined && !sole.ranked) this.#rank(sole);
      if (!wait.ranked) this.#rank(wait);
    }
    heap.push(wait);
    let at = size;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = heap[up];
      if (above === undefined || !before(wait, above)) break;
      heap[at] = above;
      at = up;
    }
    heap[at] = wait;
  }

  #rank(wait: Wait): void {
    wait.rank = (this.#rankOf(wait) ^ 0x80000000) | 0;
    wait.ranked = true;
  }

  pop(): Wait | undefined {
    const heap = this.#heap;
    const last = heap.pop();
    const size = heap.length;
    if (last === undefined || size === 0) return last;
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
