/** The parts that edits of a mesh scenario are made of. */
import type { Keyed, KeyedFault, Scenario, ScenarioEdit } from '../../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../scenario/scenario.ts';

export type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;
export type Edit = ScenarioEdit<MeshConfig, MeshOperation, MeshFault>;
export type Operation = Keyed & MeshOperation;
export type Fault = KeyedFault & MeshFault;

/** Null if nothing would change, or if the release mark would not be below the assert mark. */
export function withConfig(scenario: MeshScenario, config: MeshConfig): MeshScenario | null {
  if (config.backpressureOff >= config.backpressureOn) return null;
  return same(config, scenario.config) ? null : { ...scenario, config };
}

/** Changes one operation. Null if it is gone, or would not change. */
export function onOperation(key: string, edit: (operation: Operation) => Operation | null): Edit {
  return (scenario) => {
    const workload = replaced(scenario.workload, key, edit);
    return workload === null ? null : { ...scenario, workload };
  };
}

/** Changes one fault. Null if it is gone, or would not change. */
export function onFault(key: string, edit: (fault: Fault) => Fault | null): Edit {
  return (scenario) => {
    const faults = replaced(scenario.faults, key, edit);
    return faults === null ? null : { ...scenario, faults };
  };
}

function replaced<T extends KeyedFault>(
  items: readonly T[],
  key: string,
  edit: (item: T) => T | null,
): readonly T[] | null {
  const item = items.find((candidate) => candidate.key === key);
  const simpler = item === undefined ? null : edit(item);
  if (simpler === null || same(simpler, item)) return null;
  return items.map((candidate) => (candidate === item ? simpler : candidate));
}

/** Whether two values of a scenario say the same. */
function same(a: unknown, b: unknown): boolean {
  return text(a) === text(b);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
}
