/**
 * Host time as a process has it that is let run: it stands still while the host does. A limit counted by the clock on the
 * wall is over when a laptop wakes up, or when whoever stopped the process lets it go on, and what was stopped is innocent.
 */

/** A look is taken this often. */
const TICK_MS = 100;

/**
 * Calls back every 100 ms, and counts how often. A tick that comes late counts once, however late it is. On a host that is
 * loaded its time passes slower than the wall's, and never faster.
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
