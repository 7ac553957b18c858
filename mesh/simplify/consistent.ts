/**
 * What else a mesh scenario loses when a part that others name has been taken out: those others, which could do nothing.
 */
import type { KeyedFault, Scenario } from '../../sim/world.ts';
import { backendNames, dispatchedKeys, eventKeys, KEY_FIELDS } from '../scenario/references.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../scenario/scenario.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/**
 * Without dispatch faults whose target is gone, without faults that wait for an event of an operation or fault that is
 * gone, and without anything about a backend that nobody registers.
 */
export function consistent(scenario: MeshScenario): MeshScenario {
  const dispatched = dispatchedKeys(scenario);
  const backends = backendNames(scenario);
  const workload = scenario.workload.filter(
    (operation) => operation.kind !== 'set-backend-live' || backends.has(`${operation.node} ${operation.backend}`),
  );
  const keys = eventKeys(scenario);
  const faults = scenario.faults.filter((fault) => {
    if (!canCome(fault, keys)) return false;
    if ('target' in fault && 'op' in fault.target) return dispatched.has(fault.target.op);
    return !('backend' in fault) || backends.has(`${fault.node} ${fault.backend}`);
  });
  const complete = workload.length === scenario.workload.length && faults.length === scenario.faults.length;
  // The remaining parts may have named what was just taken out.
  return complete ? scenario : consistent({ ...scenario, workload, faults });
}

/** Whether the event that a fault waits for names only what exists. */
function canCome({ at }: KeyedFault, keys: ReadonlySet<string>): boolean {
  if (typeof at === 'number') return true;
  return KEY_FIELDS.every((field) => {
    const named = at.where?.[field];
    return typeof named !== 'string' || keys.has(named);
  });
}
