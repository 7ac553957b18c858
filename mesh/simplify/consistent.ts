/** What a mesh scenario loses when a part of it that others name has been taken out: the others, which could do nothing. */
import type { KeyedFault, Scenario } from '../../sim/world.ts';
import { backendNames, dispatchedKeys, eventKeys, KEY_FIELDS } from '../scenario/references.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../scenario/scenario.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/**
 * Without faults of dispatches that no longer are, without those that wait for an event of an operation or a fault that is
 * gone, and without whatever is about a backend that nobody registers.
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
  // What is left may have named what was taken out.
  return complete ? scenario : consistent({ ...scenario, workload, faults });
}

/** Whether the event that a fault waits for names nothing that is not there. */
function canCome({ at }: KeyedFault, keys: ReadonlySet<string>): boolean {
  if (typeof at === 'number') return true;
  return KEY_FIELDS.every((field) => {
    const named = at.where?.[field];
    return typeof named !== 'string' || keys.has(named);
  });
}
