// biome-ignore-all lint/style/noRestrictedImports: what V8 tells of promises comes through the host
/**
 * Gives every continuation back to whoever awaits, for runs of code that is not ours.
 *
 * A promise runs its reactions in the segment of whoever settles it. Where tasks of the kernel wait for nothing but kernel
 * primitives that is their own segment; code that is not ours hands promises from one task to the next, and from one node
 * to the next. So here every promise is stamped, as it is made, with who made it (the derived promise of an `await` or a
 * `then` is made by whoever awaits), and that owner is entered before the reaction runs and left after it. It follows that
 *
 * - draws, waits and timers of a continuation are those of the task that awaits, and so is its node;
 * - a continuation that is about to run in a node that is dead or paused is seen, whatever it does next: nodes share no
 *   promise, so the author of the test made a mistake. The segment in which a node is killed or paused is not meant: it was
 *   begun by the node itself, and goes on to its end;
 * - a promise without a stamp was made outside of the run, so that a task which awaits it waits for the host.
 *
 * V8's promise hooks are public in Node (`v8.promiseHooks`) and tell the same in every version. A stamp is a private field
 * that is put on the promise from outside: code can't see it. Measured on Node 20, this costs an `await` no more than
 * `AsyncLocalStorage`, which knows the owner only when asked, so that it would miss a dead node that asks nothing; a
 * WeakMap costs ten times as much. What nobody awaits is not carried: a listener runs as whoever emits.
 */
import { promiseHooks } from 'node:v8';
import type { Runner, Scheduler } from '../../schedule/scheduler.ts';
import type { AwaitBook } from './await-book.ts';
import { watchHost } from './host-work.ts';

/** A promise that somebody else settled is about to go on in a node where nothing runs. */
export interface Crossing {
  readonly task: string;
  /** The node of the task. */
  readonly group: string;
  readonly state: 'dead' | 'paused' | 'of an earlier run';
  /** Whose segment it is. */
  readonly by: string;
  /** Where it was awaited and where it was settled; known where places are kept. */
  readonly awaitedAt?: string;
  readonly settledAt?: string;
}

export interface OwnershipHooks {
  /** The host resumed this one's code while no segment was running. */
  resumedByHost(runner: string): void;
  crossed(crossing: Crossing): void;
}

/** Whether promises can be followed here at all: some other engines can't, and Bun has a function that says so by throwing. */
export function canFollowPromises(): boolean {
  try {
    promiseHooks.createHook({});
    return true;
  } catch {
    return false;
  }
}

// Private without #: see scheduler.ts.
export class Ownership {
  private readonly scheduler: Scheduler;
  private readonly hooks: OwnershipHooks;
  /** Where the awaits are; undefined where nobody needs to know. */
  readonly book: AwaitBook | undefined;
  /** Whether a segment made something of the host's, as far as that is known without a book. */
  usesHost = false;
  /** Reactions to promises that were made outside of the run, and have not run. */
  private readonly outside = new Map<object, Runner>();
  private unhook: (() => void) | undefined = undefined;
  /** A member of the world is called outside of the run's segments, and may make promises for it. */
  private building = false;
  private stopped = false;
  private entered = false;
  private before: Runner | undefined = undefined;
  private thrower: { readonly error: unknown; readonly runner: Runner | undefined } | undefined = undefined;

  constructor(scheduler: Scheduler, hooks: OwnershipHooks, book: AwaitBook | undefined) {
    this.scheduler = scheduler;
    this.hooks = hooks;
    this.book = book;
  }

  /** Begins to follow promises. */
  follow(): void {
    if (this.unhook !== undefined) return;
    const { book } = this;
    const stop: unknown = promiseHooks.createHook({
      init: (promise, parent) => this.made(promise, parent),
      before: (promise) => this.enter(promise),
      after: () => this.leave(),
      ...(book === undefined ? {} : { settled: (promise: object) => this.inRun && book.settled(promise) }),
    });
    book?.follow(() => (this.scheduler.inSegment ? this.scheduler.runner : undefined));
    const unwatch = watchHost(() => {
      if (this.scheduler.inSegment && this.scheduler.runner !== undefined) this.usesHost = true;
    });
    this.unhook = () => {
      if (typeof stop === 'function') stop();
      book?.unfollow();
      unwatch();
    };
  }

  /** The segment under way was stopped: what it has put off to later is dropped, as it may go on for ever. */
  stop(): void {
    this.stopped = true;
  }

