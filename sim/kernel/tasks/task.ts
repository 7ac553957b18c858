/**
 * A task of a run: what it is called, what it has open, and how it ended.
 *
 * The first segment of a task calls its body; each further one begins when one of its waits is resumed. A task that has
 * neither ended nor a wait open is waiting for something the kernel does not know, and is a suspect.
 */
import type { Task } from '../../../src/runtime/port.ts';
import type { Cause } from '../schedule/cause.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import type { TaskNaming } from '../schedule/task-naming.ts';
import { DONE, type Settle, Wait, type Waiter, type WaiterGroup, type WaitTarget } from '../schedule/wait.ts';
import { Select } from './select.ts';

/** The group of a task, which is told of its end. */
export interface TaskGroup extends WaiterGroup {
  taskEnded(task: SimTask): void;
}

export class SimTask implements Task, WaitTarget, Waiter {
  readonly role: string;
  /** `group/role`, with `#2` and so on for a role the group has had before. */
  readonly name: string;
  place = -1;
  readonly group: TaskGroup;
  readonly cause: Cause | undefined;
  readonly naming: TaskNaming;
  openWaits = 0;
  /** The wait this task uses again and again, as it mostly holds one at a time. */
  readonly own: Wait = new Wait(this, undefined);
  /** Nothing resumes it any more: killed, or done, where code that outlives its task is a mistake. */
  ended = false;
  /** Whether it is waited for when the system is to come to rest. */
  owes = false;
  readonly #scheduler: Scheduler;
  readonly #body: () => Promise<void>;
  #select: Select | undefined = undefined;
  #failure: { readonly error: unknown } | undefined = undefined;
  #joiners: Join[] | undefined = undefined;
  /** Done, failed or killed. */
  #over = false;

  constructor(
    scheduler: Scheduler,
    group: TaskGroup,
    role: string,
    name: string,
    cause: Cause | undefined,
    naming: TaskNaming,
    body: () => Promise<void>,
  ) {
    this.own.state = DONE;
    this.#scheduler = scheduler;
    this.group = group;
    this.role = role;
    this.name = name;
    this.cause = cause;
    this.naming = naming;
    this.#body = body;
  }

  /** The select that goes with `own`. */
  get select(): Select {
    this.#select ??= new Select(this.#scheduler);
    return this.#select;
  }

  /** The first segment. */
  complete(_wait: Wait): boolean {
    let ran: Promise<void>;
    try {
      ran = this.#body();
    } catch (error) {
      this.#end({ error });
      return true;
    }
    ran.then(
      () => this.#end(undefined),
      (error: unknown) => this.#end({ error }),
    );
    return true;
  }

  join(): Promise<void> {
    const join = new Join(this);
    const wait = this.#scheduler.open(join);
    join.wait = wait;
    const promise = new Promise<void>((resolve, reject) => {
      wait.settle = resolve;
      join.reject = reject;
    });
    if (this.#over) {
      this.#scheduler.ready(wait);
    } else {
      this.#joiners ??= [];
      this.#joiners.push(join);
    }
    return promise;
  }

  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** Ended from outside, with its group. */
  kill(): void {
    if (this.ended) return;
    this.ended = true;
    this.#close();
  }

  /** It is to come to an end before the system is at rest. */
  owe(): void {
    if (this.#over || this.owes) return;
    this.owes = true;
    this.#scheduler.owing += 1;
  }

  /** It is to come to none for now: it waits for everybody else. */
  forgive(): void {
    if (this.#over || !this.owes) return;
    this.owes = false;
    this.#scheduler.owing -= 1;
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.owes) this.#scheduler.owing -= 1;
    this.#wakeJoiners();
  }

  #end(failure: { readonly error: unknown } | undefined): void {
    // What a killed task still did in the segment that killed it is nobody's finding.
    if (this.#over) return;
    this.ended = !this.#scheduler.owned;
    this.#failure = failure;
    this.group.taskEnded(this);
    this.#scheduler.taskEnded(this, failure);
    this.#close();
  }

  #wakeJoiners(): void {
    if (this.#joiners === undefined) return;
    for (const { wait } of this.#joiners) if (wait !== undefined) this.#scheduler.ready(wait);
    this.#joiners = undefined;
  }
}

/** One task's wait for the end of another. */
class Join implements WaitTarget {
  wait: Wait | undefined = undefined;
  reject: Settle = rejectNothing;
  readonly #task: SimTask;

  constructor(task: SimTask) {
    this.#task = task;
  }

  complete(wait: Wait): boolean {
    const failure = this.#task.failure;
    if (failure === undefined) wait.settle(undefined);
    else this.reject(failure.error);
    return true;
  }
}

function rejectNothing(_error: unknown): void {}
