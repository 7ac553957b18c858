/** What a scenario has to satisfy as a whole, beyond the form of its parts. */
import type { Complaint, FaultBase, OperationBase, Scenario, WorldSchemas } from '../world.ts';

const KEY = /^[A-Za-z0-9_.-]{1,64}$/;

export function checkScenario(
  scenario: Scenario<unknown, OperationBase, FaultBase>,
  parts: WorldSchemas,
): readonly Complaint[] {
  return [...keyComplaints(scenario), ...(parts.check?.(scenario) ?? [])];
}

/** Names of draws are made of keys, so each key is one thing's. */
function keyComplaints(scenario: Scenario<unknown, OperationBase, FaultBase>): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const seen = new Set<string>();
  for (const list of ['workload', 'faults'] as const) {
    for (const [i, { key }] of scenario[list].entries()) {
      const path = [list, i, 'key'];
      if (!KEY.test(key)) {
        complaints.push({ path, message: 'expected a key of letters, digits, dots, dashes or underscores' });
      } else if (seen.has(key)) {
        complaints.push({ path, message: 'expected a key that no other operation or fault has' });
      }
      seen.add(key);
    }
  }
  return complaints;
}
