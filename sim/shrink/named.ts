/** A shrunk scenario, ready to hand on: with a name, its origin, and in words which parts of it matter. */

import type { AnyScenario } from '../scenario/file/read.ts';
import type { FaultBase, OperationBase, World } from '../world.ts';
import type { ShrinkOptions, Shrunk } from './shrink.ts';
import { shrink } from './shrink.ts';
import { sizeText } from './size.ts';

export type AnyShrunk = Shrunk<unknown, OperationBase, FaultBase>;

export interface NamedShrinkOptions extends ShrinkOptions {
  /** Where the scenario comes from, besides its seed. */
  readonly origin?: string | undefined;
  readonly commit?: string | undefined;
}

/** Null if there is nothing to shrink. */
export async function shrinkNamed(
  world: World,
  scenario: AnyScenario,
  { origin, commit, ...options }: NamedShrinkOptions,
): Promise<AnyShrunk | null> {
  const shrunk = await shrink(world, scenario, options);
  if (shrunk === null) return null;
  const { invariant, from, to } = shrunk;
  const found = shrunk.scenario.found ?? { seed: String(scenario.seed) };
  const where = origin === undefined ? '' : ` (${origin})`;
  const why = [
    `Breaks ${invariant}; found with seed ${found.seed}${where}.`,
    `Shrunk from ${sizeText(from)} to ${sizeText(to)}.`,
    ...partsText({ ...shrunk, indifferent: [] }),
  ];
  return {
    ...shrunk,
    scenario: {
      ...shrunk.scenario,
      name: `${invariant}-seed-${found.seed}`,
      why: why.join(' '),
      found: commit === undefined ? found : { commit, ...found },
    },
  };
}

/** What is required: operations, faults and choices, by name. */
export function requiredParts({ workload, faults, choices = {} }: AnyScenario): readonly string[] {
  return [...[...workload, ...faults].map(({ key }) => key), ...Object.keys(choices)];
}

/** Sentences on what is required and what does not matter. */
export function partsText({ scenario, minimal, decisive, indifferent }: AnyShrunk): readonly string[] {
  if (!minimal) return ['Time ran out before it was certain that nothing more can be removed.'];
  const required = requiredParts(scenario);
  return [
    required.length === 0 ? 'It needs no operation and no fault.' : `Required: ${required.join(', ')}.`,
    ...(decisive.length === 0 ? [] : [`Values that matter: ${byItem(decisive)}.`]),
    ...(indifferent.length === 0 ? [] : [`Values that do not matter: ${byItem(indifferent)}.`]),
  ];
}

/** Turns `k1.at, k1.action, k2.at` into `k1 (at, action), k2 (at)`. */
function byItem(values: readonly string[]): string {
  const items = new Map<string, string[]>();
  for (const value of values) {
    const dot = value.lastIndexOf('.');
    const item = dot < 0 ? value : value.slice(0, dot);
    items.set(item, [...(items.get(item) ?? []), ...(dot < 0 ? [] : [value.slice(dot + 1)])]);
  }
  return [...items].map(([item, fields]) => (fields.length === 0 ? item : `${item} (${fields.join(', ')})`)).join(', ');
}
