/** The immediates of one event loop: those of a turn run in a row, one a segment; what they set comes in the next turn. */
import type { Scheduler } from '../../schedule/scheduler.ts';
import type { WaiterGroup } from '../../schedule/wait.ts';
import type { LoopImmediate } from './loop-entry.ts';
import { Phase } from './phase.ts';

/** Turns within one millisecond, after which one passes: code that polls by immediates would stop the clock. */
const TURNS_PER_MS_MAX = 64;

/** The loop that a phase is part of. */
interface CheckLoop {
  /** When its first timer can fire, or -1. */
  timerMs(): number;
  arm(): void;
  run(immediate: LoopImmediate): void;
}

export class CheckPhase extends Phase {
  /** How many of them keep the run going. */
  refed = 0;
  readonly #loop: CheckLoop;
  /** Those of the next turn, and what is left of this. */
  #queue: LoopImmediate[] = [];
  #turn: LoopImmediate[] = [];
  /** Whether the next turn comes before any timer that is not due now. */
  #soon = false;
  /** Whether the next turn has been put off. */
  #putOff = false;
  #turnMs = -1;
  #turns = 0;

  constructor(scheduler: Scheduler, group: WaiterGroup, loop: CheckLoop) {
    super(scheduler, group, 'check');
    this.#loop = loop;
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#turn.length === 0;
  }

  add(immediate: LoopImmediate): void {
    this.#queue.push(immediate);
    this.refed += 1;
    this.#soon ||= this.#comesSoon();
  }

  remove(immediate: LoopImmediate): void {
    this.#finish(immediate);
    const at = this.#queue.indexOf(immediate);
    if (at >= 0) this.#queue.splice(at, 1);
  }

  refer(immediate: LoopImmediate, refed: boolean): void {
    if (immediate.cleared || immediate.refed === refed) return;
    immediate.refed = refed;
    this.refed += refed ? 1 : -1;
  }

  arm(waits: boolean): void {
    if (this.isEmpty) {
      this.#soon = false;
      this.#putOff = false;
      this.drop();
    } else if (waits && !this.#putOff) {
      this.wait(this.scheduler.now);
    }
  }

  override complete(): boolean {
    const { scheduler } = this;
    if (this.#turn.length === 0) {
      if (this.#putsOff()) return false;
      this.#turn = this.#queue;
      this.#queue = [];
      this.#soon = false;
      this.#putOff = false;
    } else if (scheduler.hasNext()) {
      // Something strikes right after the segment before this.
      this.goOn();
      return false;
    }
    const immediate = this.#next();
    if (immediate !== undefined) this.#finish(immediate);
    if (this.#turn.length > 0) this.goOn();
    else this.#loop.arm();
    if (immediate === undefined) return false;
    this.callsFor = immediate.owner?.name;
    this.#loop.run(immediate);
    return true;
  }

  /** After timers and after what comes from outside, immediates are next; after the start of a program and after immediates, timers are. */
  #comesSoon(): boolean {
    const { target, current } = this.scheduler;
    return target !== this && (current === undefined || !Object.is(target, current));
  }

  /** Whether a millisecond passes before the turn, in which a timer may come first. */
  #putsOff(): boolean {
    if (this.#putOff) return false;
    const { now } = this.scheduler;
    if (this.#turnMs !== now) {
      this.#turnMs = now;
      this.#turns = 0;
    }
    const turn = this.#turns++;
    const open = !this.#soon && this.#loop.timerMs() === now + 1;
    const where = open ? this.naming.at(now).child('turn', turn) : undefined;
    if (turn < TURNS_PER_MS_MAX && (where === undefined || this.scheduler.draw(where, 2) === 0)) return false;
    this.#putOff = true;
    this.wait(now + 1);
    return true;
  }

  #next(): LoopImmediate | undefined {
    for (;;) {
      const immediate = this.#turn.shift();
      if (immediate === undefined || !immediate.cleared) return immediate;
    }
  }

  #finish(immediate: LoopImmediate): void {
    if (immediate.cleared) return;
    immediate.cleared = true;
    if (immediate.refed) this.refed -= 1;
    immediate.refed = false;
  }
}
