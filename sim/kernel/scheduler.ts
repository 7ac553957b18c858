/**
 * The engine under `Kernel` and `Group`: which waits are ready, what time it is, and who runs.
 *
 * `begin` starts a segment: it takes the ready wait of lowest rank, or moves time to the next bucket with a live wait,
 * makes that wait's task the current one and settles its one promise. What the task does then happens in microtasks; the
 * caller drains them to the end and says so with `end`. Nothing else ever resumes a task, so primitives only register.
 */
import { Callback } from './callback.ts';
import { Cause } from './cause.ts';
import { type Chooser, DRAW_BOUND_MAX } from './chooser.ts';
import { type Name, NameMap } from './name.ts';
import { ReadyQueue } from './ready-queue.ts';
import type { SimTask } from './task.ts';
import { Timeline } from './timeline.ts';
import { DONE, ignore, READY, type Settle, WAITING, Wait, type WaitTarget } from './wait.ts';

/** How an error left a task: thrown by its body, misuse of a primitive, or a rejection nobody handled. */
export type TaskFault = 'thrown' | 'misuse' | 'rejection';

export interface SchedulerHooks {
  /** An error left a task; the run may end for it. */
  taskFailed(task: SimTask | undefined, error: unknown, fault: TaskFault | 'callback'): void;
  /** Something reached the kernel while no segment was running. */
  foreign(): void;
}

/** A task used a primitive in a way that loses messages. */
export class MisuseError extends Error {
  override name = 'MisuseError';
}

/** How `begin` came out. */
export type Begun = 'segment' | 'idle' | 'until';

const RECENT = 16;

export class Scheduler {
  readonly chooser: Chooser;
  now = 0;
  steps = 0;
  /** Whether a run is under way, and whether one of its segments is. */
  running = false;
  inSegment = false;
  current: SimTask | undefined = undefined;
  currentCallback: Callback | undefined = undefined;
  readonly #hooks: SchedulerHooks;
  readonly #timeline = new Timeline();
  readonly #ready: ReadyQueue;
  readonly #causes = new NameMap<Cause>();
  readonly #recent: (SimTask | Callback | undefined)[] = new Array(RECENT).fill(undefined);
  #currentCause: Cause | undefined = undefined;
  #order = 0;
  /** Set while time moves: waits become ready then with no segment running. */
  #moving = false;

  constructor(chooser: Chooser, hooks: SchedulerHooks) {
    this.chooser = chooser;
    this.#hooks = hooks;
    this.#ready = new ReadyQueue((wait) => chooser.rank(this.nameOf(wait)));
  }

  /** A wait of the current task. */
  open(settle: Settle, target: WaitTarget | undefined): Wait {
    const task = this.current;
    if (task === undefined) throw this.#nobody();
    task.openWaits += 1;
    return new Wait(task, settle, target);
  }

