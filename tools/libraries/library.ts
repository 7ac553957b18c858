/**
 * A workload of a library: what it sets up in a run, and what an operation does with it. A workload checks what the library
 * gives it, and draws its sleeps and sizes from the kernel.
 */

/** How long a library may go on working after it has answered. */
export const AFTER_MS = 1;

/** What a workload gets from the run that it is in. */
export interface Sim {
  /** Virtual milliseconds since the run began. */
  now(): number;
  /** Draws a whole number, under this name and the count of its draws. */
  draw(what: string, min: number, max: number): number;
  /** Does work: this many virtual milliseconds pass. */
  sleep(ms: number): Promise<void>;
  /** The run is red where this does not hold. */
  check(holds: boolean, what: string): void;
}

/** What an operation gets in addition. */
export interface Operation extends Sim {
  /** From 1, in the order in which they begin. */
  readonly number: number;
}

export interface Workload {
  /** Uses the library once. What it returns, and when, is part of the run's digest. */
  operate(operation: Operation): Promise<unknown>;
  /** Called when all operations have ended: closes what is open and checks what is left. */
  end?(): Promise<void> | void;
}

export interface Library {
  /** Name of the package. */
  readonly name: string;
  /** Called once a run, with an instance of the package that no other run has. */
  start(exports: unknown, sim: Sim): Workload;
}

/** The exports of a package that exports one thing in the CommonJS way. */
export interface Default<Exported> {
  readonly default: Exported;
}

/** `Module`: the type of the package's exports, `typeof import(NAME)`. */
export function library<Module>(name: string, start: (module: Module, sim: Sim) => Workload): Library {
  return { name, start: (exports, sim) => start(exports as Module, sim) };
}

/** Counts how much is under way at once, which must never be more than `max`. */
export class Gauge {
  #inside = 0;
  readonly #sim: Sim;
  readonly #max: number;

  constructor(sim: Sim, max: number) {
    this.#sim = sim;
    this.#max = max;
  }

  async hold<Value>(ms: number, value: Value): Promise<Value> {
    this.#inside += 1;
    this.#sim.check(this.#inside <= this.#max, `${this.#inside} at once, and the limit is ${this.#max}`);
    await this.#sim.sleep(ms);
    this.#inside -= 1;
    return value;
  }

  get inside(): number {
    return this.#inside;
  }
}

/** Numbers from 0. */
export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** What a call returned or threw, and how long it took. */
export async function outcome<Value>(
  sim: Sim,
  call: () => PromiseLike<Value>,
): Promise<{ readonly value?: Value; readonly error?: unknown; readonly tookMs: number }> {
  const from = sim.now();
  try {
    const value = await call();
    return { value, tookMs: sim.now() - from };
  } catch (error) {
    return { error, tookMs: sim.now() - from };
  }
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
