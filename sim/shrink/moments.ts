/**
 * Makes faults at events simpler. A time is what most people would think of first, so it is tried first. Then come the
 * first event of its kind in place of a later one, and fewer conditions on its fields.
 */
import type { AtEvent, FaultBase, KeyedFault, OperationBase, Scenario, ScenarioEdit } from '../world.ts';

/** The scenario with a fault at the time at which it struck. */
export function atTime<C, O extends OperationBase, F extends FaultBase>(
  scenario: Scenario<C, O, F>,
  key: string,
  atMs: number,
): Scenario<C, O, F> {
  return withMoment(scenario, key, () => atMs) ?? scenario;
}

/** Edits of when a fault strikes that leave it at an event. */
export function* momentEdits<C, O extends OperationBase, F extends FaultBase>({
  key,
  at,
}: KeyedFault): Generator<ScenarioEdit<C, O, F>> {
  if (typeof at === 'number') return;
  for (const field of Object.keys(at.where ?? {})) {
    yield (scenario) => withMoment(scenario, key, (moment) => without(moment, field));
  }
  for (const smaller of [() => 1, (nth: number) => nth >> 1, (nth: number) => nth - 1]) {
    yield (scenario) =>
      withMoment(scenario, key, (moment) => {
        const nth = smaller(moment.nth);
        return nth < 1 || nth >= moment.nth ? null : { ...moment, nth };
      });
  }
}

function without({ where = {}, ...moment }: AtEvent, field: string): AtEvent | null {
  if (!Object.hasOwn(where, field)) return null;
  const kept = Object.entries(where).filter(([name]) => name !== field);
  return kept.length === 0 ? moment : { ...moment, where: Object.fromEntries(kept) };
}

/** Null if there is no such fault, if it strikes at a time, or if nothing would change. */
function withMoment<C, O extends OperationBase, F extends FaultBase>(
  scenario: Scenario<C, O, F>,
  key: string,
  edit: (moment: AtEvent) => AtEvent | number | null,
): Scenario<C, O, F> | null {
  const fault = scenario.faults.find((candidate) => candidate.key === key);
  if (fault === undefined || typeof fault.at === 'number') return null;
  const at = edit(fault.at);
  if (at === null) return null;
  return { ...scenario, faults: scenario.faults.map((other) => (other === fault ? { ...other, at } : other)) };
}
