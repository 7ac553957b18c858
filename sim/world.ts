/**
 * A world is a system that can be simulated: what a scenario of it says, how one is generated, how the system is built on
 * the virtual clock, what can be asked of it, what can go wrong, and what must hold. The kernel, faults, invariants,
 * scenarios and sweeps know a system only through this interface; MeshOS is the first world, a user's system the next.
 */
import type { Handlers, Invariant, TraceEvent } from './invariant/invariant.ts';
import type { Name } from './kernel/choices/name.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { EventCatalogue, TraceRecord, TraceValue } from './kernel/trace/trace.ts';

export const PROFILES = ['calm', 'swarm', 'storm'] as const;
export type Profile = (typeof PROFILES)[number];

/** Something a scenario lists under a key of its own. */
export interface Keyed {
  readonly key: string;
  /** Virtual milliseconds. */
  readonly at: number;
}

/** A value of a traced field, as it stands in a scenario. */
export type FieldValue = string | number | bigint | boolean | null;

/**
 * Right after the `nth` event of a kind, from 1, whose fields have these values. A text of digits and a whole number are
 * the id they spell.
 */
export interface AtEvent {
  readonly event: string;
  readonly where?: Readonly<Record<string, FieldValue>> | undefined;
  readonly nth: number;
}

/** A fault stands under a key, and strikes at a time or at an event. */
export interface KeyedFault {
  readonly key: string;
  /** Virtual milliseconds, or the event right after which it strikes. */
  readonly at: number | AtEvent;
}

/** An operation has a kind; the rest is the world's. */
export interface OperationBase {
  readonly kind: string;
}

/** A fault has a kind and, where it lasts, a length. */
export interface FaultBase {
  readonly kind: string;
  readonly forMs?: number;
}

export type Expectation = { readonly holds: true } | { readonly violates: string };

/** Everything a run is a function of, besides the build. */
export interface Scenario<Config, Operation extends OperationBase, Fault extends FaultBase> {
  readonly format: 1;
  readonly name: string;
  readonly why?: string;
  readonly world: string;
  readonly semantics: string;
  /** Decides every draw that the scenario leaves open. u64. */
  readonly seed: bigint;
  readonly config: Config;
  /** In order of `at`; keys are unique over workload and faults. */
  readonly workload: readonly (Keyed & Operation)[];
  readonly faults: readonly (KeyedFault & Fault)[];
  readonly expect?: Expectation;
  /** Marks that must fire for the verdict to count. */
  readonly witness?: readonly string[];
  /** Names whose draws the seed decides; all others take the plain choice. Absent: all. */
  readonly seeded?: readonly string[];
  /** Draws pinned by name. */
  readonly choices?: Readonly<Record<string, number>>;
  readonly found?: { readonly seed: string; readonly commit?: string };
}

/** What a world's instance is given to observe and act with. */
export interface Harness<Event extends TraceEvent, Fault extends FaultBase = never> {
  readonly kernel: Kernel;
  /** Puts an event into the trace and shows it to the invariants. */
  emit(event: Event): void;
  /** Says that a declared mark was reached. */
  mark(mark: string): void;
  /** Says that a fault of the scenario took effect; the first call per key counts. */
  injected(faultKey: string): void;
  /**
   * Adds a fault that the run itself has drawn, for something that the scenario does not know: a node that code made, say.
   * It strikes as if the scenario listed it, and is listed in the result if it took effect.
   */
  strike(fault: KeyedFault & Fault): void;
}

/** One running system. */
export interface Instance<
  Operation extends OperationBase,
  Fault extends FaultBase,
  View,
  Event extends TraceEvent = TraceEvent,
> {
  readonly view: View;
  /** See the events of their kinds after the invariants: for marks. */
  readonly observers?: Handlers<Event>;
  /** Starts the system; called once, at time 0, within a segment. */
  start(): void;
  /** Carries out an operation; `name` is where its draws hang. */
  apply(operation: Keyed & Operation, name: Name): void;
  /** Begins a fault. */
  inject(fault: KeyedFault & Fault, name: Name): void;
  /** Ends a fault that lasts; idempotent. */
  heal(fault: KeyedFault & Fault): void;
  /** Sees the run after each of its segments, in none itself. `ran` is the task or callback whose segment that was. */
  stepped?(ran: string): void;
  /** Whether something goes on during which faults may strike, though no operation and no fault is to come: settle waits for it. */
  goesOn?(): boolean;
  /**
   * Whether everything has drained and converged, besides the tasks that owe an end; by default there is nothing besides.
   * Cheap: it is asked after every step of settle.
   */
  drained?(): boolean;
  /** What has not drained or converged, in words. */
  waiting?(): readonly string[];
  /** Everything has come to rest. True if something goes on from here, which has to come to rest in turn. */
  rested?(): boolean;
  /** All operations are done and all faults healed: brings up what is down, and says in the trace that settle begins. */
  settle(boundMs: number): void;
  /** Settle is over: says so in the trace and closes what is open, so that the system ends by itself. */
  close(waiting: readonly string[]): void;
  /** Whether what `close` closed has ended; by default it has at once. Cheap. */
  ended?(): boolean;
  /** The final state, for the digest. */
  finalState(): readonly TraceValue[];
}

/** Something that is wrong with a scenario, at a path in it such as `['workload', 3, 'node']`. */
export interface Complaint {
  readonly path: readonly (string | number)[];
  /** What was expected and what was found. */
  readonly message: string;
}

