/**
 * Bounded queues between tasks.
 *
 * An item stays in the channel until the task that takes it is resumed. Waking a task promises it an item and does not hand
 * it over. So a task that is killed or paused in between loses nothing, a `tryReceive` may come in between (the woken task
 * then goes on waiting without being resumed), and the length that others see is always right.
 */
import { type Channel, CLOSED, type Closed, type SendOutcome, type Source } from '../../../src/runtime/port.ts';
import { MisuseError } from '../misuse.ts';
import { Fifo } from '../schedule/fifo.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import { isDead, WAITING, type Wait, type WaiterGroup, type WaitTarget, type Waker } from '../schedule/wait.ts';
import { WaitQueue } from '../schedule/wait-queue.ts';

/** Told synchronously what passes a channel, also when a select takes the item. */
export interface ChannelObserver<T> {
  /** Every attempt to send that has ended. For a sender that waits, that is when its item enters or is refused. */
  sent?(item: T, outcome: SendOutcome): void;
  received?(item: T): void;
}

export class SimChannel<T> implements Channel<T>, WaitTarget, Waker {
  readonly capacity: number;
  readonly received: Source<T | Closed>;
  readonly #scheduler: Scheduler;
  readonly #group: WaiterGroup;
  readonly #observer: ChannelObserver<T> | undefined;
  readonly #items = new Fifo<{ readonly item: T }>();
  readonly #receivers = new WaitQueue();
  readonly #senders = new Fifo<PendingSend<T>>();
  /** Waits that were promised an item and have not been resumed yet. */
  #promised = 0;
  #closed = false;

  constructor(scheduler: Scheduler, group: WaiterGroup, capacity: number, observer: ChannelObserver<T> | undefined) {
    if (!Number.isSafeInteger(capacity) || capacity < 1)
      throw new MisuseError(`a channel's capacity is a whole number from 1: ${capacity}`);
    this.capacity = capacity;
    this.received = { kind: 'receive', channel: this };
    this.#scheduler = scheduler;
    this.#group = group;
    this.#observer = observer;
  }

  get length(): number {
    return this.#items.length;
  }

  get closed(): boolean {
    return this.#closed || this.#group.killed;
  }

  trySend(item: T): SendOutcome {
    const outcome = this.closed ? 'closed' : this.#items.length >= this.capacity ? 'full' : 'sent';
    if (this.#scheduler.fenced) return outcome;
    if (outcome === 'sent') this.#enter(item);
    else this.#observer?.sent?.(item, outcome);
    return outcome;
  }

  send(item: T): Promise<'sent' | 'closed'> {
    const sending = new PendingSend(item);
    const wait = this.#open(sending);
    const promise = wait.promise<'sent' | 'closed'>();
    sending.wait = wait;
    if (this.#scheduler.fenced) return promise;
    if (this.closed) {
      this.#refuse(sending);
    } else if (this.#items.length < this.capacity) {
      this.#enter(item);
      this.#scheduler.ready(wait);
    } else {
      this.#senders.push(sending);
    }
    return promise;
  }

  close(): void {
    if (this.#closed || this.#scheduler.fenced) return;
    this.#closed = true;
    this.wakeAll();
  }

  receive(): Promise<T | Closed> {
    const wait = this.#open(this);
    const promise = wait.promise<T | Closed>();
    if (this.#scheduler.fenced) return promise;
    if (!this.wakeIfReady(wait)) this.#receivers.push(wait);
    return promise;
  }

  tryReceive(): T | Closed | undefined {
    if (this.#items.length > 0) return this.#scheduler.fenced ? undefined : this.take();
    return this.closed ? CLOSED : undefined;
  }

  // The rest is for the kernel's own `select`, `Group` and loop.

  /** Completes a `receive`. */
  complete(wait: Wait): boolean {
    if (this.#items.length > 0) {
      wait.settle(this.take());
      return true;
    }
    if (this.closed) {
      wait.settle(CLOSED);
      return true;
    }
    wait.state = WAITING;
    this.#receivers.pushFront(wait);
    return false;
  }

  /** Takes the next item. Only while there is one. */
  take(): T | Closed {
    const next = this.#items.shift();
    if (next === undefined) return CLOSED;
    this.#observer?.received?.(next.item);
    this.#admitSender();
    return next.item;
  }

  /** Whether there is an item that nobody was promised, or the close. If so, the wait is ready. */
  wakeIfReady(wait: Wait): boolean {
    if (this.#items.length > this.#promised) {
      this.#promise(wait);
      return true;
    }
    if (!this.closed) return false;
    this.#scheduler.ready(wait);
    return true;
  }

  /** Queues the wait of a select; called again if it was woken in vain. */
  enqueue(wait: Wait, again: boolean): void {
    this.#join(wait);
    if (again) {
      this.#receivers.remove(wait);
      this.#receivers.pushFront(wait);
    } else {
      this.#receivers.push(wait);
    }
  }

  /** Something else resumed a select that stands here. */
  leave(wait: Wait): void {
    this.#receivers.remove(wait);
  }

  passOn(): void {
    this.#promised -= 1;
    this.#wakeReceivers();
  }

  /** Closes it, by its owner or with its group. Receivers see the end once it is empty, senders at once. */
  wakeAll(): void {
    for (;;) {
      const wait = this.#receivers.shiftWaiting();
      if (wait === undefined) break;
      this.#scheduler.ready(wait);
    }
    for (;;) {
      const sending = this.#senders.shift();
      if (sending === undefined) break;
      if (sending.wait !== undefined && !isDead(sending.wait)) this.#refuse(sending);
    }
  }

  #open(target: WaitTarget): Wait {
    const wait = this.#scheduler.open(target);
    this.#join(wait);
    return wait;
  }

  #join(wait: Wait): void {
    const task = wait.task;
    if (task.group !== this.#group) this.#group.watch(this);
    // A task may have one wait at a channel: a second one would take the first one's item.
    if (task.openWaits < 2) return;
    let twice = this.#receivers.holdsAnother(wait);
    for (const { wait: other } of this.#senders) {
      twice ||= other !== undefined && other !== wait && other.task === task && !isDead(other);
    }
    if (twice) this.#scheduler.misuse(task, 'it waits twice on one channel at a time');
  }

  #refuse(sending: PendingSend<T>): void {
    sending.outcome = 'closed';
    this.#observer?.sent?.(sending.item, 'closed');
    if (sending.wait !== undefined) this.#scheduler.ready(sending.wait);
  }

  #enter(item: T): void {
    this.#items.push({ item });
    this.#observer?.sent?.(item, 'sent');
    this.#wakeReceivers();
  }

  #admitSender(): void {
    while (this.#items.length < this.capacity && !this.closed) {
      const sending = this.#senders.shift();
      if (sending === undefined) return;
      if (sending.wait === undefined || isDead(sending.wait)) continue;
      this.#enter(sending.item);
      this.#scheduler.ready(sending.wait);
    }
  }

  #wakeReceivers(): void {
    while (this.#items.length > this.#promised) {
      const wait = this.#receivers.shiftWaiting();
      if (wait === undefined) return;
      this.#promise(wait);
    }
  }

  #promise(wait: Wait): void {
    this.#promised += 1;
    wait.waker = this;
    this.#scheduler.ready(wait);
  }
}

/** A sender with its item, waiting for room or already through. */
class PendingSend<T> implements WaitTarget {
  readonly item: T;
  wait: Wait | undefined = undefined;
  outcome: 'sent' | 'closed' = 'sent';

  constructor(item: T) {
    this.item = item;
  }

  complete(wait: Wait): boolean {
    wait.settle(this.outcome);
    return true;
  }
}
