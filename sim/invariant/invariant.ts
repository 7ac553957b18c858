/**
 * The interface of invariants. An invariant makes checkers, one for each run. A checker sees every event of the kinds that
 * it names, and may read the system through the world's view. A run goes on after a violation; each invariant reports its
 * first one and is then off.
 */

/** An event, as checkers see it. */
export interface TraceEvent {
  readonly kind: string;
}

export interface Difference {
  readonly expected: string;
  readonly found: string;
}

/** What else is known of a violation. */
export interface ViolationOf {
  /** Of an exception: where it came from. For people only. */
  readonly stack?: string | undefined;
  /** What has to stay while a scenario is shrunk: another violation of the invariant is another defect. For people only. */
  readonly like?: string | undefined;
}

/** What a checker may use. `View` is the world's read-only view of the system under test. */
export interface CheckContext<View> {
  readonly view: View;
  /** Virtual milliseconds. */
  now(): number;
  /**
   * Reports that the invariant does not hold, in one sentence that says what was expected and what was found. The checker
   * is not called again. `expected` and `found` may be given separately, for a report to show their difference.
   */
  violate(message: string, difference?: Difference, of?: ViolationOf): void;
}

/** By kind of event. */
export type Handlers<Event extends TraceEvent> = {
  readonly [K in Event['kind']]?: (event: Extract<Event, { kind: K }>) => void;
};

/** A checker: one handler for each kind of event it cares about, and one for the end of the run. */
export interface Checker<Event extends TraceEvent> {
  readonly on: Handlers<Event>;
  /** Called after the last event. Not called when the run ended early (exception, stuck, foreign-await). */
  end?(): void;
}

/** A rule that always holds, under a stable id. */
export interface Invariant<Event extends TraceEvent, View> {
  readonly id: string;
  /** One sentence that says what holds. */
  readonly holds: string;
  create(context: CheckContext<View>): Checker<Event>;
}

/** The first violation of one invariant. */
export interface Violation {
  readonly invariant: string;
  readonly atMs: number;
  /** Number of the event at which it was seen, from 1. */
  readonly event: number;
  readonly message: string;
  /** It was seen after the last event, when the final state was checked. */
  readonly atEnd?: true;
  /** Of an exception: its stack. For people only, because it may differ between versions of Node. */
  readonly stack?: string;
  readonly difference?: Difference;
  /** What has to stay while its scenario is shrunk; see `ViolationOf`. */
  readonly like?: string;
}
