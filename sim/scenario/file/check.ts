/** Checks a scenario as a whole, beyond the form of its parts. */
import type { EventCatalogue } from '../../kernel/trace/trace.ts';
import type { Complaint, FaultBase, OperationBase, Scenario, WorldSchemas } from '../../world.ts';

const KEY = /^[A-Za-z0-9_.-]{1,64}$/;

export function checkScenario(
  scenario: Scenario<unknown, OperationBase, FaultBase>,
  parts: WorldSchemas,
  events: EventCatalogue,
): readonly Complaint[] {
  return [...keyComplaints(scenario), ...momentComplaints(scenario, events), ...(parts.check?.(scenario) ?? [])];
}

/** With an event that is never emitted, or a field that no event has, a fault would wait for ever. */
function momentComplaints(
  { faults }: Scenario<unknown, OperationBase, FaultBase>,
  events: EventCatalogue,
): readonly Complaint[] {
  const complaints: Complaint[] = [];
  for (const [i, { at }] of faults.entries()) {
    if (typeof at === 'number') continue;
    const path = ['faults', i, 'at'];
    const fields = Object.hasOwn(events, at.event) ? events[at.event] : undefined;
    if (fields === undefined) {
      const message = `expected a kind of event: one of ${Object.keys(events).join(', ')}`;
      complaints.push({ path: [...path, 'event'], message });
      continue;
    }
    if (!Number.isSafeInteger(at.nth) || at.nth < 1) {
      complaints.push({ path: [...path, 'nth'], message: 'expected a whole number of at least 1' });
    }
    for (const field of Object.keys(at.where ?? {})) {
      if (fields.includes(field)) continue;
      const message = `expected a value of ${fields.join(', ')}, which are the fields of ${at.event}`;
      complaints.push({ path: [...path, 'where', field], message });
    }
  }
  return complaints;
}

/** Names of draws are made of keys, so no two things may share a key. */
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
