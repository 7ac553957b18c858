/**
 * Chance as it was when the executor vectors were recorded. A task runs until it suspends, and no other runs in between.
 * Where sender and executor wake in the same millisecond, either may go first. The seed decides what a select takes.
 */
import { type Chooser, SeededChooser } from '../../sim/kernel/choices/chooser.ts';
import type { Name } from '../../sim/kernel/choices/name.ts';
import { EXECUTOR, WAITING_SENDER } from './executor-case.ts';

const MIDDLE_RANK = 0x8000_0000;
const LAST_RANK = 0xffff_ffff;

export class RecordedChooser implements Chooser {
  readonly #seeded: SeededChooser;

  constructor(seed: bigint) {
    this.#seeded = new SeededChooser(seed);
  }

  draw(name: Name, bound: number): number {
    return this.#seeded.draw(name, bound);
  }

  rank(name: Name): number {
    switch (roleOf(name)) {
      case EXECUTOR:
        // The same rank each time it is ready again: a task that ranks above it has to wait until it is done.
        return MIDDLE_RANK;
      case WAITING_SENDER:
        return LAST_RANK;
      default:
        return this.#seeded.rank(name);
    }
  }
}

/** The first segment of a name, in a run of one group, is the task's role. */
function roleOf(name: Name): string {
  let first = name;
  while (first.parent?.parent !== undefined) first = first.parent;
  return first.label;
}
