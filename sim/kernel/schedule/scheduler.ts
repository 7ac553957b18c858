/**
 * The engine under `Kernel` and `Group`: which waits are ready, what time it is, and who runs.
 *
 * `begin` starts a segment. It takes the ready wait of lowest rank, or, if none is ready, moves the clock to the next
 * bucket with a live wait. It makes that wait's task the current one and settles the wait's one promise. What the task then
 * does happens in microtasks. The caller drains them and says `end`. Nothing else ever resumes a task; primitives only
 * register waits.
 */

import { type Chooser, DRAW_BOUND_MAX } from '../choices/chooser.ts';
import { labelOf, type Name, NameHash, NameMap } from '../choices/name.ts';
import { MisuseError } from '../misuse.ts';
import type { Actor } from '../trace/trace.ts';
import { segment } from './ambient.ts';
import { Callback } from './callback.ts';
import { Cause } from './cause.ts';
import { ReadyQueue } from './ready-queue.ts';
import { Timeline } from './timeline.ts';
import { DONE, discardedWait, READY, WAITING, Wait, type Waiter, type WaitTarget } from './wait.ts';

/** How an error left a task: its body threw, it used waits in a way that loses messages, or nobody handled a rejection. */
export type TaskFault = 'thrown' | 'misuse' | 'rejection';

/** The task or callback whose code runs. */
export type Runner = Waiter | Callback;

export interface SchedulerHooks {
  /** An error left a task, and the run may end for it. */
  taskFailed(task: Waiter | undefined, error: unknown, fault: TaskFault | 'callback'): void;
  /** Code reached the kernel while no segment was running. */
  foreign(): void;
}

/** Work of virtual hosts that keeps no run going, such as heartbeats and `unref`ed timers. */
export interface IdleHosts {
  /** When the next of it is due, or -1. `alone`: nothing else is due, ever. */
  nextMs(alone: boolean): number;
  /** That time has come. */
  goOn(): void;
}

/** What `begin` came to. */
export type Begun = 'segment' | 'idle' | 'until';

/** How many latest steps are remembered. A power of two. */
const RECENT = 16;

const ORDINAL = labelOf('n');
const WAKE = labelOf('wake');

// Private without #: the check that guards a #field costs a twentieth of a step.
export class Scheduler {
  readonly chooser: Chooser;
  /** Callbacks are waits of this task, which never runs itself. The run loop, which makes tasks, sets it once. */
  callbacks: Waiter | undefined = undefined;
  now = 0;
  steps = 0;
  /** Number of signal notifications so far that reached a waiter. */
  notifications = 0;
  /** `running`: a run is under way. `inSegment`: one of its segments is running, or the kernel between two. */
  running = false;
  inSegment = false;
  current: Waiter | undefined = undefined;
  currentCallback: Callback | undefined = undefined;
  /** Who ran the segment that ended last. */
  latest: Actor | undefined = undefined;
  /** Target of the wait whose segment this is; undefined for a sleep. */
  target: WaitTarget | undefined = undefined;
  idleHosts: IdleHosts | undefined = undefined;
  /** Whether continuations belong to whoever awaits (`host/awaits/ownership.ts`): the code under test is foreign. */
  owned = false;
  /** Number of tasks that owe an end and have not ended. */
  owing = 0;
  private readonly hooks: SchedulerHooks;
  private readonly timeline = new Timeline();
  private readonly queue: ReadyQueue;
  /** Runs next, whatever else is ready, in this order. */
  private readonly ahead: Wait[] = [];
  private readonly causes = new NameMap<Cause>();
  private readonly resumed: (Wait | undefined)[] = new Array(RECENT).fill(undefined);
  private currentCause: Cause | undefined = undefined;
  private readonly hash = new NameHash();
  private order = 0;

  constructor(chooser: Chooser, hooks: SchedulerHooks) {
    this.chooser = chooser;
    this.hooks = hooks;
    this.queue = new ReadyQueue(this);
  }

  /** Number of waits on the timeline. */
  get scheduled(): number {
    return this.timeline.size;
  }

  /** A wait of the current task. Reuses the task's own wait if that is free. */
  open(target: WaitTarget | undefined): Wait {
    const task = this.current;
    if (task === undefined) throw this.nobody();
    if (this.fenced) return discardedWait(task, target);
    task.openWaits += 1;
    const { own } = task;
    if (own.state !== DONE) return new Wait(task, target);
    own.reopen(target);
    return own;
  }

  /** Whether the node of the running code was killed in this very segment: what the code still asks for has no effect. */
  get fenced(): boolean {
    return this.owned && this.current?.group.killed === true;
  }

  get runner(): Runner | undefined {
    return this.current ?? this.currentCallback;
  }

