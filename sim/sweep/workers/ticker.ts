/**
 * Host time that stands still while the host does. A limit by the wall clock is over when a laptop wakes up, or when a
 * stopped process is let go on; what was stopped then is innocent.
 */

/** How often it ticks. */
const TICK_MS = 100;

/**
 * Calls back every 100 ms, and counts how often. A late tick counts once, however late it is. On a loaded host this time
 * passes more slowly than the wall clock's, and never faster.
 */
export class Ticker {
  readonly #timer: NodeJS.Timeout;
  readonly #everyMs: number;
  #ticks = 0;

  constructor(onTick: () => void = () => {}, everyMs: number = TICK_MS) {
    this.#everyMs = everyMs;
    this.#timer = setInterval(() => {
      this.#ticks += 1;
      onTick();
    }, everyMs);
  }

  /** Milliseconds that have passed in ticks. */
  get nowMs(): number {
    return this.#ticks * this.#everyMs;
  }

  /** Keeps no process alive. */
  unref(): void {
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
