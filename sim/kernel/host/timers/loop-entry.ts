// biome-ignore-all lint/style/noRestrictedImports: a callback goes on in the async context of whoever set it
/** What stands in the queues of an event loop: callbacks, each with its owner, its arguments and its async context. */
import { AsyncResource } from 'node:async_hooks';
import type { HostCallback } from '../../schedule/ambient.ts';
import type { Runner } from '../../schedule/scheduler.ts';
import { Immediate, Timeout } from './handles.ts';
import type { Listed, TimerList } from './timer-lists.ts';

/** What an entry asks of the loop that it stands in. */
export interface EntryLoop {
  clearTimer(timer: LoopTimer): void;
  refreshTimer(timer: LoopTimer): void;
  referTimer(timer: LoopTimer, refed: boolean): void;
  /** From now on the timer's number stands for it. */
  numberTimer(timer: LoopTimer): void;
  clearImmediate(immediate: LoopImmediate): void;
  referImmediate(immediate: LoopImmediate, refed: boolean): void;
}

abstract class Entry {
  /** Whose segment set it. */
  readonly owner: Runner | undefined;
  /** Whether it keeps the run going. */
  refed = true;
  /** It will not be called. */
  cleared = false;
  protected readonly loop: EntryLoop;
  readonly callback: HostCallback;
  private readonly args: readonly unknown[];
  private readonly context: AsyncResource;

  constructor(
    loop: EntryLoop,
    kind: string,
    owner: Runner | undefined,
    callback: HostCallback,
    args: readonly unknown[],
  ) {
    this.loop = loop;
    this.owner = owner;
    this.callback = callback;
    this.args = args;
    this.context = new AsyncResource(kind);
  }

  /** What the code under test holds of it, and what is `this` in its callback. */
  abstract readonly handle: object;

  call(): void {
    this.context.runInAsyncScope(this.callback, this.handle, ...this.args);
  }
}

export class LoopTimer extends Entry implements Listed {
  /** Unique in its run, and the same in each run of the scenario. */
  readonly number: number;
  readonly durationMs: number;
  readonly repeats: boolean;
  /** Whether its own callback set it again, or one like it: a heartbeat, of which nothing has to come. */
  beats = false;
  dueMs = -1;
  list: TimerList<this> | undefined = undefined;
  previous: this | undefined = undefined;
  next: this | undefined = undefined;
  readonly handle = new Timeout(this);

  constructor(
    loop: EntryLoop,
    owner: Runner | undefined,
    callback: HostCallback,
    args: readonly unknown[],
    number: number,
    durationMs: number,
    repeats: boolean,
  ) {
    super(loop, 'Timeout', owner, callback, args);
    this.number = number;
    this.durationMs = durationMs;
    this.repeats = repeats;
  }

  override toString(): string {
    const { repeats, durationMs, refed, dueMs, owner } = this;
    const kind = repeats ? 'an interval' : 'a timeout';
    const by = owner === undefined ? 'nobody' : owner.name;
    return `${kind} of ${durationMs} ms,${refed ? '' : ' unreferenced,'} due at ${dueMs} ms, set by ${by}`;
  }

  refer(refed: boolean): void {
    this.loop.referTimer(this, refed);
  }

  clear(): void {
    this.loop.clearTimer(this);
  }

  refresh(): void {
    this.loop.refreshTimer(this);
  }

  known(): void {
    this.loop.numberTimer(this);
  }
}

export class LoopImmediate extends Entry {
  readonly handle = new Immediate(this);

  constructor(loop: EntryLoop, owner: Runner | undefined, callback: HostCallback, args: readonly unknown[]) {
    super(loop, 'Immediate', owner, callback, args);
  }

  refer(refed: boolean): void {
    this.loop.referImmediate(this, refed);
  }

  clear(): void {
    this.loop.clearImmediate(this);
  }
}