/** What a scenario file of this world may say, loaded only when one is read or written. */
export interface WorldSchemas {
  readonly config: import('zod').ZodType;
  /** With key and time. */
  readonly operation: import('zod').ZodType<Keyed & OperationBase>;
  /** With key and time, or the event it strikes at. */
  readonly fault: import('zod').ZodType<KeyedFault & FaultBase>;
  /** What schemas of single parts can't see: nodes that do not exist, references that lead nowhere. */
  check?(scenario: Scenario<unknown, OperationBase, FaultBase>): readonly Complaint[];
  /** A small scenario that holds, for people to start from. */
  readonly example?: Scenario<unknown, OperationBase, FaultBase>;
}

/** What an event of a trace is about, so that a report can tell what led to it. All are names of the world's choosing. */
export interface Subjects {
  /** What it is about itself: events that share one belong together, and with what else those are about. */
  readonly things?: readonly string[];
  /** Under what else it can be found. */
  readonly topics?: readonly string[];
  /** What it hangs on: things and topics of other events, which are told too, and nothing from there on. */
  readonly follow?: readonly string[];
}

/** Reads one trace, in its order. */
export interface SubjectReader {
  of(record: TraceRecord): Subjects;
  /** What a sentence about the trace so far is about. */
  named(text: string): Subjects;
}

/** Steps of the kernel: so many in all for what there is to do, and so many for each virtual millisecond. */
export interface StepBudget {
  readonly fixed: number;
  readonly perMs: number;
}

/** One way of making a scenario simpler. The type of a method: worlds are handled by those who know none of their types. */
export type ScenarioEdit<Config, Operation extends OperationBase, Fault extends FaultBase> = {
  edit(scenario: Scenario<Config, Operation, Fault>): Scenario<Config, Operation, Fault> | null;
}['edit'];

export interface World<
  Config = unknown,
  Operation extends OperationBase = OperationBase,
  Fault extends FaultBase = FaultBase,
  Event extends TraceEvent = TraceEvent,
  View = unknown,
> {
  readonly name: string;
  /** First is the default. */
  readonly semantics: readonly string[];
  /** Whether code that reaches for host time and randomness ends the run, or is given virtual ones. */
  readonly ambient: 'forbidden' | 'virtual';
  /**
   * Where the world's own code lies, invariants included: URLs of files, and of folders, which end with a slash. An
   * exception from there is the author's mistake (`world-error`), and one from any other file is the system's. Without it,
   * the world and its system are taken to be in the same files: what a member of the world or an invariant throws is then
   * the author's, and what a task throws is the system's.
   */
  readonly wiring?: readonly string[];
  readonly events: EventCatalogue;
  readonly marks: readonly string[];
  /**
   * Shares of the runs of a profile, above 0 and up to 1, that should reach a mark at least: where fewer do, what is
   * simulated is not what it is meant to be, and a sweep says so. By mark; marks without one are free.
   */
  floors?(profile: Profile, semantics: string): Readonly<Record<string, number>>;
  readonly faultKinds: readonly string[];
  readonly invariants: readonly Invariant<Event, View>[];
  schemas(): Promise<WorldSchemas>;
  generate(seed: bigint, profile: Profile, semantics: string): Scenario<Config, Operation, Fault>;
  /**
   * Edits that make a scenario's values simpler, each to be applied to whatever the scenario has become by then; null
   * where there is nothing to make simpler. For shrinking.
   */
  edits?(scenario: Scenario<Config, Operation, Fault>): Iterable<ScenarioEdit<Config, Operation, Fault>>;
  /**
   * Edits that make nothing simpler by themselves, but after which fewer operations or faults may do: lower bounds, which
   * are crossed sooner. For shrinking.
   */
  shortcuts?(scenario: Scenario<Config, Operation, Fault>): Iterable<ScenarioEdit<Config, Operation, Fault>>;
  /** The scenario with the faults that its run has drawn and that took effect listed, so that it draws none. For shrinking. */
  listed?(
    scenario: Scenario<Config, Operation, Fault>,
    drawn: readonly (KeyedFault & FaultBase)[],
  ): Scenario<Config, Operation, Fault>;
  /** The scenario without what names something that was taken out of it. For shrinking, which takes out without looking. */
  consistent?(scenario: Scenario<Config, Operation, Fault>): Scenario<Config, Operation, Fault>;
  /** Scenarios with one value changed to another that is as good, so that a report can say which values do not matter. */
  variations?(
    scenario: Scenario<Config, Operation, Fault>,
  ): Iterable<{ readonly value: string; readonly scenario: Scenario<Config, Operation, Fault> }>;
  /** Says what the events of a trace are about; without, the fields `op` and `fault` of an event do. */
  subjects?(): SubjectReader;
  /** The source file in which an invariant is, from the project's root; for people who want to read what it says. */
  codeOf?(invariant: string): string;
  /** How long after the last fault everything may take to drain, in virtual milliseconds; 30,000 by default. */
  settleBoundMs?(scenario: Scenario<Config, Operation, Fault>): number;
  /** What steps a run of the scenario may take; with more it is a livelock. 100,000 and 10 for each millisecond by default. */
  stepBudget?(scenario: Scenario<Config, Operation, Fault>): StepBudget;
  build(
    scenario: Scenario<Config, Operation, Fault>,
    harness: Harness<Event, Fault>,
  ): Instance<Operation, Fault, View, Event>;
  /** The lane of a picture of the run in which an event stands; by default all are in one. */
  lane?(event: Event): string;
}
