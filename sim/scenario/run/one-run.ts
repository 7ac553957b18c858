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

import type { TraceEvent } from '../../invariant/invariant.ts';
import type { Chooser } from '../../kernel/choices/chooser.ts';
import { SeededChooser, UniqueNames } from '../../kernel/choices/chooser.ts';
import type { Name } from '../../kernel/choices/name.ts';
import { rootName } from '../../kernel/choices/name.ts';
import { RecordingChooser } from '../../kernel/choices/recording.ts';
import { keepProcess } from '../../kernel/host/outliving/outliving.ts';
import { keepingOutput } from '../../kernel/host/output.ts';
import type { RunOptions as Drive, RunEnd } from '../../kernel/kernel.ts';
import { Kernel } from '../../kernel/kernel.ts';
import type {
  FaultBase,
  Harness,
  Instance,
  KeyedFault,
  OperationBase,
  Scenario,
  StepBudget,
  World,
} from '../../world.ts';
import { Code } from '../blame/blame.ts';
import { ArmedFaults } from './armed-faults.ts';
import { boundsOf, STEPS_PER_LOOK } from './bounds.ts';
import { atOnce, called } from './member.ts';
import { Observation } from './observation.ts';
import type { Outcome } from './outcome.ts';
import { NO_DIGEST, type RunOptions, type RunResult } from './result.ts';
import { checkBounds } from './rules.ts';
import { Standstill } from './standstill.ts';
import { countFaults } from './unbuilt.ts';

/** No segment takes so long that comes back. */
const SEGMENT_MS = 10_000;
/** Of worlds that say nothing else. */
const SETTLE_BOUND_MS = 30_000;
const STEP_BUDGET: StepBudget = { fixed: 100_000, perMs: 10 };

/** Parts of a run, one after the other: each yields how the kernel is to run on, and gets how that ended. */
type Phases<T> = Generator<Drive, T, RunEnd>;

export class Run<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V> {
  hasDrained = false;
  /** State of the process that the run has set and that cannot be taken back. */
  outlives: readonly string[] = [];
  /** A segment that did not come back within so long was stopped. */
  stopped: { readonly segmentMs: number; readonly wasHostPaused: boolean } | undefined;
  readonly standstill: Standstill;
  readonly #scenario: Scenario<C, O, F>;
  readonly #options: RunOptions;
  readonly #kernel: Kernel;
  readonly #seeded: SeededChooser;
  readonly #recording: RecordingChooser | undefined;
  readonly #observation: Observation<E, V, F>;
  readonly #armed: ArmedFaults<F>;
  /** Those of the scenario, and those that the run has drawn. */
  readonly #faults: (KeyedFault & F)[];
  /** When each fault at an event struck, by key. */
  readonly #struck = new Map<string, number>();
  readonly #outcome: Outcome;
  readonly #instance: Instance<O, F, V, E>;
  /** When the last operation has begun and the last fault that has struck, or will at its time, has ended. */
  #lastAtMs: number;
  readonly #boundMs: number;
  readonly #steps: StepBudget;
  /** Puts the process back as it was; gives what could not be. */
  readonly #putBack: () => readonly string[] = () => [];
  readonly #segmentMs: number | undefined;
  #stepped: ((ran: string) => void) | undefined;
  /** Whether a run in which nothing is asked and nothing strikes drains. */
  readonly #idles: (() => Promise<boolean>) | undefined;