  private nobody(): Error {
    if (this.currentCallback !== undefined)
      return new MisuseError('only a task of a run can wait: a callback of the world must spawn one');
    if (this.running) this.hooks.foreign();
    return new MisuseError('only a task of a run can wait, and none is running');
  }

  wakeAt(wait: Wait, atMs: number): void {
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.timeline.add(atMs, wait);
  }

  /** Takes a wait off the timeline that something else has resumed. */
  unschedule(wait: Wait): void {
    this.timeline.remove(wait);
  }

  ready(wait: Wait): void {
    const { naming } = wait.task;
    wait.state = READY;
    wait.order = this.order++;
    const cause = this.currentCause;
    wait.cause = cause;
    if (cause !== undefined) {
      wait.ordinal = cause.countWake(naming);
    } else {
      const now = this.now;
      if (naming.wokeMs !== now) {
        naming.wokeMs = now;
        naming.wokeOrdinal = 0;
      }
      wait.readyMs = now;
      wait.ordinal = naming.wokeOrdinal++;
    }
    if (!this.inSegment && this.running) this.hooks.foreign();
    this.queue.push(wait);
  }

  /** Queues the waits of a resumed group, in the order in which they became ready. */
  release(waits: readonly Wait[]): void {
    for (const wait of waits) this.queue.push(wait);
  }

  /** The name of a ready wait, for its rank and its draws. */
  nameOf(wait: Wait): Name {
    if (wait.target instanceof Callback) return wait.target.rankName();
    const { task, cause, ordinal } = wait;
    if (cause === undefined) return task.naming.at(wait.readyMs).numbered(ORDINAL, ordinal);
    const name = cause.name.child(WAKE, task.naming.text);
    return ordinal === 0 ? name : name.child(ORDINAL, ordinal + 1);
  }

  rankOf(wait: Wait): number {
    const { chooser, hash } = this;
    if (chooser.rankOfHash === undefined) return chooser.rank(this.nameOf(wait));
    this.hashOf(wait);
    return chooser.rankOfHash(hash.low, hash.high);
  }

  /** Makes `hash` that of the name that `nameOf` returns. */
  private hashOf(wait: Wait): void {
    const { task, cause, ordinal } = wait;
    if (wait.target instanceof Callback) {
      wait.target.rankHash(this.hash);
    } else if (cause === undefined) {
      this.hash.of(task.naming.at(wait.readyMs)).numbered(ORDINAL, ordinal);
    } else {
      this.hash.of(cause.name).valued(WAKE, task.naming.textHash);
      if (ordinal > 0) this.hash.numbered(ORDINAL, ordinal + 1);
    }
  }

