/**
 * A host on virtual time, for code that is not ours: timers, clocks and randomness of a run that declares
 * `ambient: virtual`.
 *
 * Timers stand in a fake-timers clock of the run's own, which is installed nowhere: the guards call it. It is driven by
 * next-event: when no task is ready, the run moves to its next timer or its own next wait, whichever is first, and a
 * timer's callback is a segment of the task that set the timer. Timers of one instant fire in the order in which Node
 * would fire them, and those of a killed group never do.
 */
import { type Clock, createClock, type TimerId } from '@sinonjs/fake-timers';
import { DRAW_BOUND_MAX } from '../choices/chooser.ts';
import { name } from '../choices/name.ts';
import type { TimerKind, VirtualHost } from '../schedule/ambient.ts';
import type { HostTimers, Scheduler } from '../schedule/scheduler.ts';
import { Wait, type Waiter, type WaiterGroup } from '../schedule/wait.ts';

type TimerCallback = (...args: unknown[]) => void;

export class SimHost implements VirtualHost, HostTimers {
  readonly #scheduler: Scheduler;
  readonly #root: WaiterGroup;
  readonly #epochMs: number;
  readonly #clock: Clock;
  /** Timers that were asked for their number. */
  readonly #numbered = new Map<number, VirtualTimer>();
  #timers = 0;
  #drawnMs = -1;
  readonly #drawn = new Map<string, number>();

  constructor(scheduler: Scheduler, root: WaiterGroup) {
    this.#scheduler = scheduler;
    this.#root = root;
    this.#epochMs = Number(root.wallNow()) - scheduler.now;
    this.#clock = createClock(this.#epochMs);
    this.moved();
  }

  nextMs(): number {
    const callAt = this.#clock.timerHeap?.peek()?.callAt;
    return callAt === undefined ? -1 : Math.max(callAt - this.#epochMs, this.#scheduler.now);
  }

  moved(): void {
    // Nothing is due before: a tick would only look at every timer to find that out.
    this.#clock.now = this.#epochMs + this.#scheduler.now;
  }

  fire(): void {
    this.#clock.next();
  }

  wallMs(): number {
    const group = this.#scheduler.current?.group ?? this.#root;
    return Number(group.wallNow());
  }

  performanceNow(): number {
    return this.#clock.performance.now();
  }

  hrtime(): readonly [number, number] {
    const [seconds = 0, nanos = 0] = this.#clock.hrtime();
    return [seconds, nanos];
  }

  setTimer(kind: TimerKind, callback: TimerCallback, delayMs: number, args: readonly unknown[]): unknown {
    const owner = this.#scheduler.current;
    const run = (): void => this.#run(owner, () => callback(...args));
    this.#timers += 1;
    if (this.#scheduler.fenced) return new VirtualTimer(this.#timers, UNSET, this.#numbered);
    return new VirtualTimer(this.#timers, this.#set(kind, run, delayMs), this.#numbered);
  }

  #set(kind: TimerKind, run: () => void, delayMs: number): SetTimer {
    const clock = this.#clock;
    switch (kind) {
      case 'timeout': {
        const id = clock.setTimeout(run, delayMs);
        return { id, clear: () => clock.clearTimeout(id) };
      }
      case 'interval': {
        const id = clock.setInterval(run, delayMs);
        return { id, clear: () => clock.clearInterval(id) };
      }
      case 'immediate': {
        const id = clock.setImmediate(run);
        return { id, clear: () => clock.clearImmediate(id) };
      }
    }
  }

  clearTimer(handle: unknown): void {
    if (handle instanceof VirtualTimer) handle.close();
    else if (typeof handle === 'number' || typeof handle === 'string') this.#numbered.get(Number(handle))?.close();
  }

  /** Drawn under the name of whoever asks, and set off by that name: under plain choices it must not repeat itself. */
  random(): number {
    const { current, currentCallback, now } = this.#scheduler;
    if (this.#drawnMs !== now) {
      this.#drawnMs = now;
      this.#drawn.clear();
    }
    const owner = current?.naming.path ?? currentCallback?.cause.name ?? name('ambient');
    const text = owner.toString();
    const ordinal = this.#drawn.get(text) ?? 0;
    this.#drawn.set(text, ordinal + 1);
    const drawn = owner.child('random').child('t', now).child('n', ordinal);
    return (this.#scheduler.draw(drawn, DRAW_BOUND_MAX) + (drawn.low >>> 0)) % DRAW_BOUND_MAX;
  }

  #run(owner: Waiter | undefined, callback: () => void): void {
    if (owner === undefined) {
      callback();
      return;
    }
    if (owner.group.killed) return;
    const scheduler = this.#scheduler;
    const complete = (): boolean => {
      scheduler.enterTask(owner);
      try {
        callback();
      } catch (error) {
        scheduler.taskThrew(owner, error);
      }
      return true;
    };
    if (owner.group.holds === 0) {
      complete();
      return;
    }
    owner.openWaits += 1;
    scheduler.ready(new Wait(owner, { complete }));
  }
}

interface SetTimer {
  readonly id: TimerId;
  clear(): void;
}

/** The timer of a node that was killed in this very segment. */
const UNSET: SetTimer = { id: 0, clear: () => {} };

/** What `setTimeout` gives: Node's methods, and a number that depends on the run alone. */
class VirtualTimer {
  readonly #number: number;
  readonly #timer: SetTimer;
  readonly #numbered: Map<number, VirtualTimer>;
  #refed = true;

  constructor(number: number, timer: SetTimer, numbered: Map<number, VirtualTimer>) {
    this.#number = number;
    this.#timer = timer;
    this.#numbered = numbered;
  }

  /** A virtual run ends when nothing is due, and an unreferenced timer is due like any other. */
  ref(): this {
    this.#refed = true;
    return this;
  }

  unref(): this {
    this.#refed = false;
    return this;
  }

  hasRef(): boolean {
    return this.#refed;
  }

  refresh(): this {
    const { id } = this.#timer;
    const refresh: unknown = typeof id === 'object' ? Reflect.get(id, 'refresh') : undefined;
    if (typeof refresh === 'function') Reflect.apply(refresh, id, []);
    return this;
  }

  close(): this {
    this.#numbered.delete(this.#number);
    this.#timer.clear();
    return this;
  }

  [Symbol.toPrimitive](): number {
    this.#numbered.set(this.#number, this);
    return this.#number;
  }
}