  constructor(
    world: World<C, O, F, E, V>,
    scenario: Scenario<C, O, F>,
    options: RunOptions,
    idles?: () => Promise<boolean>,
    look: 'awaiter' | 'places' = 'awaiter',
  ) {
    this.#scenario = scenario;
    this.#options = options;
    this.#idles = idles;
    this.#seeded = new SeededChooser(scenario.seed, scenario);
    const chooser: Chooser = options.checkNames === true ? new UniqueNames(this.#seeded) : this.#seeded;
    this.#recording = options.recordChoices === true ? new RecordingChooser(chooser) : undefined;
    this.#segmentMs = segmentMsOf(world, options);
    this.#kernel = new Kernel({
      chooser: this.#recording ?? chooser,
      ambient: world.ambient,
      ownership: world.ambient === 'virtual' ? look : 'kernel',
      drain: options.drain ?? 'auto',
      segmentMs: this.#segmentMs,
      isFollowed: options.isFollowed,
      onTaskError: (task, error, fault) => this.#outcome.taskThrew(task, error, fault),
    });
    this.#lastAtMs = lastTime(scenario);
    this.#boundMs = called('settleBoundMs', () => world.settleBoundMs?.(scenario) ?? SETTLE_BOUND_MS);
    this.#steps = called('stepBudget', () => world.stepBudget?.(scenario) ?? STEP_BUDGET);
    checkBounds(this.#boundMs, this.#steps);
    this.#armed = new ArmedFaults(scenario.faults, (fault) => this.#strike(fault));
    this.#faults = [...scenario.faults];
    this.#observation = new Observation(world, this.#faults, this.#armed, this.#kernel, new Code(world), options);
    this.#outcome = this.#observation.outcome;
    this.standstill = new Standstill(world, this.#kernel, this.#outcome, (invariant, message) =>
      this.#observation.monitor.report(invariant, message),
    );
    if (world.ambient === 'virtual') this.#putBack = keepProcess(options.follows);
    const harness: Harness<E, F> = { ...this.#observation.harness, strike: (fault) => this.#addFault(fault) };
    const build = (): Instance<O, F, V, E> => world.build(scenario, harness);
    try {
      this.#instance = called('build', () => keepingOutput(() => this.#kernel.building(build)));
      this.#observation.watch(this.#instance);
    } catch (error) {
      this.#kernel.dispose();
      this.#putBack();
      throw error;
    }
  }

  async execute(): Promise<RunResult> {
    try {
      const undrained = await this.#drive(this.#phases());
      if (undrained !== undefined) await this.#undrained(undrained);
    } catch (error) {
      this.#outcome.failed(error);
    }
    return this.#result();
  }

  /** Runs one phase after the other; mostly all of them in one turn of the host's event loop. */
  async #drive<T>(phases: Generator<Drive, T, RunEnd>): Promise<T> {
    const reached = { phase: phases.next() };
    const andThen = (end: RunEnd): Drive | undefined => {
      reached.phase = phases.next(end);
      return reached.phase.done === true ? undefined : { ...reached.phase.value, andThen };
    };
    for (;;) {
      const { phase } = reached;
      if (phase.done === true) return phase.value;
      const end = await this.#kernel.run({ ...phase.value, andThen });
      // What was stopped in the middle is not asked what comes next.
      if (reached.phase.done !== true) reached.phase = phases.next(end);
    }
  }

  /** Gives what a system waits for that does not come to rest, where no invariant minds. */
  *#phases(): Phases<readonly string[] | undefined> {
    const started = yield* this.#now(rootName.child('start'), 'start', () => this.#instance.start());
    this.#plan();
    const cut = this.#options.untilMs ?? Number.POSITIVE_INFINITY;
    return started && (yield* this.#disturbed(cut)) ? yield* this.#settle(cut) : undefined;
  }