  draw(name: Name, bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= DRAW_BOUND_MAX)) {
      throw new MisuseError(`a draw's bound is a whole number from 1 to 2^32: ${bound}`);
    }
    return this.chooser.draw(name, bound);
  }

  causeOf(name: Name): Cause {
    const known = this.causes.get(name);
    if (known !== undefined) return known;
    const cause = new Cause(name);
    this.causes.set(name, cause);
    return cause;
  }

  /** Starts the next segment, at a time of at most `untilMs`. */
  begin(untilMs: number): Begun {
    // From here on the kernel itself makes waits ready.
    this.inSegment = true;
    for (;;) {
      const wait = this.ahead.length > 0 ? this.ahead.shift() : this.queue.pop();
      if (wait !== undefined) {
        if (this.resume(wait)) return 'segment';
        continue;
      }
      const moved = this.move(untilMs);
      if (moved !== 'segment') {
        this.inSegment = false;
        return moved;
      }
    }
  }

  /** Begins the segment of a ready wait. False if nothing is to be resumed. */
  private resume(wait: Wait): boolean {
    const { task, waker, target } = wait;
    if (wait.state === DONE || task.ended || (this.owned && task.group.killed)) {
      wait.state = DONE;
      wait.waker = undefined;
      waker?.passOn();
      return false;
    }
    if (task.group.holds > 0) {
      task.group.hold(wait);
      return false;
    }
    segment.active = true;
    this.current = task;
    this.currentCause = task.cause;
    this.target = target;
    task.openWaits -= 1;
    wait.state = DONE;
    if (target === undefined) {
      wait.settle(undefined);
    } else {
      wait.waker = undefined;
      const resumed = target.complete(wait);
      waker?.passOn();
      if (!resumed) {
        task.openWaits += 1;
        this.leave();
        return false;
      }
    }
    this.resumed[this.steps & (RECENT - 1)] = wait;
    this.steps += 1;
    return true;
  }

  /** Ends the segment: its microtasks and ticks have been drained. */
  end(): void {
    this.inSegment = false;
    this.leave();
  }

  private leave(): void {
    segment.active = false;
    this.latest = this.current ?? this.currentCallback;
    this.current = undefined;
    this.currentCause = undefined;
    if (this.currentCallback !== undefined) this.currentCallback = undefined;
  }

  /**
   * Moves the clock to the next bucket with a live wait, or to the next idle work of a virtual host, and makes ready what
   * is due.
   */
  private move(untilMs: number): Begun {
    const timeline = this.timeline;
    const waitMs = timeline.nextMs();
    const idleMs = this.idleHosts === undefined ? -1 : this.idleHosts.nextMs(waitMs < 0);
    const atMs = idleMs >= 0 && (waitMs < 0 || idleMs < waitMs) ? idleMs : waitMs;
    if (atMs < 0) return 'idle';
    if (atMs > untilMs) {
      if (untilMs > this.now) this.now = untilMs;
      return 'until';
    }
    this.now = atMs;
    if (waitMs === atMs) {
      let wait = timeline.take(atMs);
      while (wait !== undefined) {
        const next = timeline.taken(wait);
        if (wait.state === WAITING && !wait.task.ended) this.ready(wait);
        wait = next;
      }
    }
    if (idleMs === atMs) this.idleHosts?.goOn();
    return 'segment';
  }

  schedule(atMs: number, cause: Name, run: () => void, actor?: Actor): Callback {
    const callback = new Callback(this, actor === undefined ? this.causeOf(cause) : new Cause(cause), run, actor);
    const wait = this.calling(callback);
    if (atMs <= this.now) this.ready(wait);
    else this.timeline.add(atMs, wait);
    return callback;
  }

  private calling(callback: Callback): Wait {
    const task = this.callbacks;
    if (task === undefined) throw new MisuseError('nothing can be scheduled before the run has a task for it');
    const wait = new Wait(task, callback);
    callback.wait = wait;
    task.openWaits += 1;
    return wait;
  }

  /**
   * Runs a callback at this instant, right after the current segment and ahead of whatever is ready. Nothing is drawn for
   * it.
   */
  scheduleNext(cause: Name, run: () => void): void {
    this.readyNext(this.calling(new Callback(this, this.causeOf(cause), run, undefined)));
  }

  /** The same for a wait. */
  readyNext(wait: Wait): void {
    wait.state = READY;
    this.ahead.push(wait);
  }

  /** Whether something runs right after the current segment. */
  hasNext(): boolean {
    return this.ahead.length > 0;
  }

  cancel(wait: Wait): void {
    if (wait.state === DONE) return;
    wait.state = DONE;
    wait.task.openWaits -= 1;
    this.timeline.remove(wait);
  }

  /** When the first segment of a task runs is a choice like any other. */
  start(task: Waiter & WaitTarget): void {
    task.openWaits += 1;
    task.own.reopen(task);
    this.ready(task.own);
  }

  /** Enters the segment of a callback. The loop has just made the callbacks' task the current one. */
  enterCallback(callback: Callback): void {
    this.current = undefined;
    this.currentCallback = callback;
    this.currentCause = callback.cause;
  }

  /** Continues as this task in a segment that belongs to none of its waits: its timer's. */
  enterTask(task: Waiter): void {
    this.current = task;
    this.currentCallback = undefined;
    this.currentCause = task.cause;
  }

  /** Continues as this runner, within a segment that another may have begun. */
  enter(runner: Runner | undefined): void {
    if (runner instanceof Callback) {
      this.enterCallback(runner);
    } else if (runner !== undefined) {
      this.enterTask(runner);
    } else {
      this.current = undefined;
      this.currentCallback = undefined;
      this.currentCause = undefined;
    }
  }

  taskThrew(task: Waiter, error: unknown): void {
    this.hooks.taskFailed(task, error, 'thrown');
  }

  callbackFailed(error: unknown): void {
    this.hooks.taskFailed(undefined, error, 'callback');
  }

  taskEnded(task: Waiter, failure: { readonly error: unknown } | undefined): void {
    if (!this.inSegment && this.running) this.hooks.foreign();
    if (failure !== undefined) this.hooks.taskFailed(task, failure.error, 'thrown');
    else if (task.openWaits > 0) this.misuse(task, 'it ended while one of its waits was open');
  }

  /** Foreign code may race what it likes, and go on after its task. */
  misuse(task: Waiter, what: string): void {
    if (this.owned) return;
    this.hooks.taskFailed(task, new MisuseError(`${task.name}: ${what}`), 'misuse');
  }

  /** Names of what ran most recently, latest first, each once. */
  recent(): readonly string[] {
    const names = new Set<string>();
    for (let i = 1; i <= Math.min(RECENT, this.steps); i++) {
      const ran = this.resumed[(this.steps - i) % RECENT];
      if (ran !== undefined)
        names.add(ran.target instanceof Callback ? ran.target.name : (ran.task.callsFor ?? ran.task.name));
    }
    return [...names];
  }
}
