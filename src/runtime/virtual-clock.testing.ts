/** A clock for tests on the Node runtime: time stands still until the test moves it, and never waits on the host's. */
import type { HostClock } from './node.ts';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** How often the host's queues get a turn before everything that can happen at an instant is taken to have happened. */
const TURNS = 20;

export class VirtualClock implements HostClock {
  /** What the wall clock is ahead of the monotonic one. */
  wallAheadMs = 1_700_000_000_000;
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#nowMs;
  }

  wallNow(): bigint {
    return BigInt(this.#nowMs + this.wallAheadMs);
  }

  callAt(atMs: number, callback: () => void): () => void {
    const timer = { atMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets everything happen that can happen now. */
  async settle(): Promise<void> {
    this.#fireDue();
    for (let turn = 0; turn < TURNS; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#fireDue();
    }
  }

  /** Moves on by `ms`, instant by instant. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.settle();
    for (;;) {
      const nextMs = Math.min(...[...this.#timers].map((timer) => timer.atMs));
      if (nextMs > endMs) break;
      this.#nowMs = nextMs;
      await this.settle();
    }
    this.#nowMs = endMs;
  }

  /** Jumps by `ms` at once, as a process does that was stopped: what was due meanwhile comes late. */
  async jump(ms: number): Promise<void> {
    await this.settle();
    this.#nowMs += ms;
    await this.settle();
  }

  #fireDue(): void {
    for (const timer of this.#timers) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}
