/**
 * One run: a scenario on the virtual clock, from the first operation to a verdict.
 *
 * Operations and faults happen at their times; a fault at an event strikes as the next thing after it, when the segment
 * that emitted it has ended, ahead of whatever else is ready. Where faults still wait for their events when everything else
 * is over, the run goes on until they have struck or the system has drained. Then settle begins (faults end, what is down
 * comes up; what happens from here on strikes nobody) and lasts until everything has drained or its bound passes; then the
 * system is closed and must end by itself. Invariants see every event on the way. The result is a function of world and
 * scenario alone.
 */

import type { TraceEvent } from '../invariant/invariant.ts';
import { Monitor, type WatchedKind } from '../invariant/monitor.ts';
import type { Chooser } from '../kernel/chooser.ts';
import { SeededChooser, UniqueNames } from '../kernel/chooser.ts';
import type { RunEnd } from '../kernel/kernel.ts';
import { Kernel } from '../kernel/kernel.ts';
import { MisuseError } from '../kernel/misuse.ts';
import type { Name } from '../kernel/name.ts';
import { rootName } from '../kernel/name.ts';
import { RecordingChooser } from '../kernel/recording.ts';
import type { TaskFault } from '../kernel/scheduler.ts';
import { type RecordKind, TraceRecorder } from '../kernel/trace.ts';
import type { FaultBase, Instance, KeyedFault, OperationBase, Scenario, StepBudget, World } from '../world.ts';
import { ArmedFaults, type WaitingForKind } from './armed-faults.ts';
import { blame, describeError } from './blame.ts';
import type { FaultCount, RunOptions, RunResult, RunVerdict } from './result.ts';

/** Of what cannot be written down, or never was. */
const NO_DIGEST = '0'.repeat(64);

/** Runs a scenario to its end. Rejects never: what goes wrong in the harness is a result too. */
export function runScenario<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V>(
  world: World<C, O, F, E, V>,
  scenario: Scenario<C, O, F>,
  options: RunOptions = {},
): Promise<RunResult> {
  let run: Run<C, O, F, E, V>;
  try {
    run = new Run(world, scenario, options);
  } catch (error) {
    return Promise.resolve(unbuilt(scenario, error));
  }
  return run.execute();
}

/** The result of a scenario whose system could not even be built. */
function unbuilt<C, O extends OperationBase, F extends FaultBase>(
  { seed, workload, faults }: Scenario<C, O, F>,
  error: unknown,
): RunResult {
  const what = describeError(error);
  const isSystems = blame(error) === 'system';
  return {
    seed,
    verdict: isSystems ? 'violated' : 'harness-error',
    digest: NO_DIGEST,
    events: 0,
    operations: workload.length,
    virtualMs: 0,
    faults: countFaults(faults, new Set()),
    violations: isSystems ? [{ invariant: 'no-crash', atMs: 0, event: 0, message: `build threw ${what}` }] : [],
    marks: {},
    ...(isSystems ? {} : defectOf(error)),
  };
}

interface Problem {
  readonly verdict: RunVerdict;
  readonly problem: string;
  readonly detail?: string;
}

/** Where events of one kind go. */
interface Route<E, F> {
  readonly record: RecordKind;
  readonly watched: WatchedKind<E>;
  readonly observe: ((event: E) => void) | undefined;
  /** Faults that wait for events of this kind. */
  readonly armed: WaitingForKind<F> | undefined;
}

class Run<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V> {
  readonly #scenario: Scenario<C, O, F>;
  readonly #options: RunOptions;
  readonly #kernel: Kernel;
  readonly #seeded: SeededChooser;
  readonly #recording: RecordingChooser | undefined;
  readonly #trace: TraceRecorder;
  readonly #instance: Instance<O, F, V, E>;
  readonly #monitor: Monitor<E, V>;
  readonly #routes = new Map<string, Route<E, F>>();
  readonly #marks = new Map<string, number>();
  readonly #injected = new Set<string>();
  /** When each fault at an event struck, by key. */
  readonly #struck = new Map<string, number>();
  readonly #armed: ArmedFaults<F>;
  /** When the last operation has begun and the last fault that has struck, or will at its time, has ended. */
  #lastAtMs: number;
  readonly #boundMs: number;
  readonly #steps: StepBudget;
  #problem: Problem | undefined;
  /** What the run was to look for has been found. */
  #found = false;
  #looked = 0;
  /** How many of the checkers' errors it is known of whose they are. */
  #blamed = 0;
  /** The system threw within a call of the world's. */
  #broken = false;

