/**
 * The monitor of one run: shows every event to the checkers that care about its kind, keeps each invariant's first
 * violation, and keeps what a checker throws apart from both: that is a defect of the harness, not of the system.
 */
import type { CheckContext, Checker, Invariant, TraceEvent, Violation } from './invariant.ts';

interface Watch {
  readonly invariant: string;
  readonly checker: { end?(): void };
  off: boolean;
}

interface Handler<Event> {
  readonly watch: Watch;
  readonly handle: (event: Event) => void;
}

/** A checker threw. */
export interface Defect {
  readonly invariant: string;
  readonly error: unknown;
}

export class Monitor<Event extends TraceEvent, View> {
  /** In order of time; of one event, in the order in which the world lists its invariants. */
  readonly violations: Violation[] = [];
  readonly #handlers = new Map<string, Handler<Event>[]>();
  readonly #watches: Watch[] = [];
  readonly #now: () => number;
  #events = 0;
  #ending = false;
  #defect: Defect | undefined;

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
        violate: (message, difference) => this.#violate(watch, message, difference),
      };
      try {
        watch.checker = invariant.create(context);
      } catch (error) {
        this.#defect ??= { invariant: invariant.id, error };
      }
      this.#watches.push(watch);
      this.#register(watch, watch.checker.on);
    }
  }

  /** The first exception of a checker. */
  get defect(): Defect | undefined {
    return this.#defect;
  }

  /** Events seen. */
  get events(): number {
    return this.#events;
  }

  observe(event: Event): void {
    this.#events += 1;
    const handlers = this.#handlers.get(event.kind);
    if (handlers === undefined) return;
    for (const handler of handlers) {
      if (handler.watch.off) continue;
      try {
        handler.handle(event);
      } catch (error) {
        this.#fail(handler.watch, error);
      }
    }
  }

  /** Lets every checker look once more; called when the run has ended in an orderly way. */
  end(): void {
    this.#ending = true;
    for (const watch of this.#watches) {
      if (watch.off) continue;
      try {
        watch.checker.end?.();
      } catch (error) {
        this.#fail(watch, error);
      }
    }
  }

  /** Reports a violation that no checker sees: of the run as a whole. */
  report(invariant: string, message: string): void {
    if (this.violations.some((violation) => violation.invariant === invariant)) return;
    this.violations.push({ invariant, atMs: this.#now(), event: this.#events, message });
  }

  #register(watch: Watch, on: Checker<Event>['on']): void {
    for (const [kind, handle] of Object.entries<((event: never) => void) | undefined>(on)) {
      if (handle === undefined) continue;
      const list = this.#handlers.get(kind) ?? [];
      // The key under which a handler stands is the kind of event it takes.
      list.push({ watch, handle: handle as (event: Event) => void });
      this.#handlers.set(kind, list);
    }
  }

  #fail(watch: Watch, error: unknown): void {
    watch.off = true;
    this.#defect ??= { invariant: watch.invariant, error };
  }

  #violate(watch: Watch, message: string, difference?: Violation['difference']): void {
    if (watch.off) return;
    watch.off = true;
    this.violations.push({
      invariant: watch.invariant,
      atMs: this.#now(),
      event: this.#events,
      message,
      ...(this.#ending ? { atEnd: true } : {}),
      ...(difference === undefined ? {} : { difference }),
    });
  }
}
