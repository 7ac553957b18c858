/**
 * The search for a smaller scenario. It passes over operations and faults, choices and values, until no pass finds
 * anything. Then no single operation, fault or pinned choice can be taken away, nor any two operations or faults.
 */
import type { TraceEvent } from '../invariant/invariant.ts';
import type { FaultBase, KeyedFault, OperationBase, Scenario, ScenarioEdit, World } from '../world.ts';
import type { Attempts } from './attempts.ts';
import { minimize } from './minimize.ts';
import { atTime, momentEdits } from './moments.ts';
import { type ScenarioSize, sizeOf } from './size.ts';

/** An edit that halves is useful more than once, but never more often than a number has digits. */
const EDIT_REPEATS_MAX = 54;
/** Pairs are tried among at most this many items. Beyond it there are too many pairs. */
const PAIRED_MAX = 16;

type Pin = readonly [name: string, value: number];

/** The order in which parts are taken out. What is left depends on it, for better or worse. */
export type Order = (items: readonly KeyedFault[]) => readonly KeyedFault[];

/** Faults first: they go first when something has to go. */
export const asTheyCome: Order = (items) => items;

/** Other orders, for when more is left than a person cares to read. */
export const otherOrders: readonly Order[] = [
  (items) => [...items].reverse(),
  (items) => [...items.filter((_item, i) => i % 3 === 1), ...items.filter((_item, i) => i % 3 !== 1)],
];

export class Search<C, O extends OperationBase, F extends FaultBase, E extends TraceEvent, V> {
  #best: Scenario<C, O, F>;
  readonly #attempts: Attempts<C, O, F, E, V>;
  readonly #world: World<C, O, F, E, V>;
  readonly #order: Order;
  readonly #onSmaller: (size: ScenarioSize) => void;

  constructor(
    world: World<C, O, F, E, V>,
    scenario: Scenario<C, O, F>,
    attempts: Attempts<C, O, F, E, V>,
    order: Order,
    onSmaller: (size: ScenarioSize) => void,
  ) {
    this.#world = world;
    this.#best = scenario;
    this.#attempts = attempts;
    this.#order = order;
    this.#onSmaller = onSmaller;
  }

  get best(): Scenario<C, O, F> {
    return this.#best;
  }

