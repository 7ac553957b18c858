/**
 * A phase of a virtual host's event loop, as the scheduler sees it: something that waits, like a task, whose segments are
 * then entered as those of the tasks that are called back.
 */
import type { Name } from '../../choices/name.ts';
import { MisuseError } from '../../misuse.ts';
import type { Cause } from '../../schedule/cause.ts';
import type { Scheduler } from '../../schedule/scheduler.ts';
import { TaskNaming } from '../../schedule/task-naming.ts';
import {
  DONE,
  READY,
  type SelectTarget,
  WAITING,
  Wait,
  type Waiter,
  type WaiterGroup,
  type WaitTarget,
} from '../../schedule/wait.ts';

const NO_SELECT: SelectTarget = {
  begin: () => {
    throw new MisuseError('an event loop selects nothing');
  },
  complete: () => false,
};

export abstract class Phase implements Waiter, WaitTarget {
  readonly name: string;
  place = -1;
  readonly group: WaiterGroup;
  readonly naming: TaskNaming;
  readonly cause: Cause | undefined = undefined;
  readonly own: Wait = new Wait(this, undefined);
  readonly select: SelectTarget = NO_SELECT;
  callsFor: string | undefined = undefined;
  openWaits = 0;
  protected readonly scheduler: Scheduler;

  constructor(scheduler: Scheduler, group: WaiterGroup, kind: 'timers' | 'check') {
    const path: Name = group.path.child('loop', kind);
    this.own.state = DONE;
    this.scheduler = scheduler;
    this.group = group;
    this.name = path.toString();
    this.naming = new TaskNaming(path, undefined, undefined);
  }

  /** Ends with its group. */
  get ended(): boolean {
    return this.group.killed;
  }

  /** Begins its next segment; false if there is none to begin. */
  abstract complete(wait: Wait): boolean;

  /** Has its next segment begin then. One that is ready already finds out by itself what is left to do. */
  protected wait(atMs: number): void {
    const { own, scheduler } = this;
    if (own.state === READY || (own.state === WAITING && own.dueMs === atMs)) return;
    if (own.state === WAITING) scheduler.unschedule(own);
    else own.reopen(this);
    if (atMs <= scheduler.now) scheduler.ready(own);
    else scheduler.wakeAt(own, atMs);
  }

  /** Has its next segment begin before anything else. */
  protected goOn(): void {
    this.own.reopen(this);
    this.scheduler.readyNext(this.own);
  }

  protected drop(): void {
    const { own, scheduler } = this;
    if (own.state !== WAITING) return;
    scheduler.unschedule(own);
    own.state = DONE;
  }
}
