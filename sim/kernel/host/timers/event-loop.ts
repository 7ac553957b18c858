/**
 * The event loop of one virtual host: its timers and its immediates, in phases like Node's.
 *
 * What decides the design: a red run must be one that Node can show, and what Node leaves open must come out either way.
 * So what Node's source keeps in order is in order here (the timers of one duration, the immediates of one turn, ticks and
 * microtasks between any two callbacks), and all else that is due together is drawn. Time passes in whole milliseconds and
 * no code costs any, so that things are due together far more often than on a real clock, where the speed of the machine
 * decides between them; here the seed does. `docs/virtual-host.md` lists the rules.
 *
 * A phase is a wait of the kernel's, on its timeline among all that the run waits for. A callback is a segment of the task
 * that set it. A group is a host: its loop ends with it, and stands still while it is paused.
 */
import type { HostCallback } from '../../schedule/ambient.ts';
import { Callback } from '../../schedule/callback.ts';
import type { Scheduler } from '../../schedule/scheduler.ts';
import type { WaiterGroup } from '../../schedule/wait.ts';
import { CheckPhase } from './check-phase.ts';
import { type EntryLoop, LoopImmediate, LoopTimer } from './loop-entry.ts';
import { TimersPhase } from './timers-phase.ts';

/** Longer durations count as 1, as do those below 1. */
const DURATION_MAX_MS = 2147483647;

/** What the loops of a run share. */
export interface Loops {
  /** Loops that hold something, but nothing that keeps a run going: they go on for as long as something else does. */
  readonly idle: Set<EventLoop>;
  /** The timers that have been asked for their number. */
  readonly numbered: Map<string, LoopTimer>;
  nextNumber(): number;
  /** A timer's duration was too long. */
  overflowed(delayMs: number): void;
  /** Throws where a run that is not its own sets a timer anew. */
  checkOwn(what: string): void;
}

export class EventLoop implements EntryLoop {
  readonly group: WaiterGroup;
  readonly #scheduler: Scheduler;
  readonly #loops: Loops;
  readonly #timers: TimersPhase;
  readonly #check: CheckPhase;
  /** The timer that was called last. */
  #called: LoopTimer | undefined;
  /** Whether it calls one back, after which it arms in any case. */
  #calling = false;

  constructor(scheduler: Scheduler, group: WaiterGroup, loops: Loops) {
    this.#scheduler = scheduler;
    this.group = group;
    this.#loops = loops;
    this.#timers = new TimersPhase(scheduler, group, this);
    this.#check = new CheckPhase(scheduler, group, this);
  }

  /** `delayMs` is whatever the caller gave. */
  setTimer(callback: HostCallback, delayMs: number, args: readonly unknown[], repeats: boolean): LoopTimer {
    if (delayMs > DURATION_MAX_MS) this.#loops.overflowed(delayMs);
    const durationMs = delayMs >= 1 && delayMs <= DURATION_MAX_MS ? Math.trunc(delayMs) : 1;
    const number = this.#loops.nextNumber();
    const timer = new LoopTimer(this, this.#scheduler.runner, callback, args, number, durationMs, repeats);
    timer.beats = this.#isBeat(timer);
    this.#timers.insert(timer);
    this.arm();
    return timer;
  }

  clearTimer(timer: LoopTimer): void {
    timer.cleared = true;
    if (this.#loops.numbered.size > 0) this.#loops.numbered.delete(String(timer.number));
    this.#timers.remove(timer);
    this.arm();
  }

  refreshTimer(timer: LoopTimer): void {
    this.#loops.checkOwn('Timeout.refresh of another run');
    if (timer.cleared) return;
    timer.beats = this.#isBeat(timer);
    this.#timers.insert(timer);
    this.arm();
  }

  referTimer(timer: LoopTimer, refed: boolean): void {
    this.#timers.refer(timer, refed);
    this.arm();
  }

  numberTimer(timer: LoopTimer): void {
    if (!timer.cleared) this.#loops.numbered.set(String(timer.number), timer);
  }

  setImmediate(callback: HostCallback, args: readonly unknown[]): LoopImmediate {
    const immediate = new LoopImmediate(this, this.#scheduler.runner, callback, args);
    this.#check.add(immediate);
    this.arm();
    return immediate;
  }

  clearImmediate(immediate: LoopImmediate): void {
    this.#check.remove(immediate);
    this.arm();
  }

  referImmediate(immediate: LoopImmediate, refed: boolean): void {
    this.#check.refer(immediate, refed);
    this.arm();
  }

  lag(forMs: number): void {
    this.#timers.lag(forMs);
    this.arm();
  }

  /** The timers that are set. */
  left(): Iterable<LoopTimer> {
    return this.#timers.left();
  }

  /** Whether something may come of one of them by then: it keeps the run going and is no interval and no heartbeat. */
  awaitsTimer(untilMs: number): boolean {
    return (
      this.#timers.refed > 0 && this.#timers.some(untilMs, ({ refed, repeats, beats }) => refed && !repeats && !beats)
    );
  }

  timerMs(): number {
    return this.#timers.nextMs;
  }

  /** When it next has something to do, or -1. */
  nextMs(): number {
    return this.#check.isEmpty ? this.#timers.nextMs : this.#scheduler.now;
  }

  /** Has its phases wait for what they hold, unless nothing of that keeps the run going. */
  arm(): void {
    if (this.#calling) return;
    const waits = this.#timers.refed > 0 || this.#check.refed > 0;
    const { idle } = this.#loops;
    if (waits) idle.delete(this);
    else if (this.nextMs() >= 0) idle.add(this);
    this.#timers.arm(waits);
    this.#check.arm(waits);
  }

  /** Goes on with what is due, although nothing of it keeps the run going. */
  goOn(): void {
    this.#timers.arm(this.#timers.nextMs === this.#scheduler.now);
    this.#check.arm(true);
  }

  /** Calls back, as a segment of whoever set it. */
  run(entry: LoopTimer | LoopImmediate): void {
    const scheduler = this.#scheduler;
    const { owner } = entry;
    scheduler.enter(owner);
    try {
      this.#call(entry);
    } catch (error) {
      if (owner === undefined || owner instanceof Callback) scheduler.callbackFailed(error);
      else scheduler.taskThrew(owner, error);
    }
  }

  #call(entry: LoopTimer | LoopImmediate): void {
    this.#calling = true;
    try {
      if (entry instanceof LoopTimer) this.#called = entry;
      entry.call();
    } finally {
      this.#calling = false;
      if (entry instanceof LoopTimer) this.#goneOff(entry);
      this.arm();
    }
  }

  #goneOff(timer: LoopTimer): void {
    if (timer.repeats && !timer.cleared) this.#timers.insert(timer);
    else if (timer.list === undefined && this.#loops.numbered.size > 0)
      this.#loops.numbered.delete(String(timer.number));
  }

  /** Whether it is set in the segment of a timer like it: of the same callback or, for loops that sleep, the same duration. */
  #isBeat({ callback, durationMs }: LoopTimer): boolean {
    const called = this.#called;
    if (called === undefined || this.#scheduler.target !== this.#timers) return false;
    return called.callback === callback || called.durationMs === durationMs;
  }
}
