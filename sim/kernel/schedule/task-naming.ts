/**
 * What names of a task's waits and draws are made from: keys of the scenario, never a count of tasks, which others shift.
 *
 * A background task's are its group and role, shared with all tasks of that role; a task that belongs to an operation or
 * fault has its own, under that. What nobody's operation woke is told apart by virtual time and by its ordinal in that
 * millisecond.
 */

import { appendText, labelOf, type Name, type ValueHash, valueHash } from '../choices/name.ts';
import type { Cause } from './cause.ts';

export class TaskNaming {
  /** Tasks started under this naming. */
  tasks = 0;
  /** The millisecond of its latest wake that no operation or fault made, and how many such wakes that had so far. */
  wokeMs = -1;
  wokeOrdinal = 0;
  readonly #base: Name;
  readonly #role: string | undefined;
  #text: string | undefined;
  #textHash: ValueHash | undefined = undefined;
  #path: Name | undefined = undefined;
  #moment: Name | undefined = undefined;
  #momentMs = -1;

  /** Of a role, whose tasks are known by `text`; or, without, of one task whose path is `base`. */
  constructor(base: Name, role: string | undefined, text: string | undefined) {
    this.#base = base;
    this.#role = role;
    this.#text = text;
  }

  /** `group/role`, or the path of a task that has a cause: what stands in the names of others' draws. */
  get text(): string {
    this.#text ??= this.path.toString();
    return this.#text;
  }

  /** What the text adds to the hash of a name. */
  get textHash(): ValueHash {
    this.#textHash ??= valueHash(this.text);
    return this.#textHash;
  }

  get path(): Name {
    this.#path ??= this.#role === undefined ? this.#base : appendText(this.#base, this.#role);
    return this.#path;
  }

  /** The path at a time, which the names of all its waits of that millisecond share. */
  at(atMs: number): Name {
    if (this.#moment === undefined || this.#momentMs !== atMs) {
      this.#moment = this.path.numbered(TIME, atMs);
      this.#momentMs = atMs;
    }
    return this.#moment;
  }
}

const TIME = labelOf('t');

/** For a task that belongs to an operation or fault. */
export function causedNaming(cause: Cause, groupAndRole: string): TaskNaming {
  const before = cause.countTask(groupAndRole);
  const task = cause.name.child('task', groupAndRole);
  const path = before === 0 ? task : task.child('n', before + 1);
  return new TaskNaming(path, undefined, undefined);
}
