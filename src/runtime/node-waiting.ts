/**
 * Channels and signals of the Node runtime. Whoever waits is only woken, never handed anything: it looks again when it
 * resumes and takes what it then finds, so that nothing is lost with a wait that turned to another source.
 */
import { type Channel, CLOSED, type Closed, type SendOutcome, type Signal, type Source } from './port.ts';

/** One select on its way: what wakes it, and the signals that were notified for it. */
export class Waiter {
  readonly notifiedBy = new Set<NodeSignal>();
  #woken = false;
  #resume: (() => void) | null = null;

  wake(): void {
    this.#woken = true;
    this.#resume?.();
  }

  /** Resolves once woken, also if that was before. */
  async woken(): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
    this.#woken = false;
    this.#resume = null;
  }
}

/** Waits for the first of some sources; what the runtime's `select` does, for a source of its own. */
export type WaitFor = <T>(source: Source<T>) => Promise<T>;

interface WaitingSend<T> {
  readonly item: T;
  readonly settle: (outcome: 'sent' | 'closed') => void;
}

export class NodeChannel<T> implements Channel<T> {
  readonly capacity: number;
  readonly received: Source<T | Closed>;
  readonly waiters = new Set<Waiter>();
  readonly #waitFor: WaitFor;
  readonly #items: T[] = [];
  readonly #sends: WaitingSend<T>[] = [];
  #closed = false;

  constructor(capacity: number, waitFor: WaitFor) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`a channel's capacity must be a whole number of at least 1, not ${capacity}`);
    }
    this.capacity = capacity;
    this.received = { kind: 'receive', channel: this };
    this.#waitFor = waitFor;
  }

  get length(): number {
    return this.#items.length;
  }

  get closed(): boolean {
    return this.#closed;
  }

  trySend(item: T): SendOutcome {
    if (this.#closed) return 'closed';
    if (this.#items.length >= this.capacity) return 'full';
    this.#put(item);
    return 'sent';
  }

  async send(item: T): Promise<'sent' | 'closed'> {
    const outcome = this.trySend(item);
    if (outcome !== 'full') return outcome;
    return new Promise((settle) => this.#sends.push({ item, settle }));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const send of this.#sends.splice(0)) send.settle('closed');
    this.#wakeAll();
  }

  receive(): Promise<T | Closed> {
    return this.#waitFor(this.received);
  }

  tryReceive(): T | Closed | undefined {
    const [item] = this.#items;
    if (this.#items.length === 0) return this.#closed ? CLOSED : undefined;
    this.#items.shift();
    const send = this.#sends.shift();
    if (send !== undefined) {
      this.#put(send.item);
      send.settle('sent');
    }
    return item;
  }

  #put(item: T): void {
    this.#items.push(item);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const waiter of this.waiters) waiter.wake();
  }
}

export class NodeSignal implements Signal {
  readonly notified: Source<void>;
  readonly waiters = new Set<Waiter>();
  /** A notification that found nobody waiting. */
  kept = false;
  readonly #waitFor: WaitFor;

  constructor(waitFor: WaitFor) {
    this.notified = { kind: 'signal', signal: this };
    this.#waitFor = waitFor;
  }

  notify(): void {
    if (this.waiters.size === 0) this.kept = true;
    for (const waiter of this.waiters) {
      waiter.notifiedBy.add(this);
      waiter.wake();
    }
  }

  wait(): Promise<void> {
    return this.#waitFor(this.notified);
  }
}
