/**
 * A group of tasks that live and die together, such as an incarnation of a node.
 *
 * It is the `Runtime` that its tasks are given. Killing it ends its tasks where they stand and closes its channels. Pausing
 * it keeps its tasks from running while time goes on. Its wall clock can be moved apart from the others'.
 */
import type { Runtime, Selected, Signal, Sources } from '../../../src/runtime/port.ts';
import { appendText, type Name } from '../choices/name.ts';
import { MisuseError } from '../misuse.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import { causedNaming, TaskNaming } from '../schedule/task-naming.ts';
import type { Wait } from '../schedule/wait.ts';
import { type ChannelObserver, SimChannel } from './channel.ts';
import { checkSources, Select } from './select.ts';
import { SimSignal } from './signal.ts';
import { SimTask } from './task.ts';

export interface SpawnOptions {
  /** Whether the system is at rest only once this task has ended: true of an operation, false of a heartbeat. */
  readonly owesEnd?: boolean;
}

export class Group implements Runtime {
  /** `n1/i0`; empty for the root. */
  readonly name: string;
  /** The same as a name for draws. */
  readonly path: Name;
  readonly #scheduler: Scheduler;
  readonly #epochMs: bigint;
  readonly #originMs: number;
  readonly #parent: Group | undefined;
  readonly #children = new Set<Group>();
  readonly #tasks = new Set<SimTask>();
  readonly #roles = new Map<string, TaskNaming>();
  /** Channels of this group at which tasks of other groups have waited. They must see it die. */
  readonly #watched = new Set<{ wakeAll(): void }>();
  #killed = false;
  #paused = false;
  /** How many of this group and the groups above it are paused. Set by groups alone. */
  holds = 0;
  #held: Wait[] = [];
  #shiftMs = 0;
  /** The latest wall-clock reading: most readings share their millisecond with others. */
  #sinceEpochMs = 0;
  #wallMs: bigint;

  constructor(
    scheduler: Scheduler,
    parent: Group | undefined,
    name: string,
    path: Name,
    epochMs: bigint,
    originMs: number,
  ) {
    this.#scheduler = scheduler;
    this.#parent = parent;
    this.name = name;
    this.path = path;
    this.#epochMs = epochMs;
    this.#originMs = originMs;
    this.#wallMs = epochMs < 0n ? 0n : epochMs;
    this.holds = parent?.holds ?? 0;
    this.#killed = parent?.killed ?? false;
  }

  now(): number {
    return this.#scheduler.now + this.#originMs;
  }

  wallNow(): bigint {
    const sinceEpochMs = this.#scheduler.now + this.#totalShiftMs();
    if (sinceEpochMs !== this.#sinceEpochMs) {
      const wallMs = this.#epochMs + BigInt(sinceEpochMs);
      this.#sinceEpochMs = sinceEpochMs;
      this.#wallMs = wallMs < 0n ? 0n : wallMs;
    }
    return this.#wallMs;
  }

  sleep(ms: number): Promise<void> {
    if (!(Number.isSafeInteger(ms) && ms >= 0))
      throw new MisuseError(`a sleep is a whole number of milliseconds from 0: ${ms}`);
    const wait = this.#scheduler.open(undefined);
    const promise = wait.promise<void>();
    if (ms === 0) this.#scheduler.ready(wait);
    else this.#scheduler.wakeAt(wait, this.#scheduler.now + ms);
    return promise;
  }

  yield(): Promise<void> {
    return this.sleep(0);
  }

  /** `cause`: the operation or fault that this task belongs to. Draws for whatever it wakes are named after it. */
  spawn(role: string, body: () => Promise<void>, cause?: Name, options?: SpawnOptions): SimTask {
    const scheduler = this.#scheduler;
    const ofRole = this.#naming(role);
    const name = ofRole.tasks++ === 0 ? ofRole.text : `${ofRole.text}#${ofRole.tasks}`;
    const known = cause === undefined ? undefined : scheduler.causeOf(cause);
    const naming = known === undefined ? ofRole : causedNaming(known, ofRole.text);
    const task = new SimTask(scheduler, this, role, name, known, naming, body);
    if (this.#killed) {
      task.kill();
      return task;
    }
    this.#tasks.add(task);
    if (options?.owesEnd === true) task.owe();
    scheduler.start(task);
    return task;
  }

