/**
 * The executor's idle tick under upstream's semantics: tokio's interval with `MissedTickBehavior::Delay`. The first tick
 * is due at once; one that is handled late moves all later ones, unless it was late by so little that tokio overlooks it.
 */
const PERIOD_MS = 100;
const OVERLOOKED_LATENESS_MS = 5;

export class IdleTick {
  #dueAtMs: number;

  constructor(nowMs: number) {
    this.#dueAtMs = nowMs;
  }

  get dueAtMs(): number {
    return this.#dueAtMs;
  }

  /** The due tick is handled at `nowMs`; sets the next. */
  handled(nowMs: number): void {
    const isLate = nowMs > this.#dueAtMs + OVERLOOKED_LATENESS_MS;
    this.#dueAtMs = (isLate ? nowMs : this.#dueAtMs) + PERIOD_MS;
  }
}
