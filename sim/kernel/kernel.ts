/**
 * A run of simulated tasks on a virtual clock.
 *
 *     const kernel = new Kernel({ chooser: new SeededChooser(42n) });
 *     const node = kernel.root.child('n1/i0');
 *     node.spawn('ticker', async () => {
 *       for (let i = 0; i < 3; i++) await node.sleep(500);
 *     });
 *     const end = await kernel.run(); // { kind: 'idle' }, with kernel.now === 1500
 *
 * Time is virtual and jumps to the next due event; every choice goes through the chooser; a segment (what a task does
 * between two waits) runs to its end before the next begins. So a run is a function of its chooser and of what the tasks
 * do, and of nothing else.
 */

import type { Chooser } from './choices/chooser.ts';
import type { Name } from './choices/name.ts';
import { type Drain, drive, hostTurn, type Turns } from './drain.ts';
import type { HostResource } from './host/awaits/await-book.ts';
import { installGuards } from './host/guards.ts';
import { flushOutput } from './host/output.ts';
import { claimProcess } from './host/process-errors.ts';
import type { SimHost } from './host/virtual-host.ts';
import { MisuseError } from './misuse.ts';
import { type OnTaskError, type OwnershipKind, type RunEnd, RunLoop, type RunOptions } from './run-loop.ts';
import { type Ambient, segment, type VirtualHost } from './schedule/ambient.ts';
import type { Scheduled } from './schedule/callback.ts';
import type { Scheduler } from './schedule/scheduler.ts';
import { shared } from './schedule/shared.ts';
import type { Group } from './tasks/group.ts';
import type { Actor } from './trace/trace.ts';

export type { OwnershipKind, RunEnd, RunOptions } from './run-loop.ts';
export type { Group } from './tasks/group.ts';

export interface KernelOptions {
  readonly chooser: Chooser;
  /** What the wall clock shows at virtual time 0, in unix milliseconds. */
  readonly epochMs?: number | bigint;
  /** Whether code that reaches for host time and randomness ends the run (the default), or is given virtual ones. */
  readonly ambient?: 'forbidden' | 'virtual';
  /**
   * Who counts as running, see `OwnershipKind`. By default `awaiter` on a virtual host, which is there for foreign code,
   * and otherwise `kernel`.
   */
  readonly ownership?: OwnershipKind;
  /** `auto`: `synchronous` where that works, else `documented`. */
  readonly drain?: Drain | 'auto';
  /** Steps after which a run ends as stuck. */
  readonly stepLimit?: number;
  /** Steps after which the host's event loop has a turn, for signals and messages. */
  readonly stepsPerTurn?: number;
  /**
   * Milliseconds of host time after which a segment that does not come back is stopped; takes effect with the synchronous
   * drain only.
   */
  readonly segmentMs?: number | undefined;
  /** Whether whoever makes the run begins another one as soon as it is over, and does nothing else: that is faster. */
  readonly isFollowed?: boolean | undefined;
  /** Called when an error leaves a task, with the task's name: does the run end for it? Absent: it does. */
  readonly onTaskError?: OnTaskError;
}

const STEPS_PER_TURN = 4096;

let VirtualHosts: typeof SimHost | undefined;

/** Whether a run of this thread is under way. A second run waits for it; a run started from within it is refused. */
const thread = shared('runs', () => ({ busy: false }));

export class Kernel {
  readonly root: Group;
  readonly #loop: RunLoop;
  readonly #scheduler: Scheduler;
  readonly #ambientKind: 'forbidden' | 'virtual';
  #host: SimHost | undefined;
  /** The guards ask it while a segment runs. */
  #ambient: Ambient | undefined;
  readonly #drain: Drain | 'auto';
  readonly #turns: Turns;
  readonly #nobody: Actor = { name: '', place: -1 };
  #drained: Drain | undefined;

