/**
 * What the names of a task's waits and draws are made from: keys of the scenario, never a count of tasks, which other tasks
 * would shift.
 *
 * A background task is named by group and role, and shares that name with all tasks of the role. A task of an operation or
 * fault has a name of its own, below that operation or fault. A wake that no operation caused is told apart by virtual time
 * and by its ordinal within that millisecond.
 */

import { appendText, labelOf, type Name, type ValueHash, valueHash } from '../choices/name.ts';
import type { Cause } from './cause.ts';

export class TaskNaming {
  /** Number of tasks started under this naming. */
  tasks = 0;
  /** The millisecond of its latest wake without a cause, and how many of those it had in that millisecond. */
  wokeMs = -1;
  wokeOrdinal = 0;
  readonly #base: Name;
  readonly #role: string | undefined;
  #text: string | undefined;
  #textHash: ValueHash | undefined = undefined;
  #path: Name | undefined = undefined;
  #moment: Name | undefined = undefined;
  #momentMs = -1;

  /** With `text`: of a role, shared by its tasks. Without: of one task whose path is `base`. */
  constructor(base: Name, role: string | undefined, text: string | undefined) {
    this.#base = base;
    this.#role = role;
    this.#text = text;
  }

  /** `group/role`, or the path of a task that has a cause. It stands in the names of others' draws. */
  get text(): string {
    this.#text ??= this.path.toString();
    return this.#text;
  }

  /** What `text` adds to the hash of a name. */
  get textHash(): ValueHash {
    this.#textHash ??= valueHash(this.text);
    return this.#textHash;
  }

  get path(): Name {
    this.#path ??= this.#role === undefined ? this.#base : appendText(this.#base, this.#role);
    return this.#path;
  }

  /** The path at a time. The names of all its waits of that millisecond begin with it. */
  at(atMs: number): Name {
    if (this.#moment === undefined || this.#momentMs !== atMs) {
      this.#moment = this.path.numbered(TIME, atMs);
      this.#momentMs = atMs;
    }
    return this.#moment;
  }
}

const TIME = labelOf('t');

/** The naming of a task that belongs to an operation or fault. */
export function causedNaming(cause: Cause, groupAndRole: string): TaskNaming {
  const before = cause.countTask(groupAndRole);
  const task = cause.name.child('task', groupAndRole);
  const path = before === 0 ? task : task.child('n', before + 1);
  return new TaskNaming(path, undefined, undefined);
}
