/**
 * Mesh scenarios with one value changed to another that is as good, to find out which values matter. Limits are doubled and
 * halved, times moved, actions replaced.
 */

import type { KeyedFault } from '../../sim/world.ts';
import type { MeshOsAction } from '../../src/action/action.ts';
import { consistent } from './consistent.ts';
import { type MeshScenario, onFault, onOperation, withConfig } from './edit.ts';
import { PLAIN_ACTION } from './operations.ts';

export interface Variation {
  readonly value: string;
  readonly scenario: MeshScenario;
}

const ACTIONS: readonly MeshOsAction[] = [PLAIN_ACTION, { kind: 'mark_avoid', peer: 2n, reason: 'slow', ttlMs: 10 }];
const RANGES = ['dispatch', 'network', 'sync', 'answer'] as const;

/** Only changes that leave every name with something to name. */
export function* meshVariations(scenario: MeshScenario): Generator<Variation> {
  for (const variation of allVariations(scenario)) {
    if (consistent(variation.scenario) === variation.scenario) yield variation;
  }
}

function* allVariations(scenario: MeshScenario): Generator<Variation> {
  const { config } = scenario;
  for (const [field, value] of Object.entries(config)) {
    if (field === 'nodes' || typeof value !== 'number') continue;
    for (const other of [value * 2 + 1, value >> 1]) {
      const varied = other === value ? null : withConfig(scenario, { ...config, [field]: other });
      if (varied !== null) yield { value: `config.${field}`, scenario: varied };
    }
  }
  for (const field of RANGES) {
    const { minMs, maxMs } = config[field];
    const varied = withConfig(scenario, { ...config, [field]: { minMs: minMs * 2 + 1, maxMs: maxMs * 2 + 1 } });
    if (varied !== null) yield { value: `config.${field}`, scenario: varied };
  }
  for (const { key, at } of [...scenario.workload, ...scenario.faults]) {
    if (typeof at !== 'number') continue;
    for (const other of [at + 7, at + 250]) yield { value: `${key}.at`, scenario: movedTo(scenario, key, other) };
  }
  for (const fault of scenario.faults) {
    if (!('forMs' in fault)) continue;
    for (const forMs of [fault.forMs * 2, fault.forMs + 100]) {
      const varied = onFault(fault.key, (found) => ('forMs' in found ? { ...found, forMs } : null))(scenario);
      if (varied !== null) yield { value: `${fault.key}.forMs`, scenario: varied };
    }
  }
  for (const { key, kind } of scenario.workload) {
    if (kind !== 'submit') continue;
    for (const action of ACTIONS) {
      const varied = onOperation(key, (found) => (found.kind === 'submit' ? { ...found, action } : null))(scenario);
      if (varied !== null) yield { value: `${key}.action`, scenario: varied };
    }
  }
}

function movedTo(scenario: MeshScenario, key: string, at: number): MeshScenario {
  const moved = <T extends KeyedFault>(item: T): T => (item.key === key ? { ...item, at } : item);
  return {
    ...scenario,
    workload: scenario.workload.map(moved).sort((a, b) => a.at - b.at),
    faults: scenario.faults.map(moved),
  };
}