  constructor(options: KernelOptions) {
    installGuards();
    const { chooser, epochMs = 0, stepLimit = Number.POSITIVE_INFINITY, onTaskError = () => 'end' } = options;
    const { ownership = options.ambient === 'virtual' ? 'awaiter' : 'kernel' } = options;
    this.#loop = new RunLoop(chooser, BigInt(epochMs), stepLimit, onTaskError, ownership);
    this.#scheduler = this.#loop.scheduler;
    this.root = this.#loop.root;
    this.#ambientKind = options.ambient ?? 'forbidden';
    this.#drain = options.drain ?? 'auto';
    const { stepsPerTurn = STEPS_PER_TURN, segmentMs, isFollowed } = options;
    this.#turns = { stepsPerTurn, segmentMs, isFollowed };
  }

  /** Virtual milliseconds since the start. */
  get now(): number {
    return this.#scheduler.now;
  }

  /** Segments run so far. */
  get steps(): number {
    return this.#scheduler.steps;
  }

  /** Waits and callbacks that are due later, cancelled ones included until they are taken out. */
  get scheduled(): number {
    return this.#scheduler.scheduled;
  }

  get stepLimit(): number {
    return this.#loop.stepLimit;
  }

  /** Upper bound on `steps`; may move while the run goes on. */
  set stepLimit(steps: number) {
    this.#loop.stepLimit = steps;
  }

  /** Which drain the latest run used, once it is over. */
  get drained(): Drain | undefined {
    return this.#drained;
  }

  /** The name of the task or callback whose segment this is; empty outside of one. */
  get currentTask(): string {
    return this.currentActor.name;
  }

  /** The task or callback whose segment this is, for traces. */
  get currentActor(): Actor {
    const { current, currentCallback } = this.#scheduler;
    return current ?? currentCallback?.actor ?? this.#nobody;
  }

  /** The name of the task or callback whose segment was the latest to end. */
  get latest(): string {
    return this.#scheduler.latest?.name ?? '';
  }

