/**
 * What is observed of a run: the trace, what the invariants make of it, the marks that were reached and the faults that took
 * effect. The world tells of them by `emit`, `mark` and `injected`, each of which has rules; what breaks one is the author's
 * mistake, and ends the run.
 */
import type { TraceEvent } from '../../invariant/invariant.ts';
import { Monitor, type WatchedKind } from '../../invariant/monitor.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { MisuseError } from '../../kernel/misuse.ts';
import { type RecordKind, TraceRecorder } from '../../kernel/trace/trace.ts';
import type { FaultBase, Harness, Instance, KeyedFault, OperationBase, World } from '../../world.ts';
import type { Code } from '../blame/blame.ts';
import { describeError, isOf, stackOf } from '../blame/thrown.ts';
import type { ArmedFaults, WaitingForKind } from './armed-faults.ts';
import { boundsOf, boundText, heldBytes, type RunBounds } from './bounds.ts';
import { Outcome } from './outcome.ts';
import { NO_DIGEST, type RunOptions } from './result.ts';

/** Where events of one kind go. */
interface Route<E, F> {
  readonly record: RecordKind;
  readonly watched: WatchedKind<E>;
  readonly observe: ((event: E) => void) | undefined;
  /** Faults that wait for events of this kind. */
  readonly armed: WaitingForKind<F> | undefined;
}

type Observed<E extends TraceEvent, V> = Pick<Instance<OperationBase, FaultBase, V, E>, 'view' | 'observers'>;

export class Observation<E extends TraceEvent, V, F extends FaultBase> {
  readonly outcome: Outcome;
  readonly trace: TraceRecorder;
  readonly marks = new Map<string, number>();
  readonly injected = new Set<string>();
  readonly #world: Pick<World<never, never, never, E, V>, 'events' | 'marks' | 'invariants'>;
  readonly #faults: readonly KeyedFault[];
  readonly #armed: ArmedFaults<F>;
  readonly #kernel: Kernel;
  readonly #code: Code;
  readonly #stopOn: string | undefined;
  readonly #bounds: RunBounds;
  /** Events from here on are not recorded. */
  #eventsMax: number;
  #encodedBytes = 0;
  readonly #routes = new Map<string, Route<E, F>>();
  #monitor: Monitor<E, V> | undefined;
  #observers: Readonly<Record<string, ((event: never) => void) | undefined>> = {};
  #looked = 0;
  /** Errors of checkers of which it is known whose they are. */
  #blamed = 0;

  constructor(
    world: Pick<World<never, never, never, E, V>, 'events' | 'marks' | 'invariants'>,
    faults: readonly KeyedFault[],
    armed: ArmedFaults<F>,
    kernel: Kernel,
    code: Code,
    { keepTrace, stopOn, maxEvents, onThrown }: RunOptions,
  ) {
    this.#world = world;
    this.#faults = faults;
    this.#armed = armed;
    this.#kernel = kernel;
    this.#code = code;
    this.#stopOn = stopOn;
    this.#bounds = boundsOf(maxEvents);
    this.#eventsMax = this.#bounds.events;
    this.trace = new TraceRecorder(world.events, {
      keep: keepTrace === true,
      onGrowth: (encodedBytes) => this.#onGrowth(encodedBytes),
    });
    const report = (invariant: string, message: string, stack?: string): void =>
      this.monitor.report(invariant, message, stack);
    this.outcome = new Outcome(code, report, onThrown);
  }

