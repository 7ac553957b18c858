/**
 * Things that hold until a point in time: stabilization windows and daemon gates. An entry is open at its time, not
 * after it. Sweeping looks at the entries only once one of them can have elapsed, because it is asked at every action.
 */
import type { Millis } from './millis.ts';

export class ExpiryTable<K> {
  readonly #untilMs = new Map<K, Millis>();
  /** No entry elapses before this. A lower bound: it may be too early, never too late. */
  #earliestMs: Millis = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#untilMs.size;
  }

  /** Until when the entry holds, or undefined if it does not hold at `nowMs`. */
  heldUntil(key: K, nowMs: Millis): Millis | undefined {
    const untilMs = this.#untilMs.get(key);
    return untilMs !== undefined && untilMs > nowMs ? untilMs : undefined;
  }

  /** Replaces an earlier entry, whether that held for longer or not. */
  hold(key: K, untilMs: Millis): void {
    this.#untilMs.set(key, untilMs);
    if (untilMs < this.#earliestMs) this.#earliestMs = untilMs;
  }

  delete(key: K): void {
    this.#untilMs.delete(key);
  }

  /** Forgets what has elapsed at `nowMs`. */
  sweep(nowMs: Millis): void {
    if (nowMs < this.#earliestMs) return;
    let earliestMs: Millis = Number.POSITIVE_INFINITY;
    for (const [key, untilMs] of this.#untilMs) {
      if (untilMs <= nowMs) this.#untilMs.delete(key);
      else if (untilMs < earliestMs) earliestMs = untilMs;
    }
    this.#earliestMs = earliestMs;
  }
}