  unfollow(): void {
    this.unhook?.();
    this.unhook = undefined;
  }

  /** Follows the promises of a call that makes the system, before it runs. */
  build<T>(call: () => T): T {
    this.follow();
    this.building = true;
    try {
      return call();
    } finally {
      this.building = false;
      this.unfollow();
    }
  }

  /** Those that wait for a promise from outside of the run. */
  awaitingOutside(): Iterable<Runner> {
    return new Set(this.outside.values());
  }

  /** The same function, to be called later in this segment by somebody else, as whoever runs now. */
  readonly carry = (callback: (...args: unknown[]) => unknown): ((...args: unknown[]) => unknown) => {
    const { scheduler } = this;
    const { runner } = scheduler;
    const carried = (self: unknown, args: unknown[]): unknown => {
      if (this.stopped) return undefined;
      const before = scheduler.runner;
      if (runner !== before) scheduler.enter(runner);
      try {
        return Reflect.apply(callback, self, args);
      } catch (error) {
        this.thrower = { error, runner };
        throw error;
      } finally {
        if (runner !== before) scheduler.enter(before);
      }
    };
    return function (this: unknown, ...args: unknown[]): unknown {
      return carried(this, args);
    };
  };

  /** Whose the error is that Node reports: of this promise, which nobody handled, or of a tick. */
  ownerOf(error: unknown, promise: object | undefined): Runner | undefined {
    if (promise !== undefined) return Stamp.isOn(promise) ? Stamp.runnerOf(promise) : this.scheduler.runner;
    const { thrower } = this;
    return thrower !== undefined && thrower.error === error ? thrower.runner : this.scheduler.runner;
  }

  private get inRun(): boolean {
    return this.scheduler.inSegment || this.building;
  }

  private made(promise: object, parent: object | undefined): void {
    if (!this.inRun) return;
    const { runner } = this.scheduler;
    new Stamp(promise, this, runner);
    if (parent === undefined) return;
    if (runner !== undefined && !Stamp.isOn(parent)) this.outside.set(promise, runner);
    this.book?.awaited(promise, parent, runner);
  }

  /** A reaction is about to run. */
  private enter(promise: object): void {
    if (!Stamp.isOn(promise)) return;
    const { scheduler } = this;
    const runner = Stamp.runnerOf(promise);
    if (!scheduler.inSegment) {
      if (Stamp.ownershipOf(promise) === this) this.hooks.resumedByHost(runner?.name ?? '');
      return;
    }
    if (this.outside.size > 0) this.outside.delete(promise);
    const before = scheduler.runner;
    if (runner !== before && runner !== undefined) {
      if (Stamp.ownershipOf(promise) !== this) this.cross(promise, runner, 'of an earlier run');
      else this.enterOther(promise, runner, before);
    }
    this.book?.resumed(promise);
  }

  private enterOther(promise: object, runner: Runner, before: Runner | undefined): void {
    const group = groupOf(runner);
    if (group !== undefined && group !== groupOf(before)) {
      if (group.killed) this.cross(promise, runner, 'dead');
      else if (group.holds > 0) this.cross(promise, runner, 'paused');
    }
    this.entered = true;
    this.before = before;
    this.scheduler.enter(runner);
  }

  private leave(): void {
    if (!this.entered) return;
    this.entered = false;
    if (this.scheduler.inSegment) this.scheduler.enter(this.before);
    this.before = undefined;
  }

  private cross(promise: object, runner: Runner, state: Crossing['state']): void {
    const by = this.scheduler.runner?.name ?? '';
    const places = this.book?.placesOf(promise);
    this.hooks.crossed({ task: runner.name, group: groupOf(runner)?.name ?? '', state, by, ...places });
  }
}

function groupOf(runner: Runner | undefined) {
  return runner !== undefined && 'group' in runner ? runner.group : undefined;
}

class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: a class derived from this one puts its fields on what is given
    return object;
  }
}

/** Who made a promise, and in which run. */
class Stamp extends Given {
  readonly #ownership: Ownership;
  readonly #runner: Runner | undefined;

  constructor(promise: object, ownership: Ownership, runner: Runner | undefined) {
    super(promise);
    this.#ownership = ownership;
    this.#runner = runner;
  }

  static isOn(promise: object): promise is Stamp {
    return #runner in promise;
  }

  static runnerOf(promise: Stamp): Runner | undefined {
    return promise.#runner;
  }

  static ownershipOf(promise: Stamp): Ownership {
    return promise.#ownership;
  }
}
