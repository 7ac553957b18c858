/**
 * A host on virtual time, for code that is not ours: timers, clocks and randomness of a run that declares
 * `ambient: virtual`. The guards call it.
 *
 * Each group is a host of its own, with an event loop (`event-loop.ts`). The clocks are those of a fake-timers clock that is
 * installed nowhere and holds no timers.
 */
import { type Clock, createClock } from '@sinonjs/fake-timers';
import { DRAW_BOUND_MAX } from '../choices/chooser.ts';
import { name } from '../choices/name.ts';
import {
  activeAmbient,
  type HostCallback,
  type HostImmediate,
  type HostTimer,
  type VirtualHost,
} from '../schedule/ambient.ts';
import type { IdleHosts, Scheduler } from '../schedule/scheduler.ts';
import type { WaiterGroup } from '../schedule/wait.ts';
import type { Group } from '../tasks/group.ts';
import type { AwaitBook } from './awaits/await-book.ts';
import { answer } from './guard.ts';
import { EventLoop, type Loops } from './timers/event-loop.ts';
import { Immediate, Timeout } from './timers/handles.ts';
import type { LoopTimer } from './timers/loop-entry.ts';

/** A process has been up for a while when its first code runs: code may take a reading of 0 for none (lru-cache does). */
const UP_MS = 1000;

export class SimHost implements VirtualHost, IdleHosts, Loops {
  readonly idle = new Set<EventLoop>();
  readonly numbered = new Map<string, LoopTimer>();
  readonly #scheduler: Scheduler;
  /** Where timers are set; absent where nobody needs to know. */
  readonly #book: AwaitBook | undefined;
  readonly #root: Group;
  readonly #epochMs: number;
  readonly #clock: Clock;
  readonly #loops = new Map<WaiterGroup, EventLoop>();
  /** The loop asked for last. */
  #loop: EventLoop;
  #numbers = 0;
  #overflowed = false;
  #drawnMs = -1;
  readonly #drawn = new Map<string, number>();

  constructor(scheduler: Scheduler, root: Group, book?: AwaitBook) {
    this.#book = book;
    this.#scheduler = scheduler;
    this.#root = root;
    this.#epochMs = Number(root.wallNow()) - scheduler.now;
    this.#clock = createClock(this.#epochMs - UP_MS);
    this.#loop = this.loopOf(root);
  }

  wallMs(): number {
    const group = this.#scheduler.current?.group ?? this.#root;
    return Number(group.wallNow());
  }

  performanceNow(): number {
    return this.#clockNow().performance.now();
  }

  hrtime(): readonly [number, number] {
    const [seconds = 0, nanos = 0] = this.#clockNow().hrtime();
    return [seconds, nanos];
  }

  setTimer(callback: HostCallback, delayMs: number, args: readonly unknown[], repeats: boolean): HostTimer {
    this.#book?.putOff(this.#scheduler.runner);
    return this.#current().setTimer(callback, delayMs, args, repeats).handle;
  }

  setImmediate(callback: HostCallback, args: readonly unknown[]): HostImmediate {
    this.#book?.putOff(this.#scheduler.runner);
    return this.#current().setImmediate(callback, args).handle;
  }

  clearTimer(handle: unknown): boolean {
    if (typeof handle !== 'number' && typeof handle !== 'string') return Timeout.clear(handle);
    this.numbered.get(String(handle))?.clear();
    return true;
  }

  clearImmediate(handle: unknown): boolean {
    return Immediate.clear(handle);
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

  // What follows is for the kernel and the loops.

  nextMs(alone: boolean): number {
    let firstMs = -1;
    for (const loop of this.idle) {
      const nextMs = loop.group.killed ? -1 : loop.nextMs();
      if (nextMs < 0) this.idle.delete(loop);
      else if (firstMs < 0 || nextMs < firstMs) firstMs = nextMs;
    }
    // A task that has not ended stands for whatever else would keep its process going: a socket, a test.
    return firstMs >= 0 && alone && this.#root.unfinished().next().done === true ? -1 : firstMs;
  }

  goOn(): void {
    const { now } = this.#scheduler;
    for (const loop of this.idle) if (loop.nextMs() === now) loop.goOn();
  }

  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  overflowed(delayMs: number): void {
    if (this.#overflowed) return;
    this.#overflowed = true;
    process.emitWarning(
      `${delayMs} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
      'TimeoutOverflowWarning',
    );
  }

  checkOwn(what: string): void {
    const ambient = activeAmbient();
    if (ambient !== undefined && ambient.host !== this) answer(ambient, what, undefined, [], () => undefined);
  }

  loopOf(group: WaiterGroup): EventLoop {
    const known = this.#loops.get(group);
    if (known !== undefined) return known;
    const loop = new EventLoop(this.#scheduler, group, this);
    this.#loops.set(group, loop);
    return loop;
  }

  /** The timers of living groups that are set. */
  *left(): Generator<LoopTimer> {
    for (const loop of this.#loops.values()) if (!loop.group.killed) yield* loop.left();
  }

  /** Whether something may come of a timer by then. */
  awaitsTimer(untilMs: number): boolean {
    for (const loop of this.#loops.values()) if (!loop.group.killed && loop.awaitsTimer(untilMs)) return true;
    return false;
  }

  #current(): EventLoop {
    const group = this.#scheduler.current?.group ?? this.#root;
    if (this.#loop.group !== group) this.#loop = this.loopOf(group);
    return this.#loop;
  }

  #clockNow(): Clock {
    this.#clock.now = this.#epochMs + this.#scheduler.now;
    return this.#clock;
  }
}