  /** Operations and faults become callbacks at their times. */
  #plan(): void {
    const { workload, faults } = this.#scenario;
    const instance = this.#instance;
    if (instance.stepped !== undefined) this.#stepped = (ran) => instance.stepped?.(ran);
    for (const operation of workload) {
      const where = rootName.child('op', operation.key);
      this.#at(operation.at, where, 'apply', () => instance.apply(operation, where));
    }
    for (const fault of faults) if (typeof fault.at === 'number') this.#planFault(fault, fault.at);
  }

  #planFault(fault: KeyedFault & F, atMs: number): void {
    const instance = this.#instance;
    const where = rootName.child('fault', fault.key);
    this.#at(atMs, where, 'inject', () => instance.inject(fault, where));
    if (fault.forMs !== undefined) this.#at(atMs + fault.forMs, where.child('end'), 'heal', () => instance.heal(fault));
  }

  /** A fault that the run has drawn strikes like those of the scenario. */
  #addFault(fault: KeyedFault & F): void {
    this.#faults.push(fault);
    if (typeof fault.at !== 'number') {
      this.#armed.add(fault);
      this.#observation.rearmed();
      return;
    }
    this.#lastAtMs = Math.max(this.#lastAtMs, fault.at + (fault.forMs ?? 0));
    this.#planFault(fault, fault.at);
  }

  /** The event that a fault waited for has come: it strikes as the next thing, and ends `forMs` later. */
  #strike(fault: KeyedFault & F): void {
    const instance = this.#instance;
    const { now } = this.#kernel;
    const where = rootName.child('fault', fault.key);
    this.#struck.set(fault.key, now);
    this.#lastAtMs = Math.max(this.#lastAtMs, now + (fault.forMs ?? 0));
    this.#kernel.scheduleNext(where, () => this.#call('inject', () => instance.inject(fault, where)));
    if (fault.forMs !== undefined) this.#at(now + fault.forMs, where.child('end'), 'heal', () => instance.heal(fault));
  }

  /** Calls a member of the world at a time. */
  #at(atMs: number, cause: Name, member: string, act: () => unknown): void {
    this.#kernel.schedule(atMs, cause, () => this.#call(member, act));
  }

  #call(member: string, act: () => unknown): void {
    try {
      const given = act();
      if (given !== undefined) atOnce(member, given);
    } catch (error) {
      this.#outcome.memberThrew(member, this.#kernel.currentTask, error);
    }
  }

  /** Until everything has been asked and has gone wrong, at their times and at their events; false if the run is over. */
  *#disturbed(cutMs: number): Phases<boolean> {
    for (;;) {
      const lastAtMs = this.#lastAtMs;
      if (!(yield* this.#until(Math.min(lastAtMs, cutMs)))) return false;
      if (cutMs <= lastAtMs) {
        this.#outcome.stop({ verdict: 'inconclusive', problem: `stopped at ${cutMs} ms` });
        return false;
      }
      if (this.#lastAtMs > lastAtMs) continue;
      const { waiting } = this.#armed;
      if (waiting === 0 && !this.#says('goesOn')) return true;
      const strikes = (): boolean => this.#armed.waiting < waiting || this.#lastAtMs > lastAtMs;
      const patienceMs = this.#says('goesOn') ? cutMs : Math.min(lastAtMs + this.#boundMs, cutMs);
      const isOver = (): boolean => strikes() || (!this.#says('goesOn') && (waiting === 0 || this.#says('drained')));
      if (!(yield* this.#until(patienceMs, isOver))) return false;
      if (!strikes()) return true;
    }
  }

  *#settle(cutMs: number): Phases<readonly string[] | undefined> {
    const instance = this.#instance;
    this.#armed.disarm();
    const begun = yield* this.#now(rootName.child('settle'), 'settle', () => {
      for (const fault of this.#faults) instance.heal(fault);
      return instance.settle(this.#boundMs);
    });
    if (!begun) return undefined;
    let settleEndMs = this.#kernel.now + this.#boundMs;
    const isDrained = (): boolean => this.#kernel.owing === 0 && this.#says('drained');
    // What timers still do is waited for, but nothing that they have to do by then.
    const isAtRest = (): boolean => isDrained() && !this.#kernel.awaitsTimer(settleEndMs);
    for (let times = 1; ; times += 1) {
      if (!(yield* this.#until(Math.min(settleEndMs, cutMs), isAtRest))) return undefined;
      this.hasDrained = isDrained();
      if (!this.hasDrained || instance.rested === undefined) break;
      let goesOn = false;
      const told = yield* this.#now(rootName.child('rested', times), 'rested', () => {
        goesOn = instance.rested?.() === true;
      });
      if (!told) return undefined;
      if (!goesOn) break;
      settleEndMs = this.#kernel.now + this.#boundMs;
    }
    if (cutMs <= settleEndMs && !isAtRest()) {
      this.#outcome.stop({ verdict: 'inconclusive', problem: `stopped at ${cutMs} ms` });
      return undefined;
    }
    const { standstill } = this;
    if (standstill.awaitsForeign()) return undefined;
    standstill.reportLost();
    if (this.#outcome.over) return undefined;
    const waiting = this.hasDrained ? [] : this.#ask('waiting', () => instance.waiting?.() ?? [], []);
    if (this.#outcome.over) return undefined;
    if (!(yield* this.#now(rootName.child('close'), 'close', () => instance.close(waiting)))) return undefined;
    const endMs = this.#kernel.now + this.#boundMs;
    if (!(yield* this.#until(endMs, () => this.#says('ended')))) return undefined;
    const { monitor } = this.#observation;
    if (!this.#says('ended')) {
      if (standstill.awaitsForeign()) return undefined;
      monitor.report('no-livelock', `closed, the system had not ended ${this.#boundMs} ms later`);
    }
    monitor.end();
    return !this.hasDrained && monitor.violations.length === 0 ? waiting : undefined;
  }

  /** The system did not come to rest, and no invariant minds: either it hangs, or the world cannot tell. */
  async #undrained(waiting: readonly string[]): Promise<void> {
    if (this.#idles === undefined) return;
    if (waiting.length === 0) {
      this.#outcome.misused(`drained() is false ${this.#boundMs} ms after settle began, and waiting() says nothing`);
    } else if (await this.#idles()) {
      const told = `expected the system to drain within ${this.#boundMs} ms of settle, found it waiting for`;
      this.#observation.monitor.report('no-livelock', `${told} ${waiting.join('; ')}`);
    } else {
      this.#outcome.misused('drained() is never true, even in a run in which nothing is asked and nothing strikes');
    }
  }

  /** What a member of the world says; `otherwise` if it throws, which ends the run. */
  #ask<T>(member: string, ask: () => T, otherwise: T): T {
    try {
      return ask();
    } catch (error) {
      this.#outcome.memberThrew(member, this.#kernel.currentTask, error);
      return otherwise;
    }
  }

  #says(member: 'drained' | 'ended' | 'goesOn'): boolean {
    const instance = this.#instance;
    const said = this.#ask<unknown>(member, () => instance[member]?.() ?? member !== 'goesOn', true);
    if (typeof said === 'boolean') return said;
    this.#outcome.misused(
      `${member}(): expected true or false, found ${said instanceof Promise ? 'a promise' : typeof said}`,
    );
    return true;
  }

  /** Lets something happen at this instant, as a segment of its own. */
  *#now(cause: Name, member: string, act: () => unknown): Phases<boolean> {
    let happened = false;
    this.#at(this.#kernel.now, cause, member, () => {
      const given = act();
      happened = true;
      return given;
    });
    return yield* this.#until(this.#kernel.now, () => happened);
  }

  /** Runs to a virtual time or until `done`; false if the run is over because of something else. */
  *#until(untilMs: number, done?: () => boolean): Phases<boolean> {
    const kernel = this.#kernel;
    const outcome = this.#outcome;
    const { fixed, perMs } = this.#steps;
    const { steps: stepsMax } = boundsOf(this.#options.maxEvents);
    const end = yield {
      untilMs,
      until: () => {
        kernel.stepLimit = Math.min(fixed + perMs * kernel.now, stepsMax);
        if (kernel.steps % STEPS_PER_LOOK === 0) this.#observation.checkHeld();
        this.#stepped?.(kernel.latest);
        return outcome.over || done?.() === true;
      },
    };
    return !outcome.over && this.#orderly(end);
  }

  #orderly(end: RunEnd): boolean {
    switch (end.kind) {
      case 'idle':
      case 'until':
        return true;
      case 'stuck':
        if (this.#observation.stoppedAtSteps()) return false;
        this.#observation.monitor.report(
          'no-livelock',
          `${this.#kernel.steps} steps in ${this.#kernel.now} ms; busy: ${this.standstill.busy(end.tasks)}`,
        );
        return false;
      case 'foreign-await':
        this.standstill.foreignAwait(end.tasks);
        return false;
      case 'shared-promise':
        this.standstill.shared(end);
        return false;
      case 'stopped': {
        const segmentMs = this.#segmentMs ?? 0;
        this.stopped = { segmentMs, wasHostPaused: end.wasHostPaused };
        const problem = `${end.task} did not come back within ${segmentMs / 1000} s of host time`;
        this.#outcome.stop({ verdict: 'inconclusive', problem });
        return false;
      }
      case 'nondeterminism':
        this.#outcome.reached(end.what, end.callSite, end.advice);
        return false;
      case 'exception':
        this.#outcome.taskThrew(end.task, end.error, end.fault);
        return false;
    }
  }

  #digest(): string {
    // Whatever was stopped half-way is not asked any more.
    if (this.stopped !== undefined) return NO_DIGEST;
    const none = null;
    const state = this.#ask<unknown>('finalState', () => this.#instance.finalState(), none);
    if (state === none) return NO_DIGEST;
    if (Array.isArray(state)) return this.#observation.digest(state);
    this.#outcome.misused(`finalState(): expected a list, found ${typeof state}`);
    return NO_DIGEST;
  }

  #result(): RunResult {
    const { trace, monitor, marks, injected } = this.#observation;
    this.#observation.blameErrors();
    if (!this.#outcome.over) this.standstill.usesHost();
    const kernel = this.#kernel;
    const timers = kernel.timers();
    kernel.dispose();
    const digest = this.#digest();
    this.outlives = this.#putBack();
    const { problem } = this.#outcome;
    const { violations } = monitor;
    const { seed, workload } = this.#scenario;
    const faults = this.#faults;
    const drawn = faults.slice(this.#scenario.faults.length).filter(({ key }) => injected.has(key));
    const notInjected = faults.map(({ key }) => key).filter((key) => !injected.has(key));
    const { undrawn } = this.#seeded;
    return {
      seed,
      verdict: this.#outcome.verdict(violations.length > 0),
      digest,
      events: trace.count,
      operations: workload.length,
      virtualMs: kernel.now,
      faults: countFaults(faults, injected),
      ...(notInjected.length === 0 ? {} : { notInjected }),
      ...(drawn.length === 0 ? {} : { drawn }),
      ...(this.#struck.size === 0 ? {} : { struck: Object.fromEntries(this.#struck) }),
      ...(undrawn.length === 0 ? {} : { undrawn }),
      ...(timers.length === 0 ? {} : { timers }),
      violations,
      marks: Object.fromEntries([...marks].sort(([a], [b]) => (a < b ? -1 : 1))),
      states: monitor.states(),
      ...(problem === undefined ? {} : { problem: problem.problem }),
      ...(problem?.detail === undefined ? {} : { detail: problem.detail }),
      ...(this.#recording === undefined ? {} : { choices: this.#recording.script() }),
      ...(this.#options.keepTrace === true ? { trace: trace.records } : {}),
    };
  }
}

function segmentMsOf({ ambient }: Pick<World, 'ambient'>, { segmentMs = SEGMENT_MS }: RunOptions): number | undefined {
  return ambient === 'virtual' && segmentMs !== Number.POSITIVE_INFINITY ? segmentMs : undefined;
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
