/**
 * What woke whom: the operations and faults that stand in the names of draws.
 *
 * If the segment of an operation or fault makes a wait ready, that wait is named after it, with an ordinal when the same
 * cause wakes the same task again. There is one `Cause` per name and run, and it keeps those ordinals. They count whether
 * or not the name is ever built, so names do not depend on how many waits happened to be ready.
 */
import type { Name } from '../choices/name.ts';

/** Counts how often each key came. Most tallies see a single key, which needs no map. */
class Tally<K> {
  #key: K | undefined = undefined;
  #count = 0;
  #others: Map<K, number> | undefined = undefined;

  /** How often this key came before. */
  count(key: K): number {
    if (this.#key === key) return this.#count++;
    if (this.#key === undefined) {
      this.#key = key;
      this.#count = 1;
      return 0;
    }
    this.#others ??= new Map();
    const before = this.#others.get(key) ?? 0;
    this.#others.set(key, before + 1);
    return before;
  }
}

export class Cause {
  readonly name: Name;
  /** Number of callbacks made for this cause. */
  callbacks = 0;
  #wakes: Tally<object> | undefined = undefined;
  #tasks: Tally<string> | undefined = undefined;

  constructor(name: Name) {
    this.name = name;
  }

  /** How often it woke tasks of this naming before. */
  countWake(naming: object): number {
    this.#wakes ??= new Tally();
    return this.#wakes.count(naming);
  }

  /** How many tasks of this group and role it started before. */
  countTask(groupAndRole: string): number {
    this.#tasks ??= new Tally();
    return this.#tasks.count(groupAndRole);
  }
}