  channel<T>(capacity: number, observer?: ChannelObserver<T>): SimChannel<T> {
    return new SimChannel<T>(this.#scheduler, this, capacity, observer);
  }

  signal(): Signal {
    return new SimSignal(this.#scheduler);
  }

  select<const S extends Sources>(sources: S): Promise<Selected<S>> {
    checkSources(sources);
    const wait = this.#scheduler.open(undefined);
    const { task } = wait;
    const select = wait === task.own ? task.select : new Select(this.#scheduler);
    wait.target = select;
    const promise = wait.promise<Selected<S>>();
    if (this.#scheduler.fenced) return promise;
    select.begin(wait, sources, this.#originMs);
    return promise;
  }

  /**
   * Makes a group within this one; `name` is one or more segments. It is killed and paused with this one. At virtual time 0
   * its monotonic clock reads `originMs` and its wall clock `epochMs`; both default to this group's.
   */
  child(name: string, originMs: number = this.#originMs, epochMs: bigint = this.#epochMs): Group {
    if (!Number.isSafeInteger(originMs))
      throw new RangeError(`a clock reads a whole number of milliseconds: ${originMs}`);
    const fullName = this.name === '' ? name : `${this.name}/${name}`;
    const group = new Group(this.#scheduler, this, fullName, appendText(this.path, name), epochMs, originMs);
    this.#children.add(group);
    return group;
  }

  get killed(): boolean {
    return this.#killed;
  }

  get paused(): boolean {
    return this.holds > 0;
  }

  /** Kills it, for good: its tasks never resume, its waits are discarded everywhere, its channels are closed. */
  kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    for (const task of this.#tasks) task.kill();
    for (const child of this.#children) child.kill();
    this.#parent?.forget(this);
    // Discarding the held waits passes on what they were promised.
    this.#scheduler.release(this.#held);
    this.#held = [];
    for (const channel of this.#watched) channel.wakeAll();
    this.#tasks.clear();
    this.#children.clear();
    this.#watched.clear();
  }

  /** Pauses it: its waits become ready but are not run before `resume`. Time goes on, and deadlines that pass fire late. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#changeHolds(1);
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#changeHolds(-1);
  }

  /** Moves its wall clock, and the clocks of the groups in it, by this much. Monotonic time does not change. */
  shiftWallClock(deltaMs: number): void {
    if (!Number.isSafeInteger(deltaMs))
      throw new RangeError(`a clock shift is a whole number of milliseconds: ${deltaMs}`);
    this.#shiftMs += deltaMs;
  }

  // The rest is for the kernel's own loop, tasks and channels.

  hold(wait: Wait): void {
    this.#held.push(wait);
  }

  taskEnded(task: SimTask): void {
    this.#tasks.delete(task);
  }

  /** Notes that a task of another group waits at this channel of ours. */
  watch(channel: { wakeAll(): void }): void {
    this.#watched.add(channel);
  }

  forget(child: Group): void {
    this.#children.delete(child);
  }

  /** Every task that has not ended, this group's first. */
  *unfinished(): Generator<SimTask> {
    yield* this.#tasks;
    for (const child of this.#children) yield* child.unfinished();
  }

  #naming(role: string): TaskNaming {
    let naming = this.#roles.get(role);
    if (naming === undefined) {
      if (role === '') throw new MisuseError('a task needs a role');
      naming = new TaskNaming(this.path, role, this.name === '' ? role : `${this.name}/${role}`);
      this.#roles.set(role, naming);
    }
    return naming;
  }

  #totalShiftMs(): number {
    return this.#shiftMs + (this.#parent === undefined ? 0 : this.#parent.#totalShiftMs());
  }

  #changeHolds(by: number): void {
    this.holds += by;
    if (this.holds === 0 && this.#held.length > 0) {
      const held = this.#held;
      this.#held = [];
      this.#scheduler.release(held);
    }
    for (const child of this.#children) child.#changeHolds(by);
  }
}