  constructor(world: World<C, O, F, E, V>, scenario: Scenario<C, O, F>, options: RunOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#seeded = new SeededChooser(scenario.seed, scenario);
    const chooser: Chooser = options.checkNames === true ? new UniqueNames(this.#seeded) : this.#seeded;
    this.#recording = options.recordChoices === true ? new RecordingChooser(chooser) : undefined;
    this.#kernel = new Kernel({
      chooser: this.#recording ?? chooser,
      ambient: world.ambient,
      drain: options.drain ?? 'auto',
      onTaskError: (task, error, fault) => this.#onTaskError(task, error, fault),
    });
    this.#trace = new TraceRecorder(world.events, { keep: options.keepTrace === true });
    this.#lastAtMs = lastTime(scenario);
    this.#armed = new ArmedFaults(scenario.faults, (fault) => this.#strike(fault));
    this.#boundMs = world.settleBoundMs(scenario);
    this.#steps = world.stepBudget(scenario);
    const marks = this.#marks;
    try {
      this.#instance = world.build(scenario, {
        kernel: this.#kernel,
        emit: (event) => this.#emit(event),
        mark: (mark) => {
          marks.set(mark, (marks.get(mark) ?? 0) + 1);
        },
        injected: (key) => {
          this.#injected.add(key);
        },
      });
    } catch (error) {
      this.#kernel.dispose();
      throw error;
    }
    this.#monitor = new Monitor(world.invariants, this.#instance.view, () => this.#kernel.now);
  }

  async execute(): Promise<RunResult> {
    try {
      const started = await this.#now(rootName.child('start'), () => this.#instance.start());
      this.#plan();
      const cut = this.#options.untilMs ?? Number.POSITIVE_INFINITY;
      if (started && (await this.#disturbed(cut))) await this.#settle(cut);
    } catch (error) {
      this.#defect(error);
    }
    return this.#result();
  }

  /** Operations and faults become callbacks at their times. */
  #plan(): void {
    const { workload, faults } = this.#scenario;
    const instance = this.#instance;
    for (const operation of workload) {
      const where = rootName.child('op', operation.key);
      this.#at(operation.at, where, () => instance.apply(operation, where));
    }
    for (const fault of faults) {
      if (typeof fault.at !== 'number') continue;
      const where = rootName.child('fault', fault.key);
      this.#at(fault.at, where, () => instance.inject(fault, where));
      if (fault.forMs !== undefined) {
        this.#at(fault.at + fault.forMs, where.child('end'), () => instance.heal(fault));
      }
    }
  }

  /** The event that a fault waited for has come: it strikes as the next thing, and ends `forMs` later. */
  #strike(fault: KeyedFault & F): void {
    const instance = this.#instance;
    const { now } = this.#kernel;
    const where = rootName.child('fault', fault.key);
    this.#struck.set(fault.key, now);
    this.#lastAtMs = Math.max(this.#lastAtMs, now + (fault.forMs ?? 0));
    this.#kernel.scheduleNext(where, () => this.#call(() => instance.inject(fault, where)));
    if (fault.forMs !== undefined) this.#at(now + fault.forMs, where.child('end'), () => instance.heal(fault));
  }

  #at(atMs: number, cause: Name, act: () => void): void {
    this.#kernel.schedule(atMs, cause, () => this.#call(act));
  }

  #call(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#onCallError(error);
    }
  }

  /** Until everything has been asked and has gone wrong, at their times and at their events; false if the run is over. */
  async #disturbed(cutMs: number): Promise<boolean> {
    for (;;) {
      const lastAtMs = this.#lastAtMs;
      if (!(await this.#until(Math.min(lastAtMs, cutMs)))) return false;
      if (cutMs <= lastAtMs) {
        this.#stop({ verdict: 'inconclusive', problem: `stopped at ${cutMs} ms` });
        return false;
      }
      if (this.#lastAtMs > lastAtMs) continue;
      const { waiting } = this.#armed;
      if (waiting === 0) return true;
      const strikes = (): boolean => this.#armed.waiting < waiting;
      const patienceMs = Math.min(lastAtMs + this.#boundMs, cutMs);
      if (!(await this.#until(patienceMs, () => strikes() || this.#instance.drained()))) return false;
      if (!strikes()) return true;
    }
  }

  async #settle(cutMs: number): Promise<void> {
    const instance = this.#instance;
    this.#armed.disarm();
    const begun = await this.#now(rootName.child('settle'), () => {
      for (const fault of this.#scenario.faults) instance.heal(fault);
      instance.settle(this.#boundMs);
    });
    if (!begun) return;
    const settleEndMs = this.#kernel.now + this.#boundMs;
    if (!(await this.#until(Math.min(settleEndMs, cutMs), () => instance.drained()))) return;
    if (!instance.drained() && cutMs <= settleEndMs) {
      this.#stop({ verdict: 'inconclusive', problem: `stopped at ${cutMs} ms` });
      return;
    }
    if (this.#awaitsForeign()) return;
    const waiting = instance.drained() ? [] : instance.waiting();
    if (!(await this.#now(rootName.child('close'), () => instance.close(waiting)))) return;
    const endMs = this.#kernel.now + this.#boundMs;
    if (!(await this.#until(endMs, () => instance.ended()))) return;
    if (!instance.ended()) {
      if (this.#awaitsForeign()) return;
      this.#monitor.report('no-livelock', `closed, the system had not ended ${this.#boundMs} ms later`);
    }
    this.#monitor.end();
  }

  /** Lets something happen at this instant, as a segment of its own. */
  #now(cause: Name, act: () => void): Promise<boolean> {
    let happened = false;
    this.#at(this.#kernel.now, cause, () => {
      act();
      happened = true;
    });
    return this.#until(this.#kernel.now, () => happened);
  }

  /** Whether there is nothing more to be learnt. */
  get #over(): boolean {
    return this.#problem !== undefined || this.#found || this.#broken;
  }

  /** Runs to a virtual time or until `done`; false if the run is over because of something else. */
  async #until(untilMs: number, done?: () => boolean): Promise<boolean> {
    const kernel = this.#kernel;
    const { fixed, perMs } = this.#steps;
    const end = await kernel.run({
      untilMs,
      until: () => {
        kernel.stepLimit = fixed + perMs * kernel.now;
        return this.#over || done?.() === true;
      },
    });
    return !this.#over && this.#orderly(end);
  }

  #orderly(end: RunEnd): boolean {
    switch (end.kind) {
      case 'idle':
      case 'until':
        return true;
      case 'stuck':
        this.#monitor.report(
          'no-livelock',
          `${this.#kernel.steps} steps in ${this.#kernel.now} ms; busy: ${end.tasks.join(', ')}`,
        );
        return false;
      case 'foreign-await':
        this.#foreignAwait(end.tasks);
        return false;
      case 'nondeterminism':
        this.#stop({ verdict: 'nondeterminism', problem: `${end.what} reached during a run at ${end.callSite}` });
        return false;
      case 'exception':
        this.#onTaskError(end.task, end.error, end.fault);
        return false;
    }
  }

  /** Whether a task waits for what the kernel knows nothing of: what it keeps from happening is no finding then. */
  #awaitsForeign(): boolean {
    const suspects = this.#kernel.suspects();
    if (suspects.length > 0) this.#foreignAwait(suspects);
    return suspects.length > 0;
  }

  #foreignAwait(tasks: readonly string[]): void {
    this.#stop({
      verdict: 'foreign-await',
      problem: `waiting for something outside the simulation: ${tasks.join(', ')}`,
    });
  }

  /**
   * An exception that leaves a task of the system is a finding; one of the harness ends the run. Waits that a task leaves
   * open have no stack that says whose they are: what tasks wait for is the system's.
   */
  #onTaskError(task: string, error: unknown, fault: TaskFault | 'callback'): 'continue' | 'end' {
    if (fault !== 'misuse' && blame(error) === 'harness') {
      this.#defect(error);
      return 'end';
    }
    this.#monitor.report('no-crash', `${task} ended with ${describeError(error)}`);
    return 'continue';
  }

  /**
   * The system can throw within a call, too: a node that cannot start, say. What the world was about to do with it is
   * then half done, so that nothing that comes later says anything.
   */
  #onCallError(error: unknown): void {
    if (blame(error) === 'harness') {
      this.#defect(error);
      return;
    }
    this.#monitor.report('no-crash', `${this.#kernel.currentTask} threw ${describeError(error)}`);
    this.#broken = true;
  }

  /** What a checker asks of the system (to encode a record, say) may throw, which is no defect of the checker's. */
  #blameErrors(): void {
    const { errors } = this.#monitor;
    for (const { invariant, error } of errors.slice(this.#blamed)) {
      if (blame(error) === 'harness') this.#defect(error, `invariant ${invariant}: `);
      else this.#monitor.report('no-crash', `what ${invariant} asked for threw ${describeError(error)}`);
    }
    this.#blamed = errors.length;
  }

  #emit(event: E): void {
    if (this.#broken) return;
    const kernel = this.#kernel;
    const monitor = this.#monitor;
    const route = this.#routes.get(event.kind) ?? this.#route(event.kind);
    try {
      this.#trace.recordAs(route.record, event, kernel.now, kernel.currentActor);
    } catch (error) {
      // Thrown on, it might be caught by the system.
      this.#onCallError(error);
      return;
    }
    monitor.observeAs(route.watched, event);
    if (this.#options.stopOn !== undefined) this.#look(this.#options.stopOn);
    try {
      route.observe?.(event);
    } catch (error) {
      this.#defect(error, 'marks: ');
    }
    if (monitor.errors.length > this.#blamed) this.#blameErrors();
    if (route.armed !== undefined) this.#armed.saw(route.armed, event);
  }

  #route(kind: E['kind']): Route<E, F> {
    const observers: Readonly<Record<string, ((event: never) => void) | undefined>> = this.#instance.observers ?? {};
    const route: Route<E, F> = {
      record: this.#trace.kind(kind),
      watched: this.#monitor.kind(kind),
      // The key under which an observer stands is the kind of event it takes.
      observe: observers[kind] as ((event: E) => void) | undefined,
      armed: this.#armed.of(kind),
    };
    this.#routes.set(kind, route);
    return route;
  }

  #digest(): string {
    try {
      return this.#trace.digest(this.#instance.finalState());
    } catch (error) {
      // A state that cannot be written down is the system's, though the harness asks for it.
      if (error instanceof MisuseError) this.#monitor.report('no-crash', describeError(error));
      else this.#onCallError(error);
      return NO_DIGEST;
    }
  }

  #look(stopOn: string): void {
    const { violations } = this.#monitor;
    if (violations.length === this.#looked) return;
    this.#looked = violations.length;
    this.#found = violations.some(({ invariant }) => invariant === stopOn);
  }

  #defect(error: unknown, where = ''): void {
    this.#stop({ verdict: 'harness-error', ...defectOf(error, where) });
  }

  #stop(problem: Problem): void {
    this.#problem ??= problem;
  }

  #result(): RunResult {
    this.#blameErrors();
    const kernel = this.#kernel;
    kernel.dispose();
    const digest = this.#digest();
    const problem = this.#problem;
    const { violations } = this.#monitor;
    const notInjected = this.#scenario.faults.map(({ key }) => key).filter((key) => !this.#injected.has(key));
    const { undrawn } = this.#seeded;
    return {
      seed: this.#scenario.seed,
      verdict: problem?.verdict ?? (violations.length > 0 ? 'violated' : 'held'),
      digest,
      events: this.#trace.count,
      operations: this.#scenario.workload.length,
      virtualMs: kernel.now,
      faults: countFaults(this.#scenario.faults, this.#injected),
      ...(notInjected.length === 0 ? {} : { notInjected }),
      ...(this.#struck.size === 0 ? {} : { struck: Object.fromEntries(this.#struck) }),
      ...(undrawn.length === 0 ? {} : { undrawn }),
      violations,
      marks: Object.fromEntries([...this.#marks].sort(([a], [b]) => (a < b ? -1 : 1))),
      states: this.#monitor.states(),
      ...(problem === undefined ? {} : { problem: problem.problem }),
      ...(problem?.detail === undefined ? {} : { detail: problem.detail }),
      ...(this.#recording === undefined ? {} : { choices: this.#recording.script() }),
      ...(this.#options.keepTrace === true ? { trace: this.#trace.records } : {}),
    };
  }
}

function countFaults(
  faults: readonly (KeyedFault & FaultBase)[],
  injected: ReadonlySet<string>,
): Readonly<Record<string, FaultCount>> {
  const counts: Record<string, { planned: number; injected: number }> = {};
  for (const { key, kind } of faults) {
    const count = counts[kind] ?? { planned: 0, injected: 0 };
    count.planned += 1;
    if (injected.has(key)) count.injected += 1;
    counts[kind] = count;
  }
  return counts;
}

function defectOf(error: unknown, where = ''): { readonly problem: string; readonly detail?: string } {
  const detail = error instanceof Error ? error.stack : undefined;
  return { problem: `${where}${describeError(error)}`, ...(detail === undefined ? {} : { detail }) };
}

/** When the last operation has begun and the last fault at a time has ended. */
function lastTime<C, O extends OperationBase, F extends FaultBase>(scenario: Scenario<C, O, F>): number {
  let last = 0;
  for (const { at } of scenario.workload) last = Math.max(last, at);
  for (const fault of scenario.faults satisfies readonly (KeyedFault & F)[]) {
    if (typeof fault.at === 'number') last = Math.max(last, fault.at + (fault.forMs ?? 0));
  }
  return last;
}
