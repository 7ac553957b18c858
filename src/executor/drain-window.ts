/** The migrations admitted within the last second, by the action that took each slot. */
import { lengthBetween, type Millis } from './millis.ts';

const WINDOW_MS = 1000;

interface Slot {
  readonly id: bigint;
  readonly takenAtMs: Millis;
}

export class DrainWindow {
  readonly #slots: Slot[] = [];
  /** No slot is older than this. A lower bound: it may be too early, never too late. */
  #oldestMs: Millis = Number.POSITIVE_INFINITY;

  get taken(): number {
    return this.#slots.length;
  }

  take(id: bigint, nowMs: Millis): void {
    this.#slots.push({ id, takenAtMs: nowMs });
    if (nowMs < this.#oldestMs) this.#oldestMs = nowMs;
  }

  /** Gives back the slot this action took, the first if it took several. */
  release(id: bigint): void {
    const index = this.#slots.findIndex((slot) => slot.id === id);
    if (index >= 0) this.#slots.splice(index, 1);
  }

  /** Forgets slots that are a second old. */
  sweep(nowMs: Millis): void {
    if (lengthBetween(this.#oldestMs, nowMs) < WINDOW_MS) return;
    this.#oldestMs = Number.POSITIVE_INFINITY;
    let kept = 0;
    for (const slot of this.#slots) {
      if (lengthBetween(slot.takenAtMs, nowMs) >= WINDOW_MS) continue;
      this.#slots[kept] = slot;
      kept += 1;
      if (slot.takenAtMs < this.#oldestMs) this.#oldestMs = slot.takenAtMs;
    }
    this.#slots.length = kept;
  }
}
