/**
 * Makes a failing scenario small, as long as the same invariant is violated. Small is what a person can read. So it first
 * reduces what happens (operations and faults), then when and with what values, then the schedule: ideally the plain one,
 * else the plain one with a few pinned choices. The result is 1-minimal in operations, faults and choices, unless time ran
 * out.
 */
import type { TraceEvent } from '../invariant/invariant.ts';
import type { RunResult } from '../scenario/run/result.ts';
import type { FaultBase, OperationBase, Scenario, World } from '../world.ts';
import { Attempts, likenessOf, type MakeRun, type OutOfTime, violates } from './attempts.ts';
import { asTheyCome, isSmaller, otherOrders, Search } from './search.ts';
import { type ScenarioSize, sizeOf } from './size.ts';

/** Most bugs need no more than this. Where more is left, another search is tried. */
const MUCH = { operations: 6, faults: 2 };
/** After this many runs no other search begins, because whoever waits should wait for seconds. */
const RESTARTS_RUNS_MAX = 1500;

export interface ShrinkOptions {
  /** The invariant to keep violated; by default the first violated one. */
  readonly invariant?: string | undefined;
  /** Says that the search has to end. What was found by then is the result. */
  readonly outOfTime?: OutOfTime | undefined;
  /** Bounds each run, as in `RunOptions`. */
  readonly maxEvents?: number | undefined;
  /** Makes the runs. Absent: they are made in this thread, where nothing stops a run that does not end. */
  readonly makeRun?: MakeRun | undefined;
  /** Called for every smaller scenario found. */
  readonly onSmaller?: ((size: ScenarioSize) => void) | undefined;
}

export interface Shrunk<C, O extends OperationBase, F extends FaultBase> {
  /** Expects the violation. Its witnesses are those of the original that it still reaches. */
  readonly scenario: Scenario<C, O, F>;
  readonly invariant: string;
  /** The shrunk scenario's run, to its end, with its trace. */
  readonly result: RunResult;
  readonly from: ScenarioSize;
  readonly to: ScenarioSize;
  /** Number of runs that the search took. */
  readonly runs: number;
  /** False if time ran out before it was 1-minimal. */
  readonly minimal: boolean;
  /** Values that can change without losing the violation, as the world names them. */
  readonly indifferent: readonly string[];
  /** Values that cannot. Both lists are empty if time ran out. */
  readonly decisive: readonly string[];
}

/** Null if the scenario does not violate the invariant, so that there is nothing to keep. */
export async function shrink<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V>(
  world: World<C, O, F, E, V>,
  scenario: Scenario<C, O, F>,
  options: ShrinkOptions = {},
): Promise<Shrunk<C, O, F> | null> {
  const { outOfTime = () => false, onSmaller = () => {}, maxEvents, makeRun } = options;
  const first = await new Attempts(world, '', () => false, { early: false, maxEvents, makeRun }).run(scenario);
  if (first === null) return null;
  const invariant = options.invariant ?? first.violations[0]?.invariant;
  if (invariant === undefined || !violates(first, invariant)) return null;
  let runs = 1;
  const like = likenessOf(first, invariant);
  const { drawn = [] } = first;
  const listed = drawn.length === 0 ? undefined : world.listed?.(scenario, drawn);
  const search = async (early: boolean) => {
    const attempts = new Attempts(world, invariant, outOfTime, { early, like, maxEvents, makeRun });
    const isListed = listed !== undefined && (await attempts.shows(listed)) === true;
    const { best, minimal } = await smallest(world, isListed ? listed : scenario, attempts, onSmaller);
    const values = minimal ? await weigh(world, best, attempts) : { indifferent: [], decisive: [] };
    // Where no time is left for that run, the one that it was shrunk from violates the same invariant.
    const result = (await attempts.run(best, { keepTrace: true })) ?? first;
    runs += attempts.runs;
    return { best, minimal, result, ...values };
  };
  let found = await search(true);
  // What comes after the violation can be worse, and a replay would report that instead.
  if (!violates(found.result, invariant, like)) found = await search(false);
  const { best, minimal, result, indifferent, decisive } = found;
  const witness = scenario.witness?.filter((mark) => (result.marks[mark] ?? 0) > 0);
  const { choices, ...plain } = best;
  return {
    scenario: {
      ...(choices === undefined || Object.keys(choices).length === 0 ? plain : best),
      expect: { violates: invariant },
      ...(witness === undefined ? {} : { witness }),
      found: scenario.found ?? { seed: String(scenario.seed) },
    },
    invariant,
    result,
    from: sizeOf(scenario),
    to: sizeOf(best),
    runs,
    minimal,
    indifferent,
    decisive,
  };
}

/**
 * One search, and, where it leaves much, others that try another order. Each search only takes away, so each ends where
 * nothing more can go, but not all at the same place.
 */
async function smallest<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V>(
  world: World<C, O, F, E, V>,
  scenario: Scenario<C, O, F>,
  attempts: Attempts<C, O, F, E, V>,
  onSmaller: (size: ScenarioSize) => void,
): Promise<{ readonly best: Scenario<C, O, F>; readonly minimal: boolean }> {
  const first = new Search(world, scenario, attempts, asTheyCome, onSmaller);
  const minimal = await first.run();
  let { best } = first;
  for (const order of otherOrders) {
    const isLittle = best.workload.length <= MUCH.operations && best.faults.length <= MUCH.faults;
    if (!minimal || isLittle || attempts.runs > RESTARTS_RUNS_MAX) break;
    const other = new Search(world, scenario, attempts, order, () => {});
    if (!(await other.run())) break;
    if (!isSmaller(other.best, best)) continue;
    best = other.best;
    onSmaller(sizeOf(best));
  }
  return { best, minimal };
}

/** Which values can change and which cannot, as far as the world's variations tell. */
async function weigh<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V>(
  world: World<C, O, F, E, V>,
  scenario: Scenario<C, O, F>,
  attempts: Attempts<C, O, F, E, V>,
): Promise<{ readonly indifferent: readonly string[]; readonly decisive: readonly string[] }> {
  const matters = new Map<string, boolean>();
  for (const { value, scenario: varied } of world.variations?.(scenario) ?? []) {
    if (matters.get(value) === true) continue;
    const shows = await attempts.shows(varied);
    if (shows === null) return { indifferent: [], decisive: [] };
    matters.set(value, !shows);
  }
  const named = (does: boolean): readonly string[] =>
    [...matters].filter(([, it]) => it === does).map(([value]) => value);
  return { indifferent: named(false), decisive: named(true) };
}
