/**
 * Makes a failing scenario small: fewer operations and faults, simpler values, and as few choices as can be left to
 * chance, as long as the same invariant is violated. Small is what a person can read, so the order is: first what
 * happens (operations and faults), then when and with what values, then the schedule: ideally the plain one, else the
 * plain one with a few pinned choices. The result is 1-minimal in operations, faults and choices, unless time ran out.
 */
import type { TraceEvent } from '../../invariant/invariant.ts';
import type { FaultBase, Keyed, OperationBase, Scenario, World } from '../../world.ts';
import type { RunResult } from '../result.ts';
import { Attempts, violates } from './attempts.ts';
import { minimize } from './minimize.ts';

export interface ShrinkOptions {
  /** The invariant to keep; by default the first one violated. */
  readonly invariant?: string;
  /** Says that the search has to end; what has been found by then is the result. */
  readonly outOfTime?: () => boolean;
  /** Told of every smaller scenario found. */
  readonly onSmaller?: (size: ShrunkSize) => void;
}

export interface ShrunkSize {
  readonly operations: number;
  readonly faults: number;
  /** Choices left: pinned by name, or `all` where the seed decides them. */
  readonly choices: number | 'all';
}

export interface Shrunk<C, O extends OperationBase, F extends FaultBase> {
  readonly scenario: Scenario<C, O, F>;
  readonly invariant: string;
  /** The shrunk scenario's run, to its end. */
  readonly result: RunResult;
  readonly from: ShrunkSize;
  readonly to: ShrunkSize;
  /** Runs it took. */
  readonly runs: number;
  /** False if time ran out before it was 1-minimal. */
  readonly minimal: boolean;
  /** Values that can be others without the violation going, as the world names them. */
  readonly indifferent: readonly string[];
}

/** Null if the scenario does not violate the invariant, so that there is nothing to keep. */
export async function shrink<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V>(
  world: World<C, O, F, E, V>,
  scenario: Scenario<C, O, F>,
  options: ShrinkOptions = {},
): Promise<Shrunk<C, O, F> | null> {
  const outOfTime = options.outOfTime ?? (() => false);
  const first = await new Attempts(world, '', () => false).run(scenario);
  const invariant = options.invariant ?? first.violations[0]?.invariant;
  if (invariant === undefined || !violates(first, invariant)) return null;
  const search = new Search(world, scenario, new Attempts(world, invariant, outOfTime), options.onSmaller);
  const minimal = await search.run();
  const indifferent = minimal ? await search.indifferent() : [];
  return {
    scenario: { ...search.best, expect: { violates: invariant } },
    invariant,
    result: await search.attempts.run(search.best),
    from: sizeOf(scenario),
    to: sizeOf(search.best),
    runs: search.attempts.runs,
    minimal,
    indifferent,
  };
}

export function sizeOf<C, O extends OperationBase, F extends FaultBase>(scenario: Scenario<C, O, F>): ShrunkSize {
  const { workload, faults, seeded, choices } = scenario;
  return {
    operations: workload.length,
    faults: faults.length,
    choices: seeded === undefined ? 'all' : seeded.length + Object.keys(choices ?? {}).length,
  };
}

class Search<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V> {
  best: Scenario<C, O, F>;
  readonly attempts: Attempts<C, O, F, E, V>;
  readonly #world: World<C, O, F, E, V>;
  readonly #onSmaller: ((size: ShrunkSize) => void) | undefined;

  constructor(
    world: World<C, O, F, E, V>,
    scenario: Scenario<C, O, F>,
    attempts: Attempts<C, O, F, E, V>,
    onSmaller: ((size: ShrunkSize) => void) | undefined,
  ) {
    this.#world = world;
    this.best = scenario;
    this.attempts = attempts;
    this.#onSmaller = onSmaller;
  }

  /** Shrinks until nothing changes any more; false if time ran out. */
  async run(): Promise<boolean> {
    await this.#plainSchedule();
    for (;;) {
      const before = this.best;
      await this.#items();
      await this.#choices();
      await this.#values();
      if (this.attempts.exhausted) return false;
      if (this.best === before) return true;
    }
  }

  /** Values whose every variation shows the same violation. */
  async indifferent(): Promise<readonly string[]> {
    const matters = new Map<string, boolean>();
    for (const { value, scenario } of this.#world.variations?.(this.best) ?? []) {
      if (matters.get(value) === true) continue;
      const shows = await this.attempts.shows(scenario);
      if (shows === null) return [];
      matters.set(value, !shows);
    }
    return [...matters].filter(([, does]) => !does).map(([value]) => value);
  }

  /** Most bugs need no special schedule; then all further runs are simpler. */
  async #plainSchedule(): Promise<void> {
    if (this.best.seeded === undefined) await this.#try({ ...this.best, seeded: [] });
  }

  /** Takes out operations and faults, together: a fault is often there for one operation. */
  async #items(): Promise<void> {
    const { workload, faults } = this.best;
    const all: readonly Keyed[] = [...faults, ...workload];
    const kept = await minimize(all, (part) => this.attempts.shows(this.#only(part)));
    if (kept.length < all.length) this.#take(this.#only(kept));
  }

  #only(part: readonly Keyed[]): Scenario<C, O, F> {
    const keys = new Set(part.map(({ key }) => key));
    const keep = ({ key }: Keyed): boolean => keys.has(key);
    return { ...this.best, workload: this.best.workload.filter(keep), faults: this.best.faults.filter(keep) };
  }

  /** Pins what was chosen by name, then lets go of every pin that is not needed: what is left takes the plain choice. */
  async #choices(): Promise<void> {
    if (await this.#try({ ...this.best, seeded: [], choices: {} }, isSmallerSchedule(this.best))) return;
    const pinned = await this.#pinned();
    if (pinned.length === 0) return;
    const withOnly = (part: readonly (readonly [string, number])[]): Scenario<C, O, F> => ({
      ...this.best,
      seeded: [],
      choices: Object.fromEntries(part),
    });
    if (this.best.seeded === undefined && (await this.attempts.shows(withOnly(pinned))) !== true) return;
    const kept = await minimize(pinned, (part) => this.attempts.shows(withOnly(part)));
    if (this.best.seeded === undefined || kept.length < pinned.length) this.#take(withOnly(kept));
  }

  /** The choices of the best scenario that are not the plain ones. */
  async #pinned(): Promise<readonly (readonly [string, number])[]> {
    if (this.best.seeded !== undefined) return Object.entries(this.best.choices ?? {});
    const { choices } = await this.attempts.run(this.best, { recordChoices: true });
    return Object.entries(choices ?? {}).filter(([, value]) => value !== 0);
  }

  /** Makes values simpler, one edit of the world's after the other, until none is of use. */
  async #values(): Promise<void> {
    for (const edit of this.#world.edits?.(this.best) ?? []) {
      if (this.attempts.exhausted) return;
      const simpler = edit(this.best);
      if (simpler !== null) await this.#try(simpler);
    }
  }

  async #try(candidate: Scenario<C, O, F>, wanted = true): Promise<boolean> {
    if (!wanted || (await this.attempts.shows(candidate)) !== true) return false;
    this.#take(candidate);
    return true;
  }

  #take(candidate: Scenario<C, O, F>): void {
    this.best = candidate;
    this.#onSmaller?.(sizeOf(candidate));
  }
}

/** Whether there is anything left to chance that the plain schedule would take away. */
function isSmallerSchedule<C, O extends OperationBase, F extends FaultBase>(scenario: Scenario<C, O, F>): boolean {
  return sizeOf(scenario).choices !== 0;
}
