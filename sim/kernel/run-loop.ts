/**
 * The loop of one kernel's runs, as the drains drive it: it begins and ends segments, and knows how the run ends.
 *
 * The first reason to end counts. Where host time or randomness was reached that is the reason, whatever the exception
 * thrown for it set off.
 */

import { SegmentStopped } from './bounded-turn.ts';
import type { Chooser } from './choices/chooser.ts';
import { rootName } from './choices/name.ts';
import type { Segments } from './drain.ts';
import { AwaitBook, type HostResource } from './host/awaits/await-book.ts';
import { ownByContext } from './host/awaits/context-ownership.ts';
import { type Crossing, canFollowPromises, Ownership, type OwnershipHooks } from './host/awaits/ownership.ts';
import { flushOutput } from './host/output.ts';
import type { ProcessErrors, ProcessFault } from './host/process-errors.ts';
import { type Ambient, NondeterminismError, segment, type VirtualHost } from './schedule/ambient.ts';
import { Scheduler, type SchedulerHooks, type TaskFault } from './schedule/scheduler.ts';
import { TaskNaming } from './schedule/task-naming.ts';
import type { Waiter } from './schedule/wait.ts';
import { Group } from './tasks/group.ts';
import { SimTask } from './tasks/task.ts';

export type RunEnd =
  /** Nothing is ready and nothing due. Tasks may still be parked on channels and signals. */
  | { readonly kind: 'idle' }
  /** The condition held, or the time was reached. */
  | { readonly kind: 'until' }
  /** The step limit was passed; the tasks that ran most recently, the latest first. */
  | { readonly kind: 'stuck'; readonly tasks: readonly string[] }
  /** The run stands still and these tasks wait for something the kernel does not know. */
  | { readonly kind: 'foreign-await'; readonly tasks: readonly string[] }
  /** A promise that another node, the world or an earlier run settled went on in a node that is dead or paused. */
  | ({ readonly kind: 'shared-promise' } & Crossing)
  | {
      readonly kind: 'exception';
      readonly fault: TaskFault | 'callback';
      readonly task: string;
      readonly group: string;
      readonly error: unknown;
    }
  /** A segment did not come back and was stopped; or seemed not to, as the host was paused meanwhile. */
  | { readonly kind: 'stopped'; readonly task: string; readonly wasHostPaused: boolean }
  /** Something that differs from run to run was reached: what, from where, and what may be done about it. */
  | { readonly kind: 'nondeterminism'; readonly what: string; readonly callSite: string; readonly advice: string };

export interface RunOptions {
  /** Looked at after every segment. */
  readonly until?: (() => boolean) | undefined;
  /** The last millisecond whose events are run; time then stands there, unless the run was idle before. */
  readonly untilMs?: number | undefined;
  /**
   * Asked how the run goes on, once it has ended so; undefined if not. It goes on in the same turn of the host's event loop,
   * which is a tenth of what it takes to run again. Not asked of a run that was stopped.
   */
  readonly andThen?: ((end: RunEnd) => RunOptions | undefined) | undefined;
}

const FORBIDDEN_ADVICE = 'a run gets time, chance and everything else from its world';
const VIRTUAL_ADVICE = 'it is not simulated; hand the system a stand-in for it, or call it outside of the run';

/**
 * Who is said to run. `kernel`: whoever's wait the kernel resumed, which is right for tasks that wait for nothing else.
 * `awaiter`: whoever awaits, for code that is not ours. `places`: the same, and where they await is kept, at a price.
 */
export type OwnershipKind = 'kernel' | 'awaiter' | 'places';

export type OnTaskError = (task: string, error: unknown, fault: TaskFault) => 'end' | 'continue';

// Private without #: see scheduler.ts.
export class RunLoop implements Segments, SchedulerHooks, ProcessErrors, OwnershipHooks {
  readonly scheduler: Scheduler;
  /** Every other group is in this one. */
  readonly root: Group;
  stepLimit: number;
  /** A tick has thrown: Node takes one callback more to drain what is left. */
  hop = false;
  /** Absent where the kernel's own waits say who runs. */
  readonly ownership: Ownership | undefined;
  private readonly carry: Ambient['carry'];
  private readonly onTaskError: OnTaskError;
  private until: (() => boolean) | undefined = undefined;
  private untilMs = Number.POSITIVE_INFINITY;
  private andThen: RunOptions['andThen'] = undefined;
  private ended: RunEnd | undefined = undefined;
  private defect: { readonly error: unknown } | undefined = undefined;

  constructor(
    chooser: Chooser,
    epochMs: bigint,
    stepLimit: number,
    onTaskError: OnTaskError,
    ownership: OwnershipKind,
  ) {
    const scheduler = new Scheduler(chooser, this);
    this.scheduler = scheduler;
    this.root = new Group(scheduler, undefined, '', rootName, epochMs, 0);
    const naming = new TaskNaming(rootName, 'world', 'world');
    scheduler.callbacks = new SimTask(scheduler, this.root, 'world', 'world', undefined, naming, async () => {});
    this.stepLimit = stepLimit;
    this.onTaskError = onTaskError;
    if (ownership === 'kernel') return;
    scheduler.owned = true;
    if (canFollowPromises()) {
      this.ownership = new Ownership(scheduler, this, ownership === 'places' ? new AwaitBook() : undefined);
      this.carry = this.ownership.carry;
    } else {
      this.carry = ownByContext(scheduler);
    }
  }

