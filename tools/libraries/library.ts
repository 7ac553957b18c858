/**
 * What a workload of a library is: what it sets up in a run, and what an operation does with it. A workload checks what
 * the library gives it, and draws its sleeps and sizes from the kernel.
 */

/** Until what a library does after it has answered is over. */
export const AFTER_MS = 1;

/** What a workload has of the run that it is in. */
export interface Sim {
  /** Virtual milliseconds since the run began. */
  now(): number;
  /** A whole number, drawn under this name and the count of its draws. */
  draw(what: string, min: number, max: number): number;
  /** Work: so many virtual milliseconds pass. */
  sleep(ms: number): Promise<void>;
  /** The run is red where this does not hold. */
  check(holds: boolean, what: string): void;
}

/** What an operation has besides. */
export interface Operation extends Sim {
  /** From 1, in the order in which they begin. */
  readonly number: number;
}

export interface Workload {
  /** Uses the library once; what it gives, and when, is part of the run's digest. */
  operate(operation: Operation): Promise<unknown>;
  /** When all operations have ended: closes what is open and checks what is left. */
  end?(): Promise<void> | void;
}

export interface Library {
  /** Of the package. */
  readonly name: string;
  /** Called once a run, with an instance of the package that no other run has. */
  start(exports: unknown, sim: Sim): Workload;
}

/** The exports of a package that gives one thing in the way of CommonJS. */
export interface Default<Exported> {
  readonly default: Exported;
}

/** `Module` is the type of the package's exports: `typeof import(NAME)`. */
export function library<Module>(name: string, start: (module: Module, sim: Sim) => Workload): Library {
  return { name, start: (exports, sim) => start(exports as Module, sim) };
}

/** How much is under way at once, which is never more than `max`. */
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

/** What a call gave or threw, and how long it took. */
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
