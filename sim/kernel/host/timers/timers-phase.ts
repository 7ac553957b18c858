/** The timers of one event loop, one a segment: those of one duration in order, and of several that are due together one that is drawn. */
import { labelOf, type Name, NameHash } from '../../choices/name.ts';
import type { Scheduler } from '../../schedule/scheduler.ts';
import type { WaiterGroup } from '../../schedule/wait.ts';
import type { LoopTimer } from './loop-entry.ts';
import { Phase } from './phase.ts';
import { TimerLists } from './timer-lists.ts';

const DURATION = labelOf('ms');
const ORDINAL = labelOf('n');

/** The loop that a phase is part of. */
interface TimersLoop {
  arm(): void;
  run(timer: LoopTimer): void;
}

export class TimersPhase extends Phase {
  readonly #loop: TimersLoop;
  readonly #lists: TimerLists<LoopTimer> = new TimerLists();
  #lagUntilMs = 0;
  /** Names the picks of one millisecond. */
  #pickMs = -1;
  #picks = 0;
  readonly #hash = new NameHash();

  constructor(scheduler: Scheduler, group: WaiterGroup, loop: TimersLoop) {
    super(scheduler, group, 'timers');
    this.#loop = loop;
  }

  /** How many of them keep the run going. */
  get refed(): number {
    return this.#lists.refed;
  }

  /** When the first can fire, or -1. */
  get nextMs(): number {
    const dueMs = this.#lists.nextMs();
    return dueMs < 0 ? -1 : Math.max(dueMs, this.#lagUntilMs, this.scheduler.now);
  }

  insert(timer: LoopTimer): void {
    this.#lists.insert(timer, this.scheduler.now);
  }

  remove(timer: LoopTimer): void {
    this.#lists.remove(timer);
  }

  refer(timer: LoopTimer, refed: boolean): void {
    this.#lists.refer(timer, refed);
  }

  /** For so long no timer fires; those that are due by then do so late, in order of when they were due. */
  lag(forMs: number): void {
    this.#lagUntilMs = Math.max(this.#lagUntilMs, this.scheduler.now + forMs);
  }

  /** Whether it is so of one that is due by then. */
  some(untilMs: number, wanted: (timer: LoopTimer) => boolean): boolean {
    return this.#lists.some(untilMs, wanted);
  }

  left(): Iterable<LoopTimer> {
    return this.#lists.all();
  }

  /** Waits for the first, or for nothing where it keeps nobody waiting. */
  arm(waits: boolean): void {
    const { nextMs } = this;
    if (waits && nextMs >= 0) this.wait(nextMs);
    else this.drop();
  }

  override complete(): boolean {
    const due = this.nextMs === this.scheduler.now;
    const timer = due ? this.#first() : undefined;
    if (timer === undefined) {
      this.#loop.arm();
      return false;
    }
    this.#lists.remove(timer);
    this.callsFor = timer.owner?.name;
    this.#loop.run(timer);
    return true;
  }

  #first(): LoopTimer | undefined {
    const only = this.#lists.only();
    if (only !== undefined) return only;
    const { now } = this.scheduler;
    if (this.#pickMs !== now) {
      this.#pickMs = now;
      this.#picks = 0;
    }
    const where = this.naming.at(now).numbered(ORDINAL, this.#picks++);
    let picked: LoopTimer | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const timer of this.#lists.firsts()) {
      const drawn = this.#rankOf(where, timer.durationMs);
      if (drawn >= lowest) continue;
      lowest = drawn;
      picked = timer;
    }
    return picked;
  }

  #rankOf(where: Name, durationMs: number): number {
    const { chooser } = this.scheduler;
    if (chooser.rankOfHash === undefined) return chooser.rank(where.numbered(DURATION, durationMs));
    const { low, high } = this.#hash.of(where).numbered(DURATION, durationMs);
    return chooser.rankOfHash(low, high);
  }
}
