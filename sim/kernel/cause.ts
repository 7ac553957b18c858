/**
 * What woke whom: the operations and faults that stand in the names of draws.
 *
 * A wait made ready by an operation's or a fault's segment is named after that operation or fault, with an ordinal when
 * the same cause wakes the same task again. One `Cause` a name and run keeps those ordinals; they count whether or not a
 * name is ever made, so that names do not depend on how many waits happened to be ready.
 */
import type { Name } from './name.ts';

/** Counts occurrences of keys; most tallies see one key, which then costs no map. */
export class Tally<K> {
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
  /** Wakes by the naming of the receiving task. */
  readonly wakes = new Tally<object>();
  /** Tasks started for this cause, by group and role. */
  readonly tasks = new Tally<string>();
  /** Callbacks run for this cause. */
  callbacks = 0;

  constructor(name: Name) {
    this.name = name;
  }
}