  /** Readies itself for a run, or for the rest of one. */
  prepare({ until, untilMs = Number.POSITIVE_INFINITY, andThen }: RunOptions): void {
    this.ended = undefined;
    this.until = until;
    this.untilMs = untilMs;
    this.andThen = andThen;
  }

  /** How the run ended; throws the defect of the harness that ended it. */
  result(): RunEnd {
    if (this.defect !== undefined) throw this.defect.error;
    return this.ended ?? { kind: 'idle' };
  }

  fail(error: unknown): void {
    this.defect ??= { error };
  }

  begin(): boolean {
    for (;;) {
      const begun = this.scheduler.begin(this.untilMs);
      if (begun === 'segment') return true;
      const suspects = begun === 'idle' ? this.suspects() : [];
      this.ended ??= suspects.length > 0 ? { kind: 'foreign-await', tasks: suspects } : { kind: begun };
      if (!this.goesOn()) return false;
    }
  }

  end(): boolean {
    const { scheduler } = this;
    scheduler.end();
    if (this.ended === undefined && this.defect === undefined) {
      if (this.until?.() === true) this.ended = { kind: 'until' };
      else if (scheduler.steps < this.stepLimit) return true;
      else this.ended = { kind: 'stuck', tasks: scheduler.recent() };
    }
    return this.goesOn();
  }

  /** Whether something follows on how the run has ended. */
  private goesOn(): boolean {
    const { ended, andThen, scheduler } = this;
    if (ended === undefined || andThen === undefined || this.defect !== undefined) return false;
    scheduler.running = false;
    const next = andThen(ended);
    scheduler.running = true;
    if (next === undefined) return false;
    this.prepare(next);
    return true;
  }

  turned(): void {
    flushOutput(false);
  }

  hopped(): void {
    this.hop = false;
    segment.active = true;
  }

  ours(error: unknown): boolean {
    return this.scheduler.inSegment || error instanceof SegmentStopped;
  }

  report(error: unknown, fault: ProcessFault, promise?: object): void {
    if (error instanceof SegmentStopped) {
      this.stop(error);
      return;
    }
    if (fault === 'thrown') {
      // Having told us, Node sets an immediate of its own, and drains on before the next callback.
      this.hop = true;
      segment.active = false;
    }
    const { scheduler, ownership } = this;
    if (ownership === undefined) {
      this.taskFailed(scheduler.current, error, fault);
      return;
    }
    const { runner } = scheduler;
    scheduler.enter(ownership.ownerOf(error, promise));
    // What a dead node still loses is nobody's finding.
    if (!scheduler.fenced) this.taskFailed(scheduler.current, error, fault);
    scheduler.enter(runner);
  }

  private stop({ wasHostPaused }: SegmentStopped): void {
    segment.active = false;
    const { current, currentCallback } = this.scheduler;
    this.ended ??= { kind: 'stopped', task: current?.name ?? currentCallback?.name ?? '', wasHostPaused };
    this.ownership?.stop();
  }

  taskFailed(task: Waiter | undefined, error: unknown, fault: TaskFault | 'callback'): void {
    if (this.ended?.kind === 'nondeterminism' || this.ended?.kind === 'shared-promise') return;
    const name = task?.name ?? this.scheduler.currentCallback?.name ?? '';
    const told = task !== undefined && fault !== 'callback';
    if (told && this.onTaskError(name, error, fault) === 'continue') return;
    this.ended ??= { kind: 'exception', fault, task: name, group: task?.group.name ?? '', error };
  }

  foreign(): void {
    this.ended ??= { kind: 'foreign-await', tasks: this.suspects() };
  }

  resumedByHost(runner: string): void {
    this.ended ??= { kind: 'foreign-await', tasks: [runner] };
  }

  crossed(crossing: Crossing): void {
    this.ended ??= { kind: 'shared-promise', ...crossing };
  }

  /** Whoever waits for what the kernel knows nothing of: where promises are followed, for one from outside of the run. */
  suspects(): readonly string[] {
    const { ownership } = this;
    if (ownership === undefined) return this.unfinished(isSuspect);
    const outside = new Set(ownership.awaitingOutside());
    return this.unfinished((task) => isSuspect(task) && outside.has(task));
  }

  /** Where a task awaits what does not come; known where places are kept. */
  placeOf(task: string): string | undefined {
    return this.ownership?.book?.placeOf(task);
  }

  /** What the run made of the host's; known where places are kept. */
  hostResources(): readonly HostResource[] {
    return this.ownership?.book?.resources() ?? [];
  }

  /** What stands in for the host in this loop's segments. */
  ambient(host: VirtualHost | undefined): Ambient {
    const advice = host === undefined ? FORBIDDEN_ADVICE : VIRTUAL_ADVICE;
    return {
      host,
      carry: this.carry,
      reached: (what, callSite) => {
        this.ended ??= { kind: 'nondeterminism', what, callSite, advice };
        return new NondeterminismError(what, callSite, advice);
      },
    };
  }

  /** The names of tasks that have not ended. */
  unfinished(wanted: (task: SimTask) => boolean): readonly string[] {
    const names: string[] = [];
    for (const task of this.root.unfinished()) if (wanted(task)) names.push(task.name);
    return names;
  }
}

/** A task that has not ended and holds no wait that the kernel knows. */
function isSuspect(task: SimTask): boolean {
  return task.openWaits === 0;
}
