/**
 * Conditions that tasks wait for.
 *
 * A notification reaches whoever waits at that moment; with nobody waiting it is kept, once. A select that was notified
 * and then takes another source gives the notification back.
 */
import type { Signal, Source } from '../../src/runtime/port.ts';
import type { Scheduler } from './scheduler.ts';
import { capture, takeCaptured, WAITING, type Wait, type WaitTarget } from './wait.ts';
import { WaitQueue } from './wait-queue.ts';

export class SimSignal implements Signal {
  readonly notified: Source<void>;
  readonly #scheduler: Scheduler;
  readonly #waiters = new WaitQueue();
  /** Counts notifications that reached a waiter: a wait that began at a lower count has been notified. */
  #notifications = 0;
  #kept = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.notified = { kind: 'signal', signal: this };
  }

  notify(): void {
    let wait = this.#waiters.shiftLive();
    if (wait === undefined) {
      this.#kept = true;
      return;
    }
    this.#notifications += 1;
    for (; wait !== undefined; wait = this.#waiters.shiftLive()) {
      if (wait.state === WAITING) this.#scheduler.ready(wait);
    }
  }

  wait(): Promise<void> {
    const promise = new Promise<void>(capture);
    const wait = this.#scheduler.open(takeCaptured(), new SignalWait(this));
    if (this.#kept) this.#scheduler.ready(wait);
    else this.#waiters.push(wait);
    return promise;
  }

  // What follows is for the kernel's own `select`.

  get notifications(): number {
    return this.#notifications;
  }

  get waits(): WaitQueue {
    return this.#waiters;
  }

  /** Whether a wait that began at this count of notifications would be resumed now. */
  isReady(since: number): boolean {
    return this.#kept || this.#notifications !== since;
  }

  /** Consumes what made such a wait ready. */
  take(since: number): void {
    if (this.#notifications === since) this.#kept = false;
  }
}

class SignalWait implements WaitTarget {
  readonly #signal: SimSignal;
  readonly #since: number;

  constructor(signal: SimSignal) {
    this.#signal = signal;
    this.#since = signal.notifications;
  }

  complete(wait: Wait): boolean {
    if (!this.#signal.isReady(this.#since)) {
      wait.state = WAITING;
      this.#signal.waits.pushFront(wait);
      return false;
    }
    this.#signal.take(this.#since);
    wait.settle(undefined);
    return true;
  }
}
