/**
 * The waits that stand at one channel or signal, in order.
 *
 * A select stands in several queues. When one fires, its entries in the others go stale: they are skipped when met, and
 * swept once they outnumber the live ones, so that a source that never fires does not collect them.
 */
import { Fifo } from './fifo.ts';
import { isDead, WAITING, type Wait } from './wait.ts';

const STALE_KEPT = 32;

export class WaitQueue {
  readonly #waits = new Fifo<Wait>();
  #stale = 0;

  push(wait: Wait): void {
    this.#waits.push(wait);
  }

  /** For a wait that was woken in vain: nobody overtakes it for that. */
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

  /** An entry was claimed elsewhere. */
  wentStale(): void {
    this.#stale += 1;
    if (this.#stale > STALE_KEPT && this.#stale * 2 > this.#waits.length) {
      this.#waits.retain((wait) => !isDead(wait));
      this.#stale = 0;
    }
  }

  remove(wait: Wait): void {
    this.#waits.retain((other) => other !== wait && !isDead(other));
    this.#stale = 0;
  }

  /** Whether this wait's task has another one here that is still open. */
  holdsAnother(wait: Wait): boolean {
    for (const other of this.#waits) if (other !== wait && other.task === wait.task && !isDead(other)) return true;
    return false;
  }
}
