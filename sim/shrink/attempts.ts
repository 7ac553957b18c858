/** Runs candidates while shrinking: keeps count and time, and knows what a candidate has to show. */
import type { TraceEvent, Violation } from '../invariant/invariant.ts';
import { LOST_WAKE_UP } from '../scenario/file/catalogue.ts';
import type { AnyScenario } from '../scenario/file/read.ts';
import type { RunOptions, RunResult } from '../scenario/run/result.ts';
import { runScenario } from '../scenario/run/run.ts';
import type { FaultBase, OperationBase, Scenario, World } from '../world.ts';

/** Asked before each run; may take its time, so that whoever is asked can see to signals and messages. */
export type OutOfTime = () => boolean | Promise<boolean>;

/** Makes a run; null where it was given up for want of time. */
export type MakeRun = (scenario: AnyScenario, options: RunOptions) => Promise<RunResult | null>;

export class Attempts<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V> {
  readonly invariant: string;
  /** What the violation says, where another one of the same invariant would be another defect. */
  readonly #like: string | undefined;
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
      like,
      maxEvents,
      makeRun,
    }: {
      readonly early: boolean;
      readonly like?: string | undefined;
      readonly maxEvents?: number | undefined;
      readonly makeRun?: MakeRun | undefined;
    },
  ) {
    this.#like = like;
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
    return result === null ? null : violates(result, this.invariant, this.#like);
  }
}

export function violates(result: RunResult, invariant: string, like?: string): boolean {
  return (
    result.verdict === 'violated' &&
    result.violations.some((each) => each.invariant === invariant && (like === undefined || likenessIn(each) === like))
  );
}

/**
 * What has to stay of a violation while it is shrunk, if anything has to. With less, it would become the next best violation
 * of the same invariant.
 */
export function likenessOf({ violations }: RunResult, invariant: string): string | undefined {
  const violation = violations.find((each) => each.invariant === invariant);
  return violation === undefined ? undefined : likenessIn(violation);
}

/** Of a lost wake-up it is who waits, and the line of the `await`. */
function likenessIn({ invariant, message, like }: Violation): string | undefined {
  return invariant === LOST_WAKE_UP ? message : like;
}
