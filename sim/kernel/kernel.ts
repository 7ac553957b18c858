/**
 * A run of simulated tasks on a virtual clock.
 *
 *     const kernel = new Kernel({ chooser: new SeededChooser(42n) });
 *     const node = kernel.root.child('n1/i0');
 *     node.spawn('ticker', async () => {
 *       for (let i = 0; i < 3; i++) await node.sleep(500);
 *     });
 *     const end = await kernel.run(); // { kind: 'idle' }, with kernel.now === 1500
 *
 * Time is virtual and jumps to the next due event; every choice goes through the chooser; a segment (what a task does
 * between two waits) runs to its end before the next begins. So a run is a function of its chooser and of what the tasks
 * do, and of nothing else.
 */
import { type NondeterminismError, segment, type VirtualHost } from './ambient.ts';
import type { Scheduled } from './callback.ts';
import type { Chooser } from './chooser.ts';
import { type Drain, drive, hostTurn } from './drain.ts';
import type { Group } from './group.ts';
import { installGuards, reached } from './guards.ts';
import type { Name } from './name.ts';
import { claimProcess, type ProcessFault } from './process-errors.ts';
import { Scheduler, type TaskFault } from './scheduler.ts';
import type { SimTask } from './task.ts';

export type { Group } from './group.ts';

export interface KernelOptions {
  readonly chooser: Chooser;
  /** What the wall clock shows at virtual time 0, in unix milliseconds. */
  readonly epochMs?: number | bigint;
  /** Whether code that reaches for host time and randomness ends the run (the default), or is given virtual ones. */
  readonly ambient?: 'forbidden' | 'virtual';
  /** `auto` drains synchronously where that works. */
  readonly drain?: Drain | 'auto';
  /** Steps after which a run ends as stuck. */
  readonly stepLimit?: number;
  /** Steps after which the host's event loop has a turn, for signals and messages. */
  readonly stepsPerTurn?: number;
  /** An error left a task, which is given by name: does the run end for it? Without this it does. */
  readonly onTaskError?: (task: string, error: unknown, fault: TaskFault) => 'end' | 'continue';
}

export type RunEnd =
  /** Nothing is ready and nothing due. Tasks may still be parked on channels and signals. */
  | { readonly kind: 'idle' }
  /** The condition held, or the time was reached. */
  | { readonly kind: 'until' }
  /** The step limit was passed; the tasks that ran most recently, the latest first. */
  | { readonly kind: 'stuck'; readonly tasks: readonly string[] }
  /** The run stands still and these tasks wait for something the kernel does not know. */
  | { readonly kind: 'foreign-await'; readonly tasks: readonly string[] }
  | {
      readonly kind: 'exception';
      readonly fault: TaskFault | 'callback';
      readonly task: string;
      readonly group: string;
      readonly error: unknown;
    }
  /** Something that differs from run to run was reached: what, and from where. */
  | { readonly kind: 'nondeterminism'; readonly what: string; readonly callSite: string };

export interface RunOptions {
  /** Looked at after every segment. */
  readonly until?: () => boolean;
  /** The last millisecond whose events are run; time then stands there. */
  readonly untilMs?: number;
}

const STEPS_PER_TURN = 256;

/** The run of this thread, if one is under way: a second one waits for it, and one from within is refused. */
let busy: Kernel | undefined;

export class Kernel {
  readonly root: Group;
  readonly #scheduler: Scheduler;
  readonly #ambient: 'forbidden' | 'virtual';
  readonly #drain: Drain | 'auto';
  readonly #stepsPerTurn: number;
  readonly #onTaskError: NonNullable<KernelOptions['onTaskError']>;
  #stepLimit: number;
  #drained: Drain | undefined;
  #end: RunEnd | undefined;
  #defect: { readonly error: unknown } | undefined;
  #until: (() => boolean) | undefined;
  #hop = false;
  #untilMs = Number.POSITIVE_INFINITY;

