/**
 * A runtime for unit tests of the executor: time stands still until a test moves it, and of several ready sources the
 * test says which is taken. The simulation kernel does far more, but `src/` knows nothing of it.
 */
import {
  type Channel,
  CLOSED,
  type Closed,
  type Runtime,
  type Selected,
  type SendOutcome,
  type Signal,
  type Source,
  type Sources,
  type Task,
} from '../runtime/port.ts';

interface Wait {
  readonly sources: Sources;
  resolve(selected: { readonly source: string; readonly value: unknown }): void;
}

export class HandDrivenRuntime implements Runtime {
  /** Which of several ready sources of a select is taken; the first one named, unless a test says otherwise. */
  preferred = '';
  /** What the wall clock is ahead of the monotonic one. */
  wallAheadMs = 1_000_000;
  /** How far each reading of the wall clock moves it; 0 as in a run, more to tell readings apart. */
  wallStepMs = 0;
  /** Selects answered so far. */
  served = 0;
  #nowMs = 0;
  readonly #waits = new Set<Wait>();

  now(): number {
    return this.#nowMs;
  }

  wallNow(): bigint {
    const wallMs = BigInt(this.#nowMs + this.wallAheadMs);
    this.wallAheadMs += this.wallStepMs;
    return wallMs;
  }

  async sleep(ms: number): Promise<void> {
    await this.select({ slept: { kind: 'deadline', atMs: this.#nowMs + ms } });
  }

  channel<T>(capacity: number): Channel<T> {
    return new ListChannel<T>(capacity);
  }

  select<const S extends Sources>(sources: S): Promise<Selected<S>>;
  select(sources: Sources): Promise<unknown> {
    for (const source of Object.values(sources)) {
      if (source.kind !== 'deadline' || source.atMs === Number.POSITIVE_INFINITY) continue;
      if (!Number.isSafeInteger(source.atMs)) {
        throw new RangeError(`a deadline is a whole number of milliseconds, or infinity: ${source.atMs}`);
      }
    }
    return new Promise((resolve) => this.#waits.add({ sources, resolve }));
  }

  yield(): Promise<void> {
    return this.sleep(0);
  }

  spawn(): Task {
    throw new Error('no tasks by hand');
  }

  signal(): Signal {
    throw new Error('no signals by hand');
  }

  /** Serves all that is ready, moving time from deadline to deadline, and leaves it at `atMs`. */
  async until(atMs: number): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#serveOne()) continue;
      const nextMs = this.#nextDeadlineMs();
      if (nextMs > atMs) break;
      this.#nowMs = nextMs;
    }
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }

  #serveOne(): boolean {
    for (const wait of this.#waits) {
      const ready = Object.keys(wait.sources).filter((name) => this.#isReady(wait.sources[name]));
      const source = ready.includes(this.preferred) ? this.preferred : ready[0];
      if (source === undefined) continue;
      this.#waits.delete(wait);
      this.served += 1;
      const taken = wait.sources[source];
      wait.resolve({ source, value: taken?.kind === 'receive' ? channelOf(taken).tryReceive() : undefined });
      return true;
    }
    return false;
  }

  #isReady(source: Source<unknown> | undefined): boolean {
    if (source?.kind === 'deadline') return source.atMs <= this.#nowMs;
    if (source?.kind !== 'receive') return false;
    const channel = channelOf(source);
    return channel.length > 0 || channel.closed;
  }

  #nextDeadlineMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const wait of this.#waits) {
      for (const source of Object.values(wait.sources)) {
        if (source.kind === 'deadline') nextMs = Math.min(nextMs, source.atMs);
      }
    }
    return nextMs;
  }
}

function channelOf(source: { readonly channel: unknown }): ListChannel<unknown> {
  if (source.channel instanceof ListChannel) return source.channel;
  throw new Error('a channel of another runtime');
}

class ListChannel<T> implements Channel<T> {
  readonly capacity: number;
  readonly received: Source<T | Closed> = { kind: 'receive', channel: this };
  closed = false;
  readonly #items: T[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#items.length;
  }

  trySend(item: T): SendOutcome {
    if (this.closed) return 'closed';
    if (this.#items.length >= this.capacity) return 'full';
    this.#items.push(item);
    return 'sent';
  }

  send(): Promise<'sent' | 'closed'> {
    throw new Error('nobody waits for room by hand');
  }

  close(): void {
    this.closed = true;
  }

  receive(): Promise<T | Closed> {
    throw new Error('the executor selects');
  }

  tryReceive(): T | Closed | undefined {
    return this.#items.length === 0 && this.closed ? CLOSED : this.#items.shift();
  }
}
