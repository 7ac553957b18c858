/** Checks a mesh scenario as a whole: whatever it names exists. Faults that could never strike are mistakes. */
import type { Complaint, Scenario } from '../../sim/world.ts';
import { backendNames, dispatchedKeys, eventKeys, KEY_FIELDS } from './references.ts';
import type { DispatchTarget, MeshConfig, MeshFault, MeshOperation } from './scenario.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

export function checkMeshScenario(scenario: MeshScenario): readonly Complaint[] {
  const { config, semantics, workload, faults } = scenario;
  const complaints: Complaint[] = [];
  const dispatched = dispatchedKeys(scenario);
  const backends = backendNames(scenario);
  const keys = eventKeys(scenario);

  const checkNode = (node: number, path: Complaint['path']): void => {
    if (node > config.nodes) complaints.push({ path, message: `expected a node from 1 to ${config.nodes}` });
  };
  const checkBackend = (node: number, backend: string, path: Complaint['path']): void => {
    if (node > config.nodes || backends.has(`${node} ${backend}`)) return;
    complaints.push({ path, message: `expected a backend that is registered on node ${node} at some time` });
  };
  const checkTarget = (target: DispatchTarget, path: Complaint['path']): void => {
    if ('node' in target) checkNode(target.node, [...path, 'node']);
    else if (!dispatched.has(target.op)) {
      complaints.push({ path: [...path, 'op'], message: 'expected the key of a submit, or FAULT/n of a queue-burst' });
    }
  };

  if (semantics === 'strict' && config.backpressureOff >= config.backpressureOn) {
    const message = `expected less than backpressureOn (${config.backpressureOn}), as strict semantics want it`;
    complaints.push({ path: ['config', 'backpressureOff'], message });
  }
  for (const [i, operation] of workload.entries()) {
    // `set-backend-live` may name a backend that does not exist: that is something to ask of a node too.
    checkNode(operation.node, ['workload', i, 'node']);
  }
  for (const [i, fault] of faults.entries()) {
    const path = ['faults', i];
    if (typeof fault.at !== 'number') {
      for (const field of KEY_FIELDS) {
        const named = fault.at.where?.[field];
        if (typeof named !== 'string' || keys.has(named)) continue;
        const message = 'expected the key of an operation or a fault, or FAULT/n of a queue-burst';
        complaints.push({ path: [...path, 'at', 'where', field], message });
      }
    }
    if ('target' in fault) checkTarget(fault.target, [...path, 'target']);
    if ('node' in fault) checkNode(fault.node, [...path, 'node']);
    if ('backend' in fault) checkBackend(fault.node, fault.backend, [...path, 'backend']);
    if ('nodes' in fault) for (const [n, node] of fault.nodes.entries()) checkNode(node, [...path, 'nodes', n]);
    if ('from' in fault) {
      checkNode(fault.from, [...path, 'from']);
      checkNode(fault.to, [...path, 'to']);
      if (fault.from === fault.to)
        complaints.push({ path: [...path, 'to'], message: 'expected another node than `from`' });
    }
  }
  return complaints;
}