  #nobody(): Error {
    if (this.currentCallback !== undefined) return new MisuseError('a callback of the world cannot wait: spawn a task');
    if (this.running) this.#hooks.foreign();
    return new MisuseError('only a task of a run can wait, and none is running');
  }

  wakeAt(wait: Wait, atMs: number): void {
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.#timeline.add(atMs, wait);
  }

  deadlineWentStale(atMs: number): void {
    // A deadline that has passed has left the timeline, and so has one that never comes.
    if (atMs > this.now && atMs !== Number.POSITIVE_INFINITY) this.#timeline.wentStale();
  }

  ready(wait: Wait): void {
    const task = wait.task;
    wait.state = READY;
    wait.order = this.#order++;
    const cause = this.#currentCause;
    wait.cause = cause;
    if (cause !== undefined) {
      wait.ordinal = cause.wakes.count(task);
    } else {
      const now = this.now;
      if (task.wokeMs !== now) {
        task.wokeMs = now;
        task.wokeOrdinal = 0;
      }
      wait.readyMs = now;
      wait.ordinal = task.wokeOrdinal++;
    }
    if (!this.inSegment && this.running && !this.#moving) this.#hooks.foreign();
    this.#ready.push(wait);
  }

  /** Lets the waits of a resumed group go, in the order in which they became ready. */
  release(waits: readonly Wait[]): void {
    for (const wait of waits) this.#ready.push(wait);
  }

  /** The name of a ready wait, for its rank and its draws. */
  nameOf(wait: Wait): Name {
    if (wait.target instanceof Callback) return wait.target.rankName();
    const { task, cause, ordinal } = wait;
    if (cause === undefined) return task.path.child('t', wait.readyMs).child('n', ordinal);
    const name = cause.name.child('wake', task.name);
    return ordinal === 0 ? name : name.child('n', ordinal + 1);
  }

  draw(name: Name, bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= DRAW_BOUND_MAX)) {
      throw new RangeError(`a draw's bound is a whole number from 1 to 2^32: ${bound}`);
    }
    return this.chooser.draw(name, bound);
  }

  causeOf(name: Name): Cause {
    const known = this.#causes.get(name);
    if (known !== undefined) return known;
    const cause = new Cause(name);
    this.#causes.set(name, cause);
    return cause;
  }

  /** Starts the next segment, at a time of at most `untilMs`. */
  begin(untilMs: number): Begun {
    for (;;) {
      const wait = this.#ready.pop();
      if (wait === undefined) {
        const atMs = this.#timeline.nextMs();
        if (atMs < 0) return 'idle';
        if (atMs > untilMs) {
          if (untilMs > this.now) this.now = untilMs;
          return 'until';
        }
        this.#moveTo(atMs);
        continue;
      }
      const task = wait.task;
      const waker = wait.waker;
      if (wait.state === DONE || task.ended) {
        wait.state = DONE;
        wait.waker = undefined;
        waker?.passOn();
        continue;
      }
      if (task.group.holds > 0) {
        task.group.hold(wait);
        continue;
      }
      this.inSegment = true;
      this.current = task;
      this.#currentCause = task.cause;
      task.openWaits -= 1;
      wait.state = DONE;
      wait.waker = undefined;
      const target = wait.target;
      const resumed = target === undefined ? (wait.settle(undefined), true) : target.complete(wait);
      if (waker !== undefined) waker.passOn();
      if (resumed) {
        this.#recent[this.steps++ % RECENT] = this.currentCallback ?? task;
        return 'segment';
      }
      task.openWaits += 1;
      this.end();
    }
  }

  /** The segment is over: its microtasks and ticks have been drained. */
  end(): void {
    this.inSegment = false;
    this.current = undefined;
    this.currentCallback = undefined;
    this.#currentCause = undefined;
  }

  #moveTo(atMs: number): void {
    const bucket = this.#timeline.take(atMs);
    this.now = atMs;
    this.#moving = true;
    for (const wait of bucket) if (wait.state === WAITING && !wait.task.ended) this.ready(wait);
    this.#moving = false;
  }

  schedule(atMs: number, task: SimTask, cause: Name, run: () => void): Callback {
    const callback = new Callback(this, this.causeOf(cause), run);
    const wait = new Wait(task, ignore, callback);
    callback.wait = wait;
    task.openWaits += 1;
    if (atMs <= this.now) this.ready(wait);
    else this.#timeline.add(atMs, wait);
    return callback;
  }

  cancel(wait: Wait): void {
    if (wait.state === DONE) return;
    const waiting = wait.state === WAITING;
    wait.state = DONE;
    wait.task.openWaits -= 1;
    if (waiting) this.#timeline.wentStale();
  }

  /** The first segment of a task is a choice like any other. */
  start(task: SimTask): void {
    task.openWaits += 1;
    this.ready(new Wait(task, ignore, task));
  }

  /** Enters a callback's segment; the loop has just made the world's own task the current one. */
  enterCallback(callback: Callback): void {
    this.current = undefined;
    this.currentCallback = callback;
    this.#currentCause = callback.cause;
  }

  callbackFailed(error: unknown): void {
    this.#hooks.taskFailed(undefined, error, 'callback');
  }

  taskEnded(task: SimTask, failure: { readonly error: unknown } | undefined): void {
    if (!this.inSegment && this.running) this.#hooks.foreign();
    if (failure !== undefined) this.#hooks.taskFailed(task, failure.error, 'thrown');
    else if (task.openWaits > 0) this.misuse(task, 'it ended with waits open');
  }

  misuse(task: SimTask, what: string): void {
    this.#hooks.taskFailed(task, new MisuseError(`${task.name}: ${what}`), 'misuse');
  }

  /** The names of what ran most recently, the latest first, each once. */
  recent(): readonly string[] {
    const names = new Set<string>();
    for (let i = 1; i <= Math.min(RECENT, this.steps); i++) {
      const ran = this.#recent[(this.steps - i) % RECENT];
      if (ran !== undefined) names.add(ran.name);
    }
    return [...names];
  }
}
