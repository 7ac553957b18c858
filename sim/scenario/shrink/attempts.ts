/** Runs candidates while shrinking: keeps count and time, and knows what a candidate has to show. */
import type { TraceEvent } from '../../invariant/invariant.ts';
import type { FaultBase, OperationBase, Scenario, World } from '../../world.ts';
import type { AnyScenario } from '../read.ts';
import type { RunOptions, RunResult } from '../result.ts';
import { runScenario } from '../run.ts';

/** Asked before each run; may take its time, so that whoever is asked can see to signals and messages. */
export type OutOfTime = () => boolean | Promise<boolean>;

/** Makes a run; null where it was given up for want of time. */
export type MakeRun = (scenario: AnyScenario, options: RunOptions) => Promise<RunResult | null>;

export class Attempts<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V> {
  readonly invariant: string;
  readonly #world: World<C, O, F, E, V>;
  readonly #outOfTime: OutOfTime;
  /** Whether a run may end as soon as it has shown the violation; how it would have gone on is then not known. */
  readonly #early: boolean;
  readonly #maxEvents: number | undefined;
  readonly #make: MakeRun | undefined;
  #exhausted = false;
  #runs = 0;

  /** `outOfTime` bounds the search; what it finds by then stands. */
  constructor(
    world: World<C, O, F, E, V>,
    invariant: string,
    outOfTime: OutOfTime,
    {
      early,
      maxEvents,
      makeRun,
    }: { readonly early: boolean; readonly maxEvents?: number | undefined; readonly makeRun?: MakeRun | undefined },
  ) {
    this.#world = world;
    this.invariant = invariant;
    this.#outOfTime = outOfTime;
    this.#early = early;
    this.#maxEvents = maxEvents;
    this.#make = makeRun;
  }

  /** Runs so far. */
  get runs(): number {
    return this.#runs;
  }

  /** Whether something was not asked for want of time. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** Null where it was given up. */
  run(scenario: Scenario<C, O, F>, options: RunOptions = {}): Promise<RunResult | null> {
    this.#runs += 1;
    const bounded = { maxEvents: this.#maxEvents, ...options };
    return this.#make?.(scenario, bounded) ?? runScenario(this.#world, scenario, bounded);
  }

  /** Whether the candidate violates the same invariant; null when time is up. */
  async shows(candidate: Scenario<C, O, F>): Promise<boolean | null> {
    this.#exhausted ||= await this.#outOfTime();
    if (this.#exhausted) return null;
    const result = await this.run(candidate, this.#early ? { stopOn: this.invariant } : {});
    this.#exhausted = result === null;
    return result === null ? null : violates(result, this.invariant);
  }
}

export function violates(result: RunResult, invariant: string): boolean {
  return result.verdict === 'violated' && result.violations.some((violation) => violation.invariant === invariant);
}
