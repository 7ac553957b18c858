/** What a test says by `sim.always` and `sim.eventually`, looked at after every step of the run. */
import type { Name } from '../kernel/choices/name.ts';
import type { Kernel } from '../kernel/kernel.ts';

interface Promised {
  readonly name: string;
  readonly predicate: () => boolean;
  /** Undefined of what must hold all along. */
  readonly untilMs: number | undefined;
  /** Where the test says it: a violation points there. */
  readonly said: Error;
}

export class Promises {
  readonly #kernel: Kernel;
  readonly #broken: (name: string, error: unknown) => void;
  #open: Promised[] = [];

  constructor(kernel: Kernel, broken: (name: string, error: unknown) => void) {
    this.#kernel = kernel;
    this.#broken = broken;
  }

  add(name: string, predicate: () => boolean, withinMs: number | undefined, cause: Name): void {
    const untilMs = withinMs === undefined ? undefined : this.#kernel.now + withinMs;
    const told =
      withinMs === undefined ? `${name}: does not hold` : `${name}: has not come to hold within ${withinMs} ms`;
    this.#open.push({ name, predicate, untilMs, said: new Error(told) });
    // So that there is a step at which it can be seen that time is up.
    if (untilMs !== undefined) this.#kernel.schedule(untilMs, cause, () => {});
  }

  /** Looks once; what was broken, and what has come to hold, is not looked at again. */
  check(): void {
    if (this.#open.length === 0) return;
    this.#open = this.#open.filter((promised) => this.#isOpen(promised));
  }

  #isOpen({ name, predicate, untilMs, said }: Promised): boolean {
    let holds: boolean;
    try {
      holds = predicate();
    } catch (error) {
      this.#broken(name, error);
      return false;
    }
    if (untilMs === undefined) {
      if (!holds) this.#broken(name, said);
      return holds;
    }
    if (!holds && this.#kernel.now >= untilMs) this.#broken(name, said);
    return !holds && this.#kernel.now < untilMs;
  }
}
