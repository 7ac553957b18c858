/** What parts of a mesh scenario may name, given what the scenario has. */
import type { Scenario } from '../../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/** Keys that dispatch faults may name: submits, and the submissions of bursts. */
export function dispatchedKeys({ workload, faults }: MeshScenario): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { key, kind } of workload) if (kind === 'submit') keys.add(key);
  for (const fault of faults) {
    if (fault.kind === 'queue-burst') for (const n of fault.actions.keys()) keys.add(`${fault.key}/${n + 1}`);
  }
  return keys;
}

/**
 * Keys that fields of events name: of operations, of faults (which do operations of their own), and of bursts' submissions.
 */
export function eventKeys(scenario: MeshScenario): ReadonlySet<string> {
  const keys = new Set(dispatchedKeys(scenario));
  for (const { key } of scenario.workload) keys.add(key);
  for (const { key } of scenario.faults) keys.add(key);
  return keys;
}

/** Fields of events that name an operation or a fault by its key. */
export const KEY_FIELDS = ['op', 'fault'] as const;

/** Fields of events that name a node, by itself or by its chain. */
export const NODE_FIELDS = ['node', 'from', 'to', 'chain'] as const;

/** Every `NODE BACKEND` that is registered at the start or by an operation. */
export function backendNames({ config, workload }: MeshScenario): ReadonlySet<string> {
  const names = new Set<string>();
  for (let node = 1; node <= config.nodes; node += 1) {
    for (let n = 1; n <= config.backends; n += 1) names.add(`${node} b${n}`);
  }
  for (const operation of workload) {
    if (operation.kind === 'register-backend') names.add(`${operation.node} ${operation.backend}`);
  }
  return names;
}
