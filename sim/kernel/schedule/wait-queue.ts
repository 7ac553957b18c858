/**
 * The waits at one channel or signal, in order. A select stands in several queues and leaves the others when one fires.
 * Waits of killed tasks are skipped when they come up.
 */
import { Fifo } from './fifo.ts';
import { isDead, WAITING, type Wait } from './wait.ts';

export class WaitQueue {
  readonly #waits = new Fifo<Wait>();

  push(wait: Wait): void {
    this.#waits.push(wait);
  }

  /** Puts a wait back that was woken in vain, so that no other overtakes it. */
  pushFront(wait: Wait): void {
    this.#waits.unshift(wait);
  }

  /** Takes out the first wait that nothing has woken yet. */
  shiftWaiting(): Wait | undefined {
    for (;;) {
      const wait = this.#waits.shift();
      if (wait === undefined) return undefined;
      if (wait.state === WAITING && !wait.task.ended) return wait;
    }
  }

  /** Takes out the first wait that can still be resumed. */
  shiftLive(): Wait | undefined {
    for (;;) {
      const wait = this.#waits.shift();
      if (wait === undefined) return undefined;
      if (!isDead(wait)) return wait;
    }
  }

  /** Takes out this wait, wherever it stands. */
  remove(wait: Wait): void {
    this.#waits.remove(wait);
  }

  /** Whether this wait's task has another open wait here. */
  holdsAnother(wait: Wait): boolean {
    for (const other of this.#waits) if (other !== wait && other.task === wait.task && !isDead(other)) return true;
    return false;
  }
}