  /** Shrinks until nothing changes any more. False if time ran out. */
  async run(): Promise<boolean> {
    await this.#plainSchedule();
    for (;;) {
      const before = this.#best;
      await this.#items();
      await this.#choices();
      await this.#values();
      if (this.#best === before) {
        await this.#pairs();
        await this.#shortcuts();
      }
      if (this.#attempts.exhausted) return false;
      if (this.#best === before) return true;
    }
  }

  /** Most bugs need no special schedule. Without one, all further runs are simpler. */
  async #plainSchedule(): Promise<void> {
    if (this.#best.seeded === undefined) await this.#try({ ...this.#best, seeded: [] });
  }

  /** Takes out operations and faults together: a fault is often there for one operation. */
  async #items(): Promise<void> {
    const all = this.#order(itemsOf(this.#best));
    const kept = await minimize(all, (part) => this.#attempts.shows(this.#only(part)));
    if (kept.length < all.length) this.#take(this.#only(kept));
  }

  #only(part: readonly KeyedFault[]): Scenario<C, O, F> {
    const keys = new Set(part.map(({ key }) => key));
    const keep = ({ key }: KeyedFault): boolean => keys.has(key);
    const { workload, faults } = this.#best;
    const kept = { ...this.#best, workload: workload.filter(keep), faults: faults.filter(keep) };
    return this.#world.consistent?.(kept) ?? kept;
  }

  /** Takes out pairs of which each needs the other, such as a crash and the write that it must not lose. */
  async #pairs(): Promise<void> {
    const items = itemsOf(this.#best);
    if (items.length > PAIRED_MAX) return;
    for (const [i, one] of items.entries()) {
      for (const other of items.slice(i + 1)) {
        const rest = items.filter((item) => item !== one && item !== other);
        if (await this.#try(this.#only(rest))) return;
      }
    }
  }

  /** Edits that are worth it only if operations, faults or choices disappear because of them. */
  async #shortcuts(): Promise<void> {
    if (itemsOf(this.#best).length < 2 && sizeOf(this.#best).choices === 0) return;
    for (const edit of this.#world.shortcuts?.(this.#best) ?? []) {
      const edited = edit(this.#best);
      if (edited === null || (await this.#attempts.shows(edited)) !== true) continue;
      const other = new Search(this.#world, edited, this.#attempts, this.#order, () => {});
      await other.#items();
      await other.#choices();
      if (!isSmaller(other.#best, this.#best)) continue;
      this.#take(other.#best);
      return;
    }
  }

  /**
   * Pins every choice that was made, by name, and then releases each pin that is not needed. Released choices are plain.
   */
  async #choices(): Promise<void> {
    const bare = { ...this.#best, seeded: [], choices: {} };
    if (sizeOf(this.#best).choices === 0 || (await this.#try(bare))) return;
    const pins = await this.#pins();
    const withOnly = (part: readonly Pin[]): Scenario<C, O, F> => ({ ...bare, choices: Object.fromEntries(part) });
    const free = sizeOf(this.#best).choices !== pins.length;
    if (free && !(await this.#try(withOnly(pins)))) return;
    const kept = await minimize(pins, (part) => this.#attempts.shows(withOnly(part)));
    if (kept.length < pins.length) this.#take(withOnly(kept));
    await this.#smallerPins();
  }

  /** The choices of the best scenario that are not plain. */
  async #pins(): Promise<readonly Pin[]> {
    const { seeded, choices } = this.#best;
    if (seeded?.length === 0) return Object.entries(choices ?? {});
    const run = await this.#attempts.run(this.#best, { recordChoices: true });
    return Object.entries(run?.choices ?? {}).filter(([, value]) => value !== 0);
  }

  async #smallerPins(): Promise<void> {
    for (const name of Object.keys(this.#best.choices ?? {})) {
      for (const smaller of [() => 1, (value: number) => Math.floor(value / 2), (value: number) => value - 1]) {
        await this.#repeat(({ choices = {}, ...rest }) => {
          const value = choices[name] ?? 0;
          const to = smaller(value);
          return to < 1 || to >= value ? null : { ...rest, choices: { ...choices, [name]: to } };
        });
      }
    }
  }

  /** Makes values simpler, by one of the world's edits after the other. */
  async #values(): Promise<void> {
    await this.#moments();
    for (const edit of this.#world.edits?.(this.#best) ?? []) await this.#repeat(edit);
  }

  /** Moves faults from events to times where that does as well, or else to simpler events. */
  async #moments(): Promise<void> {
    const atEvents = this.#best.faults.filter(({ at }) => typeof at !== 'number');
    if (atEvents.length === 0 || this.#attempts.exhausted) return;
    const run = await this.#attempts.run(this.#best);
    const struck = run?.struck ?? {};
    for (const fault of atEvents) {
      const atMs = struck[fault.key];
      if (atMs !== undefined && (await this.#try(atTime(this.#best, fault.key, atMs)))) continue;
      for (const edit of momentEdits<C, O, F>(fault)) await this.#repeat(edit);
    }
  }

  /** Repeats an edit as long as it is useful. */
  async #repeat(edit: ScenarioEdit<C, O, F>): Promise<void> {
    for (let times = 0; times < EDIT_REPEATS_MAX; times += 1) {
      const simpler = this.#attempts.exhausted ? null : edit(this.#best);
      if (simpler === null || !(await this.#try(simpler))) return;
    }
  }

  async #try(candidate: Scenario<C, O, F>): Promise<boolean> {
    if ((await this.#attempts.shows(candidate)) !== true) return false;
    this.#take(candidate);
    return true;
  }

  #take(candidate: Scenario<C, O, F>): void {
    this.#best = candidate;
    this.#onSmaller(sizeOf(candidate));
  }
}

function itemsOf<C, O extends OperationBase, F extends FaultBase>(scenario: Scenario<C, O, F>): readonly KeyedFault[] {
  return [...scenario.faults, ...scenario.workload];
}

/** Fewer operations and faults, or as many and fewer choices. */
export function isSmaller<C, O extends OperationBase, F extends FaultBase>(
  a: Scenario<C, O, F>,
  b: Scenario<C, O, F>,
): boolean {
  const fewer = itemsOf(a).length - itemsOf(b).length;
  return fewer < 0 || (fewer === 0 && choiceCount(a) < choiceCount(b));
}

function choiceCount<C, O extends OperationBase, F extends FaultBase>(scenario: Scenario<C, O, F>): number {
  const { choices } = sizeOf(scenario);
  return choices === 'all' ? Number.POSITIVE_INFINITY : choices;
}
