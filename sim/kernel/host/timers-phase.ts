/** The timers of one event loop, one a segment: those of one duration in order, and of several that are due together one that is drawn. */
import { labelOf } from '../choices/name.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import type { WaiterGroup } from '../schedule/wait.ts';
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
    if (timer !== undefined) this.#lists.remove(timer);
    this.#loop.arm();
    if (timer === undefined) return false;
    this.callsFor = timer.owner?.name;
    this.#loop.run(timer);
    return true;
  }

  #first(): LoopTimer | undefined {
    const [first, ...others] = this.#lists.firsts();
    if (first === undefined || others.length === 0) return first;
    const { chooser, now } = this.scheduler;
    if (this.#pickMs !== now) {
      this.#pickMs = now;
      this.#picks = 0;
    }
    const where = this.naming.at(now).numbered(ORDINAL, this.#picks++);
    const rank = ({ durationMs }: LoopTimer): number => chooser.rank(where.numbered(DURATION, durationMs));
    let picked = first;
    let lowest = rank(first);
    for (const other of others) {
      const drawn = rank(other);
      if (drawn >= lowest) continue;
      lowest = drawn;
      picked = other;
    }
    return picked;
  }
}
