/**
 * The port every component of the control plane is written against: time, tasks, channels and `select`.
 *
 * Two implementations: `node.ts` beside this file (real time), and the simulation kernel (virtual time).
 * Nothing in `src/` reads time, randomness or I/O in any other way.
 */

/** What a receive gives once its channel is closed and empty. */
export const CLOSED: unique symbol = Symbol('closed');
export type Closed = typeof CLOSED;

/** Outcome of handing an item to a channel. */
export type SendOutcome = 'sent' | 'full' | 'closed';

/** Monotonic and wall time, waiting, tasks and channels. All times are integer milliseconds. */
export interface Runtime {
  /** Monotonic milliseconds; no clock jump touches it. */
  now(): number;
  /** Unix milliseconds, never below 0. */
  wallNow(): bigint;
  /** Resolves `ms` milliseconds from now; 0 resolves at this instant, after a turn of the scheduler. */
  sleep(ms: number): Promise<void>;
  /** Lets every other ready task have a turn. */
  yield(): Promise<void>;
  /** Starts a task; `role` names it within its node and stands in traces. */
  spawn(role: string, body: () => Promise<void>): Task;
  /** A bounded first-in-first-out queue; a capacity below 1 is a RangeError. */
  channel<T>(capacity: number): Channel<T>;
  /** A condition that tasks can wait for. */
  signal(): Signal;
  /**
   * Waits until one of the sources is ready, takes from that one only, and says which. Of several that are ready at the
   * instant it resumes, one is drawn; a receive that is ready because its channel is closed and empty wins over all
   * others. The sources not taken lose nothing.
   */
  select<const S extends Sources>(sources: S): Promise<Selected<S>>;
}

/** A started task. */
export interface Task {
  readonly role: string;
  /** Resolves when the task has ended; rejects with what it threw. */
  join(): Promise<void>;
}

/** The sending half of a channel. */
export interface Sender<T> {
  /** Items waiting. */
  readonly length: number;
  readonly capacity: number;
  readonly closed: boolean;
  /** Never waits: a full channel refuses the item. */
  trySend(item: T): SendOutcome;
  /** Waits for room; 'closed' if the channel is, or becomes, closed. */
  send(item: T): Promise<'sent' | 'closed'>;
  /** No further items; those waiting are still received. Idempotent. */
  close(): void;
}

/** The receiving half of a channel. */
export interface Receiver<T> {
  readonly length: number;
  readonly closed: boolean;
  /** The next item, or `CLOSED` once closed and empty. */
  receive(): Promise<T | Closed>;
  /** The next item if one is waiting; `CLOSED` once closed and empty; else undefined. */
  tryReceive(): T | Closed | undefined;
  /** This channel as a source of `select`. */
  readonly received: Source<T | Closed>;
}

export interface Channel<T> extends Sender<T>, Receiver<T> {}

/** Wakes whoever waits; a `notify` with nobody waiting is kept, once. */
export interface Signal {
  notify(): void;
  wait(): Promise<void>;
  /** This signal as a source of `select`. */
  readonly notified: Source<void>;
}

/** One thing `select` can wait for. The phantom field carries the type of what it gives. */
export type Source<T> =
  | { readonly kind: 'receive'; readonly channel: unknown; readonly gives?: T }
  | { readonly kind: 'signal'; readonly signal: unknown; readonly gives?: T }
  | { readonly kind: 'deadline'; readonly atMs: number; readonly gives?: T };

export type Sources = Readonly<Record<string, Source<unknown>>>;

export type SourceValue<S> = S extends Source<infer T> ? T : never;

/** Which source fired, and what it gave. */
export type Selected<S extends Sources> = {
  [K in keyof S]: { readonly source: K; readonly value: SourceValue<S[K]> };
}[keyof S];

/**
 * A source of `select` that fires at monotonic time `atMs`, or at once if that has passed; never, if that is past all that
 * a clock counts.
 */
export function deadline(atMs: number): Source<void> {
  return { kind: 'deadline', atMs: atMs > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : atMs };
}