  /** One choice, by name: a whole number of 0 … bound-1. */
  draw(name: Name, bound: number): number {
    try {
      return this.#scheduler.draw(name, bound);
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /**
   * Schedules a callback; a time that has passed means at once. The cause names what the callback wakes. In traces `actor`
   * stands in the place of the task, by default the cause. Many callbacks may share an actor, such as all messages of a
   * network; a callback with an actor has a cause of its own, which no other callback or task may use.
   */
  schedule(atMs: number, cause: Name, run: () => void, actor?: Actor): Scheduled {
    if (!Number.isSafeInteger(atMs)) throw new MisuseError(`a time is a whole number of milliseconds: ${atMs}`);
    return this.#scheduler.schedule(atMs, cause, run, actor);
  }

  /**
   * Runs a callback right after the current segment, ahead of whatever else is ready. For faults that strike at an event.
   */
  scheduleNext(cause: Name, run: () => void): void {
    this.#scheduler.scheduleNext(cause, run);
  }

  /**
   * Makes timers late: no timer of this group's virtual host fires for `forMs`. Timers due by then fire afterwards, in
   * order of when they were due. Nothing else is late.
   */
  lagTimers(group: Group, forMs: number): void {
    if (!(Number.isSafeInteger(forMs) && forMs >= 0))
      throw new MisuseError(`timers are late by a whole number of milliseconds from 0: ${forMs}`);
    if (this.#host === undefined) throw new MisuseError('only a run with a virtual host has timers that can be late');
    this.#host.loopOf(group).lag(forMs);
  }

  /** The timers of virtual hosts that are set: kind, due time, and who set each. */
  timers(): readonly string[] {
    return [...(this.#host?.left() ?? [])].map((timer) => timer.toString());
  }

  /**
   * Whether a timer that is due by then may still do something of its own: it fires once, keeps the run going, and was not
   * set by its own callback or by a timer of its duration. A debounced write counts; an interval, a heartbeat and a cache's
   * `unref`ed timer do not.
   */
  awaitsTimer(untilMs: number): boolean {
    return this.#host?.awaitsTimer(untilMs) === true;
  }

  /**
   * Tasks that have not ended and wait for nothing the kernel knows. Where promises are followed (`ownership`): those that
   * wait for a promise from outside of the run.
   */
  suspects(): readonly string[] {
    return this.#loop.suspects();
  }

  /** Number of tasks that owe an end and have not ended. */
  get owing(): number {
    return this.#scheduler.owing;
  }

  /** Names of the tasks that owe an end. Once nothing is ready and nothing due, nothing can wake them. */
  owed(): readonly string[] {
    return this.#loop.unfinished((task) => task.owes);
  }

  /**
   * `file:line:column` of the `await` at which a task waits, or of the call that set its latest timer. Needs `ownership:
   * 'places'`. For people to read.
   */
  placeOf(task: string): string | undefined {
    return this.#loop.placeOf(task);
  }

  /** Whether segments created host resources that no guard saw, on versions of Node where that costs nothing to know. */
  get usesHost(): boolean {
    return this.#loop.ownership?.usesHost === true;
  }

  /**
   * Host resources that segments created and no guard saw. Their promises never settle within a run. Needs `ownership:
   * 'places'`.
   */
  hostResources(): readonly HostResource[] {
    return this.#loop.hostResources();
  }

  /**
   * Whether the running code belongs to a node that was killed in this very segment. The kernel answers its calls and does
   * nothing; a world must do the same with what it lends to nodes.
   */
  get fenced(): boolean {
    return this.#scheduler.fenced;
  }

  /** Calls code that builds the system before the run: promises made there belong to the run. */
  building<T>(call: () => T): T {
    const { ownership } = this.#loop;
    return ownership === undefined ? call() : ownership.build(call);
  }

  /** Tasks that have not ended. */
  unfinished(): readonly string[] {
    return this.#loop.unfinished(() => true);
  }

  /** Names of the tasks and callbacks that ran most recently, latest first, each once. */
  busiest(): readonly string[] {
    return this.#scheduler.recent();
  }

  /** Ends all tasks. Nothing of this run can continue, whoever still holds one of its promises. */
  dispose(): void {
    this.root.kill();
  }

  /** Ends the run with a defect of the harness: `run` rejects with it. The first defect counts. */
  fail(error: unknown): void {
    this.#loop.fail(error);
  }

  /**
   * Runs until nothing is left to do, or until a condition or time is reached. May be called again to continue. A call from
   * within a run is refused; a call during another run of this thread waits for that one to end. Rejects only for defects
   * of the harness itself.
   */
  async run(options: RunOptions = {}): Promise<RunEnd> {
    if (segment.active) throw new Error('a run cannot be started inside a run');
    while (thread.busy) await hostTurn();
    thread.busy = true;
    try {
      segment.ambient = await this.#prepareAmbient();
      this.#loop.prepare(options);
      this.#loop.ownership?.follow();
      const release = claimProcess(this.#loop);
      this.#scheduler.running = true;
      try {
        this.#drained = await drive(this.#loop, this.#drain, this.#turns);
      } finally {
        this.#scheduler.end();
        this.#scheduler.running = false;
        this.#loop.ownership?.unfollow();
        release();
      }
    } finally {
      segment.ambient = undefined;
      flushOutput(true);
      thread.busy = false;
    }
    return this.#loop.result();
  }

  async #prepareAmbient(): Promise<Ambient> {
    const scheduler = this.#scheduler;
    installGuards();
    if (this.#ambient !== undefined) return this.#ambient;
    let host: VirtualHost | undefined;
    if (this.#ambientKind === 'virtual') {
      // The module is large, and only runs on a virtual host need it.
      VirtualHosts ??= (await import('./host/virtual-host.ts')).SimHost;
      this.#host = new VirtualHosts(scheduler, this.root, this.#loop.ownership?.book);
      scheduler.idleHosts = this.#host;
      host = this.#host;
    }
    this.#ambient = this.#loop.ambient(host);
    return this.#ambient;
  }
}
