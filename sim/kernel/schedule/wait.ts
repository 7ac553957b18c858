/**
 * A wait: what one task has parked on, or one callback that is due.
 *
 * A primitive (sleep, receive, select, join, …) makes a `Wait`, puts it into every queue that can make it ready, and
 * returns its promise. Only the scheduler's loop resolves that promise, one wait a segment. By then no queue holds the wait
 * any more, so its task can reuse it. The waits of a killed task stay where they are, and are skipped.
 *
 * All waits are of this one class, so that the loop's property reads stay monomorphic. What differs is the `target`.
 */
import type { Sources } from '../../../src/runtime/port.ts';
import type { Name } from '../choices/name.ts';
import type { Actor } from '../trace/trace.ts';
import type { Cause } from './cause.ts';
import type { TaskNaming } from './task-naming.ts';

/** Registered; nothing has happened yet. */
export const WAITING = 0;
/** What it waits for has happened; it has not been resumed yet. */
export const READY = 1;
/** Resumed or discarded. */
export const DONE = 2;

/** A promise's resolve function, whatever type it resolves with. A method type, because those compare bivariantly. */
export type Settle = { settle(value: unknown): void }['settle'];

/** What a wait waits for. */
export interface WaitTarget {
  /**
   * Resumes the waiting task by settling its promise. False if what made the wait ready is gone, because another task took
   * the item; the target has then put the wait back into its queues.
   */
  complete(wait: Wait): boolean;
}

/** Promised its item to a ready wait, and has to promise it to another if that one does not take it. */
export interface Waker {
  /** The wait that it woke has been resumed or discarded. */
  passOn(): void;
}

/** The group of a task, as far as the schedule knows it. */
export interface WaiterGroup {
  readonly name: string;
  readonly path: Name;
  readonly killed: boolean;
  /** Above 0 while the group is paused. Its ready waits are then kept by `hold`. */
  readonly holds: number;
  hold(wait: Wait): void;
  /** Unix milliseconds of the group's wall clock. */
  wallNow(): bigint;
  /** Notes that a task of another group waits at this channel of the group's. */
  watch(channel: { wakeAll(): void }): void;
}

/** Begins to wait for several sources. */
export interface SelectTarget extends WaitTarget {
  begin(wait: Wait, sources: Sources, originMs: number): void;
}

/** A task, as far as the schedule knows it: what its waits are named after, and how many are open. */
export interface Waiter extends Actor {
  readonly group: WaiterGroup;
  readonly naming: TaskNaming;
  readonly cause: Cause | undefined;
  /** The wait that it reuses, and the select that goes with it. */
  readonly own: Wait;
  readonly select: SelectTarget;
  readonly ended: boolean;
  /** Of a phase that calls back for several tasks: the task it called back for last. */
  readonly callsFor?: string | undefined;
  openWaits: number;
}

export class Wait {
  readonly task: Waiter;
  /** Resolves its promise. */
  settle: Settle = ignore;
  /** What is waited for; undefined for sleep and yield, which return nothing and cannot fail. */
  target: WaitTarget | undefined;
  state: number = WAITING;
  /** The drawn uint32 less 2^31, which keeps its order and needs no heap object. */
  rank = 0;
  ranked = false;
  /** Number in order of becoming ready. */
  order = 0;
  /** The operation or fault whose segment made it ready, if any. */
  cause: Cause | undefined = undefined;
  /** Which of the wakes of this task by that cause, or in that millisecond, this is: 0, 1, … */
  ordinal = 0;
  readyMs = 0;
  waker: Waker | undefined = undefined;
  /** While on the timeline: when it is due, and its neighbours in the bucket. Otherwise -1. */
  dueMs = -1;
  next: Wait | undefined = undefined;
  previous: Wait | undefined = undefined;

  constructor(task: Waiter, target: WaitTarget | undefined) {
    this.task = task;
    this.target = target;
  }

  /** A promise that settling it resolves. */
  promise<T>(): Promise<T> {
    return new Promise<T>((resolve) => {
      this.settle = resolve;
    });
  }

  /** Makes it a new wait of its task. It has been resumed, and no queue holds it any more. */
  reopen(target: WaitTarget | undefined): void {
    this.target = target;
    this.state = WAITING;
    this.ranked = false;
  }
}

/** A wait that nothing resumes. */
export function discardedWait(task: Waiter, target: WaitTarget | undefined): Wait {
  const wait = new Wait(task, target);
  wait.state = DONE;
  return wait;
}

/** Whether nothing will ever resume this wait again. */
export function isDead(wait: Wait): boolean {
  return wait.state === DONE || wait.task.ended;
}

/** Settles nothing: for waits without a promise, such as the start of a task. */
function ignore(_value: unknown): void {}
