/**
 * Conditions that tasks wait for.
 *
 * A notification reaches all that wait at that moment. With nobody waiting, it is kept, once. If a select was notified and
 * then takes another source, it gives the notification back.
 */
import type { Signal, Source } from '../../../src/runtime/port.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import { WAITING, type Wait, type WaitTarget } from '../schedule/wait.ts';
import { WaitQueue } from '../schedule/wait-queue.ts';

export class SimSignal implements Signal {
  readonly notified: Source<void>;
  readonly #scheduler: Scheduler;
  readonly #waiters = new WaitQueue();
  /** Number of the latest notification that reached a waiter. A wait that began earlier was meant by it. */
  #notifiedAt = 0;
  #kept = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.notified = { kind: 'signal', signal: this };
  }

  notify(): void {
    if (this.#scheduler.fenced) return;
    let wait = this.#waiters.shiftLive();
    if (wait === undefined) {
      this.#kept = true;
      return;
    }
    this.#scheduler.notifications += 1;
    this.#notifiedAt = this.#scheduler.notifications;
    for (; wait !== undefined; wait = this.#waiters.shiftLive()) {
      if (wait.state === WAITING) this.#scheduler.ready(wait);
    }
  }

  wait(): Promise<void> {
    const wait = this.#scheduler.open(new SignalWait(this, this.#scheduler.notifications));
    const promise = wait.promise<void>();
    if (this.#kept) this.#scheduler.ready(wait);
    else this.#waiters.push(wait);
    return promise;
  }

  // The rest is for the kernel's own `select`.

  /** Whether a wait that began at this count of notifications would be resumed now. */
  isReady(since: number): boolean {
    return this.#kept || this.#notifiedAt > since;
  }

  /** Consumes what made such a wait ready. */
  take(since: number): void {
    if (this.#notifiedAt <= since) this.#kept = false;
  }

  enqueue(wait: Wait, again: boolean): void {
    if (again) {
      this.#waiters.remove(wait);
      this.#waiters.pushFront(wait);
    } else {
      this.#waiters.push(wait);
    }
  }

  /** Something else resumed such a wait, which gives its notification back. */
  leave(wait: Wait, since: number, queued: boolean): void {
    if (queued) this.#waiters.remove(wait);
    if (this.#notifiedAt > since) this.notify();
  }
}

class SignalWait implements WaitTarget {
  readonly #signal: SimSignal;
  readonly #since: number;

  constructor(signal: SimSignal, since: number) {
    this.#signal = signal;
    this.#since = since;
  }

  complete(wait: Wait): boolean {
    if (!this.#signal.isReady(this.#since)) {
      wait.state = WAITING;
      this.#signal.enqueue(wait, true);
      return false;
    }
    this.#signal.take(this.#since);
    wait.settle(undefined);
    return true;
  }
}
