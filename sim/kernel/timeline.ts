/**
 * What is due when: one bucket a millisecond, and a heap of the distinct times.
 *
 * Most waits share their millisecond with others, so a map of buckets beats a heap of waits. Waits that were claimed by
 * another source of their select, or discarded, stay in their bucket until there are more of them than live ones; then
 * all buckets are swept at once.
 */
import { isDead, READY, type Wait } from './wait.ts';

/** Below this many stale entries a sweep costs more than it frees. */
const STALE_KEPT = 1024;

export class Timeline {
  readonly #buckets = new Map<number, Wait[]>();
  #times: number[] = [];
  #entries = 0;
  #stale = 0;

  add(atMs: number, wait: Wait): void {
    this.#entries += 1;
    const bucket = this.#buckets.get(atMs);
    if (bucket !== undefined) {
      bucket.push(wait);
      return;
    }
    this.#buckets.set(atMs, [wait]);
    pushTime(this.#times, atMs);
  }

  /** An entry was claimed elsewhere. */
  wentStale(): void {
    this.#stale += 1;
    if (this.#stale > STALE_KEPT && this.#stale * 2 > this.#entries) this.#sweep();
  }

  /** The next time at which something lives, or -1. */
  nextMs(): number {
    for (;;) {
      const atMs = this.#times[0];
      if (atMs === undefined) return -1;
      const bucket = this.#buckets.get(atMs);
      if (bucket?.some(isDue) === true) return atMs;
      this.#drop(atMs, bucket?.length ?? 0);
    }
  }

  /** The bucket of the next time, which `nextMs` has just named; it is no longer on the timeline. */
  take(atMs: number): readonly Wait[] {
    const bucket = this.#buckets.get(atMs) ?? [];
    this.#drop(atMs, bucket.length);
    return bucket;
  }

  #drop(atMs: number, entries: number): void {
    popTime(this.#times);
    this.#buckets.delete(atMs);
    this.#entries -= entries;
    if (this.#stale > this.#entries) this.#stale = this.#entries;
  }

  #sweep(): void {
    this.#times = [];
    this.#entries = 0;
    this.#stale = 0;
    for (const [atMs, bucket] of this.#buckets) {
      const live = bucket.filter(isLive);
      if (live.length === 0) {
        this.#buckets.delete(atMs);
        continue;
      }
      this.#buckets.set(atMs, live);
      this.#entries += live.length;
      pushTime(this.#times, atMs);
    }
  }
}

/** A ready wait may yet go back to waiting, and then needs its entry. */
function isLive(wait: Wait): boolean {
  return !isDead(wait);
}

function isDue(wait: Wait): boolean {
  return !isDead(wait) && wait.state !== READY;
}

function pushTime(heap: number[], time: number): void {
  let at = heap.length;
  heap.push(time);
  while (at > 0) {
    const up = (at - 1) >> 1;
    const above = heap[up];
    if (above === undefined || above <= time) break;
    heap[at] = above;
    at = up;
  }
  heap[at] = time;
}

function popTime(heap: number[]): void {
  const last = heap.pop();
  const size = heap.length;
  if (last === undefined || size === 0) return;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    let below = heap[down];
    if (below === undefined) break;
    const right = heap[down + 1];
    if (right !== undefined && right < below) {
      down += 1;
      below = right;
    }
    if (below >= last) break;
    heap[at] = below;
    at = down;
  }
  heap[at] = last;
}
