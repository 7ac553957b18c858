/**
 * What woke whom: the operations and faults that stand in the names of draws.
 *
 * A wait made ready by an operation's or a fault's segment is named after that operation or fault, with an ordinal when
 * the same cause wakes the same task again. One `Cause` a name and run keeps those ordinals; they count whether or not a
 * name is ever made, so that names do not depend on how many waits happened to be ready.
 */
import type { Name } from '../choices/name.ts';

/** Counts occurrences of keys; most tallies see one key, which then costs no map. */
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
  /** Callbacks made for this cause. */
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
