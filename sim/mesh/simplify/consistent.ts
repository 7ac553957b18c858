/** What a mesh scenario loses when a part of it that others name has been taken out: the others, which could do nothing. */
import type { Scenario } from '../../world.ts';
import { backendNames, dispatchedKeys } from '../references.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../scenario.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/** Without faults of dispatches that no longer are, and without whatever is about a backend that nobody registers. */
export function consistent(scenario: MeshScenario): MeshScenario {
  const dispatched = dispatchedKeys(scenario);
  const backends = backendNames(scenario);
  const workload = scenario.workload.filter(
    (operation) => operation.kind !== 'set-backend-live' || backends.has(`${operation.node} ${operation.backend}`),
  );
  const faults = scenario.faults.filter((fault) => {
    if ('target' in fault && 'op' in fault.target) return dispatched.has(fault.target.op);
    return !('backend' in fault) || backends.has(`${fault.node} ${fault.backend}`);
  });
  const complete = workload.length === scenario.workload.length && faults.length === scenario.faults.length;
  return complete ? scenario : { ...scenario, workload, faults };
}
