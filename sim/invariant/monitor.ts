/**
 * The monitor of one run. It shows every event to the checkers that watch its kind, and keeps each invariant's first
 * violation. Exceptions that come out of a checker are kept apart; either the checker or the system that it asked may have
 * thrown them.
 */
import type { CheckContext, Checker, Difference, Invariant, TraceEvent, Violation, ViolationOf } from './invariant.ts';
import { WorldError } from './world-error.ts';

interface Watch {
  readonly invariant: string;
  readonly checker: { end?(): void };
  off: boolean;
}

interface Handler<Event> {
  readonly watch: Watch;
  /** Returns nothing. A promise would have nobody to wait for it. */
  readonly handle: (event: Event) => unknown;
}

/** The checkers that watch one kind of event, and how many such events there were. */
export interface WatchedKind<Event> {
  readonly handlers: Handler<Event>[];
  seen: number;
}

/** What came out of a checker, which is off from then on. */
export interface CheckerError {
  readonly invariant: string;
  readonly error: unknown;
}

/**
 * The states that an invariant can pass through in a run: it was shown one thing to check, ten, a hundred or a thousand,
 * and it was violated. An invariant that was shown nothing is in none of them: that it holds says nothing.
 */
export const INVARIANT_STATES = ['shown 1', 'shown 10', 'shown 100', 'shown 1000', 'violated'] as const;
const SHOWN = [1, 10, 100, 1000] as const;

export class Monitor<Event extends TraceEvent, View> {
  /** In order of time. Violations at one event stand in the order in which the world lists its invariants. */
  readonly violations: Violation[] = [];
  /** In order of time. */
  readonly errors: CheckerError[] = [];
  readonly #kinds = new Map<string, WatchedKind<Event>>();
  readonly #watches: Watch[] = [];
  readonly #now: () => number;
  #events = 0;
  #ending = false;

  /** `now` gives virtual milliseconds. */
  constructor(invariants: readonly Invariant<Event, View>[], view: View, now: () => number) {
    this.#now = now;
    for (const invariant of invariants) {
      const watch: { invariant: string; checker: Checker<Event>; off: boolean } = {
        invariant: invariant.id,
        checker: { on: {} },
        off: false,
      };
      const context: CheckContext<View> = {
        view,
        now,
        violate: (message, difference, of) => this.#violate(watch, message, difference, of),
      };
      try {
        watch.checker = invariant.create(context);
      } catch (error) {
        this.errors.push({ invariant: invariant.id, error });
      }
      this.#watches.push(watch);
      this.#register(watch, watch.checker.on);
    }
  }

  /** Number of events seen. */
  get events(): number {
    return this.#events;
  }

  observe(event: Event): void {
    this.observeAs(this.kind(event.kind), event);
  }

  /** The checkers that watch this kind of event. */
  kind(kind: string): WatchedKind<Event> {
    const known = this.#kinds.get(kind);
    if (known !== undefined) return known;
    const made: WatchedKind<Event> = { handlers: [], seen: 0 };
    this.#kinds.set(kind, made);
    return made;
  }

  /** `observe`, for callers that have looked up the kind already. */
  observeAs(kind: WatchedKind<Event>, event: Event): void {
    this.#events += 1;
    kind.seen += 1;
    const { handlers } = kind;
    for (let i = 0; i < handlers.length; i++) {
      const handler = handlers[i];
      if (handler === undefined || handler.watch.off) continue;
      try {
        const given = handler.handle(event);
        if (given !== undefined) refusePromise(given);
      } catch (error) {
        this.#fail(handler.watch, error);
      }
    }
  }

  /** Lets every checker look at the final state. Called when the run has ended in an orderly way. */
  end(): void {
    this.#ending = true;
    for (const watch of this.#watches) {
      if (watch.off) continue;
      try {
        const given: unknown = watch.checker.end?.();
        if (given !== undefined) refusePromise(given);
      } catch (error) {
        this.#fail(watch, error);
      }
    }
  }

  /**
   * The states that the invariants passed through, as `INVARIANT state`; of the `shown` states only the greatest. Events
   * are counted by kind, which costs next to nothing during the run.
   */
  states(): readonly string[] {
    const shown = new Map<Watch, number>();
    for (const { handlers, seen } of this.#kinds.values()) {
      for (const { watch } of handlers) shown.set(watch, (shown.get(watch) ?? 0) + seen);
    }
    const states: string[] = [];
    for (const watch of this.#watches) {
      const times = (shown.get(watch) ?? 0) + (this.#ending && watch.checker.end !== undefined ? 1 : 0);
      const least = SHOWN.findLast((least) => times >= least);
      if (least !== undefined) states.push(`${watch.invariant} shown ${least}`);
    }
    for (const { invariant } of this.violations) states.push(`${invariant} violated`);
    return states;
  }

  /** Reports a violation of the run as a whole, which no checker sees. */
  report(invariant: string, message: string, stack?: string): void {
    if (this.violations.some((violation) => violation.invariant === invariant)) return;
    const told = { invariant, atMs: this.#now(), event: this.#events, message };
    this.violations.push(stack === undefined ? told : { ...told, stack });
  }

  /** The kinds of events that checkers watch, each with the first invariant that watches it. */
  *watched(): Iterable<readonly [kind: string, invariant: string]> {
    for (const [kind, { handlers }] of this.#kinds) {
      const [first] = handlers;
      if (first !== undefined) yield [kind, first.watch.invariant];
    }
  }

  #register(watch: Watch, on: Checker<Event>['on']): void {
    for (const [kind, handle] of Object.entries<((event: never) => void) | undefined>(on)) {
      if (handle === undefined) continue;
      // A handler's key is the kind of event that it takes.
      this.kind(kind).handlers.push({ watch, handle: handle as (event: Event) => void });
    }
  }

  #fail(watch: Watch, error: unknown): void {
    watch.off = true;
    this.errors.push({ invariant: watch.invariant, error });
  }

  #violate(watch: Watch, message: string, difference?: Difference, { stack, like }: ViolationOf = {}): void {
    if (watch.off) return;
    watch.off = true;
    this.violations.push({
      invariant: watch.invariant,
      atMs: this.#now(),
      event: this.#events,
      message,
      ...(this.#ending ? { atEnd: true } : {}),
      ...(difference === undefined ? {} : { difference }),
      ...(stack === undefined ? {} : { stack }),
      ...(like === undefined ? {} : { like }),
    });
  }
}

/** Checkers must look at once: what they saw later would not be the event any more. */
function refusePromise(given: unknown): void {
  if (!(given instanceof Promise)) return;
  // The error below ends the run, so a later rejection must reach nobody.
  given.catch(() => {});
  throw new WorldError('a checker returned a promise, which nothing waits for');
}