  /** What a world's instance is given. */
  get harness(): Omit<Harness<E>, 'strike'> {
    return {
      kernel: this.#kernel,
      emit: (event) => this.#emit(event),
      mark: (mark) => {
        const hits = this.marks.get(mark);
        if (hits === undefined && !this.#world.marks.includes(mark)) {
          this.outcome.misused(`mark('${mark}'): the world declares no such mark`);
          return;
        }
        this.marks.set(mark, (hits ?? 0) + 1);
      },
      injected: (key) => {
        if (this.injected.has(key)) return;
        if (this.#faults.some((fault) => fault.key === key)) this.injected.add(key);
        else this.outcome.misused(`injected('${key}'): the scenario has no fault of this key`);
      },
    };
  }

  /** Once the system is built: lets the invariants see it. */
  watch(instance: Observed<E, V>): void {
    const { invariants, events } = this.#world;
    const monitor = new Monitor(invariants, instance.view, () => this.#kernel.now);
    this.#monitor = monitor;
    this.#observers = instance.observers ?? {};
    for (const [kind, invariant] of monitor.watched()) {
      if (!Object.hasOwn(events, kind))
        this.outcome.misused(`invariant ${invariant} watches '${kind}': ${noKind(events)}`);
    }
    for (const kind of Object.keys(this.#observers)) {
      if (!Object.hasOwn(events, kind)) this.outcome.misused(`observers: '${kind}': ${noKind(events)}`);
    }
  }

  get monitor(): Monitor<E, V> {
    if (this.#monitor === undefined) throw new MisuseError('nothing can be observed before the system is built');
    return this.#monitor;
  }

  #emit(event: E): void {
    const { outcome } = this;
    if (outcome.broken) return;
    const kernel = this.#kernel;
    const monitor = this.monitor;
    if (this.trace.count >= this.#eventsMax) {
      this.#stopAtBound(`${this.#bounds.events} events`);
      return;
    }
    const route = this.#routes.get(event.kind) ?? this.#route(event.kind);
    if (route === undefined) return;
    try {
      this.trace.recordAs(route.record, event, kernel.now, kernel.currentActor);
    } catch (error) {
      // Thrown on, it might be caught by the system.
      outcome.memberThrew('emit', kernel.currentTask, error);
      return;
    }
    monitor.observeAs(route.watched, event);
    if (this.#stopOn !== undefined) this.#look(this.#stopOn);
    try {
      route.observe?.(event);
    } catch (error) {
      outcome.memberThrew('observers', kernel.currentTask, error);
    }
    if (monitor.errors.length > this.#blamed) this.blameErrors();
    if (route.armed !== undefined) this.#armed.saw(route.armed, event);
  }

  /** Faults wait for events that did not before. */
  rearmed(): void {
    this.#routes.clear();
  }

  /** Ends the run if it took the steps it may take whatever its world allows. */
  stoppedAtSteps(): boolean {
    const { steps } = this.#bounds;
    if (this.#kernel.stepLimit !== steps) return false;
    this.#stopAtBound(`${steps} steps`);
    return true;
  }

  /** Ends the run if it holds more than it may. */
  checkHeld(): void {
    const { bytes: bytesMax } = this.#bounds;
    const { scheduled } = this.#kernel;
    if (heldBytes({ records: this.trace.count, encodedBytes: this.#encodedBytes, scheduled }) <= bytesMax) return;
    this.#stopAtBound(`${bytesMax} bytes for the trace and for what is to come`);
    this.#eventsMax = 0;
  }

  #onGrowth(encodedBytes: number): void {
    this.#encodedBytes = encodedBytes;
    this.checkHeld();
  }

  /** The run ends with the segment under way, of which nothing more is recorded. */
  #stopAtBound(bound: string): void {
    this.outcome.stop({ verdict: 'inconclusive', problem: boundText(bound, this.#kernel.now) });
  }

  /** Undefined of a kind that the world does not declare. */
  #route(kind: E['kind']): Route<E, F> | undefined {
    const { events } = this.#world;
    if (!Object.hasOwn(events, kind)) {
      this.outcome.misused(`emit: '${kind}': ${noKind(events)}`);
      return undefined;
    }
    const route: Route<E, F> = {
      record: this.trace.kind(kind),
      watched: this.monitor.kind(kind),
      // The key under which an observer stands is the kind of event it takes.
      observe: this.#observers[kind] as ((event: E) => void) | undefined,
      armed: this.#armed.of(kind),
    };
    this.#routes.set(kind, route);
    return route;
  }

  #look(stopOn: string): void {
    const { violations } = this.monitor;
    if (violations.length === this.#looked) return;
    this.#looked = violations.length;
    this.outcome.found = violations.some(({ invariant }) => invariant === stopOn);
  }

  /** Finds out whose the exceptions are that came out of checkers. */
  blameErrors(): void {
    const { errors } = this.monitor;
    const fresh = errors.slice(this.#blamed);
    this.#blamed = errors.length;
    for (const { invariant, error } of fresh) this.outcome.checkerThrew(invariant, error);
  }

  /** The digest of all that was recorded, and of the final state. */
  digest(finalState: Parameters<TraceRecorder['digest']>[0]): string {
    try {
      return this.trace.digest(finalState);
    } catch (error) {
      // A state that cannot be written down is the system's, though the world hands it over: where these are apart.
      if (!isOf(error, MisuseError)) this.outcome.failed(error);
      else if (this.#code.isTold) this.monitor.report('no-crash', describeError(error), stackOf(error));
      else this.outcome.misused(`finalState(): ${error.message}`);
      return NO_DIGEST;
    }
  }
}

function noKind(events: Readonly<Record<string, unknown>>): string {
  return `the world declares no such kind of event, but ${Object.keys(events).join(', ')}`;
}