  constructor(options: KernelOptions) {
    const { chooser, epochMs = 0, drain = 'auto', stepLimit = Number.POSITIVE_INFINITY } = options;
    this.#scheduler = new Scheduler(chooser, BigInt(epochMs), {
      taskFailed: (task, error, fault) => this.#taskFailed(task, error, fault),
      foreign: () => this.#foreign(),
    });
    this.root = this.#scheduler.root;
    this.#ambient = options.ambient ?? 'forbidden';
    this.#drain = drain;
    this.#stepLimit = stepLimit;
    this.#stepsPerTurn = options.stepsPerTurn ?? STEPS_PER_TURN;
    this.#onTaskError = options.onTaskError ?? (() => 'end');
  }

  /** Virtual milliseconds since the start. */
  get now(): number {
    return this.#scheduler.now;
  }

  /** How the latest run was drained, once it is over. */
  get drained(): Drain | undefined {
    return this.#drained;
  }

  /** Segments run so far. */
  get steps(): number {
    return this.#scheduler.steps;
  }

  get stepLimit(): number {
    return this.#stepLimit;
  }

  /** May move while the run goes on. */
  set stepLimit(steps: number) {
    this.#stepLimit = steps;
  }

  /** The name of the task or callback whose segment this is; empty outside of one. */
  get currentTask(): string {
    const { current, currentCallback } = this.#scheduler;
    return current?.name ?? currentCallback?.name ?? '';
  }

  /** One choice, by name: a whole number of 0 … bound-1. */
  draw(name: Name, bound: number): number {
    try {
      return this.#scheduler.draw(name, bound);
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /**
   * Puts a callback on the timeline, at once if `atMs` has passed; what it wakes is named after its cause.
   * `text` stands in traces for the task; by default the cause. One that many share costs them nothing.
   */
  schedule(atMs: number, cause: Name, run: () => void, text?: string): Scheduled {
    if (!Number.isSafeInteger(atMs)) throw new RangeError(`a time is a whole number of milliseconds: ${atMs}`);
    return this.#scheduler.schedule(atMs, cause, run, text);
  }

  /** Tasks that have not ended and wait for nothing the kernel knows. */
  suspects(): readonly string[] {
    return this.#unfinished((task) => task.openWaits === 0);
  }

  /** Tasks that have not ended. */
  unfinished(): readonly string[] {
    return this.#unfinished(() => true);
  }

  /** What ran most recently, the latest first, each once. */
  busiest(): readonly string[] {
    return this.#scheduler.recent();
  }

  /** Ends all tasks: nothing of this run can go on, whoever still holds a promise of it. */
  dispose(): void {
    this.root.kill();
  }

  /** Ends the run with a defect of the harness: `run` rejects with it. The first one counts. */
  fail(error: unknown): void {
    this.#defect ??= { error };
  }

  /**
   * Runs until nothing is left to do, or until told. May be called again, to go on. A call from within a run throws; one
   * beside another run of this thread waits for that to end. Rejects only for a defect of the harness itself.
   */
  async run({ until, untilMs = Number.POSITIVE_INFINITY }: RunOptions = {}): Promise<RunEnd> {
    if (segment.ambient !== undefined) throw new Error('a run cannot be started inside a run');
    while (busy !== undefined) await hostTurn();
    busy = this;
    this.#end = undefined;
    this.#until = until;
    this.#untilMs = untilMs;
    try {
      await this.#prepareAmbient();
      const release = claimProcess(this.#processErrors);
      this.#scheduler.running = true;
      try {
        this.#drained = await drive(this.#segments, this.#drain, this.#stepsPerTurn);
      } finally {
        this.#scheduler.end();
        this.#scheduler.running = false;
        release();
      }
    } finally {
      busy = undefined;
    }
    if (this.#defect !== undefined) throw this.#defect.error;
    return this.#end ?? { kind: 'idle' };
  }

  async #prepareAmbient(): Promise<void> {
    const scheduler = this.#scheduler;
    if (scheduler.ambient !== undefined) return;
    installGuards();
    const end = (error: NondeterminismError): void => {
      this.#end ??= { kind: 'nondeterminism', what: error.what, callSite: error.callSite };
    };
    let host: VirtualHost | undefined;
    if (this.#ambient === 'virtual') {
      // Only such runs load what it stands on.
      const { SimHost } = await import('./virtual-host.ts');
      const simHost = new SimHost(scheduler);
      scheduler.hostTimers = simHost;
      host = simHost;
    }
    scheduler.ambient = { host, reached: (what) => reached(what, end) };
  }

  readonly #segments = {
    begin: (): boolean => {
      const begun = this.#scheduler.begin(this.#untilMs);
      if (begun === 'segment') return true;
      const suspects = begun === 'idle' ? this.suspects() : [];
      this.#end ??= suspects.length > 0 ? { kind: 'foreign-await', tasks: suspects } : { kind: begun };
      return false;
    },
    end: (): boolean => {
      const scheduler = this.#scheduler;
      scheduler.end();
      if (this.#end !== undefined || this.#defect !== undefined) return false;
      if (this.#until?.() === true) {
        this.#end = { kind: 'until' };
        return false;
      }
      if (scheduler.steps < this.#stepLimit) return true;
      this.#end = { kind: 'stuck', tasks: this.busiest() };
      return false;
    },
    hop: (): boolean => {
      if (!this.#hop) return false;
      this.#hop = false;
      segment.ambient = this.#scheduler.ambient;
      return true;
    },
  };

  readonly #processErrors = {
    ours: (): boolean => this.#scheduler.inSegment,
    report: (error: unknown, fault: ProcessFault): void => {
      if (fault === 'thrown') {
        // Having told us, Node sets an immediate of its own, and drains on before the next callback.
        this.#hop = true;
        segment.ambient = undefined;
      }
      this.#taskFailed(this.#scheduler.current, error, fault);
    },
  };

  #taskFailed(task: SimTask | undefined, error: unknown, fault: TaskFault | 'callback'): void {
    // What comes of reaching for the host is told by that.
    if (this.#end?.kind === 'nondeterminism') return;
    const name = task?.name ?? this.currentTask;
    const goesOn =
      task !== undefined && fault !== 'callback' && this.#onTaskError(task.name, error, fault) === 'continue';
    if (!goesOn) this.#end ??= { kind: 'exception', fault, task: name, group: task?.group.name ?? '', error };
  }

  #foreign(): void {
    this.#end ??= { kind: 'foreign-await', tasks: this.suspects() };
  }

  #unfinished(wanted: (task: SimTask) => boolean): readonly string[] {
    const names: string[] = [];
    for (const task of this.root.unfinished()) if (wanted(task)) names.push(task.name);
    return names;
  }
}
