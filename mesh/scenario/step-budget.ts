/**
 * How many steps a mesh scenario may take before it counts as a livelock, from the scenario alone. A replica asks every
 * other node for entries every `reRequestMs`, even where there are none, and is sent again all that it still lacks: what is
 * under way, or was lost. A replica with room for few early entries asks again as soon as it has used them up. Where
 * entries overtake each other, each answer then brings it few of the entries that it lacks, but sends them all.
 */
import type { Scenario, StepBudget } from '../../sim/world.ts';
import { longestDelayMs } from './longest-delay.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';

/** For each operation, action of a burst and fault, at each node, … */
const PER_ITEM = 100;
/** … of which this many are free. */
const FREE_ITEMS = 100;
/** For what a node does by the clock, all nodes together. */
const PER_MS = 0.2;
/** A request and its way, including both ends, twice. */
const PER_REQUEST = 6;

export function stepBudget(scenario: Scenario<MeshConfig, MeshOperation, MeshFault>): StepBudget {
  const { nodes, reRequestMs, earlyEntriesMax } = scenario.config;
  let items = scenario.workload.length + scenario.faults.length;
  for (const fault of scenario.faults) {
    if (fault.kind === 'queue-burst') items += fault.actions.length;
  }
  const asked = 1 + Math.ceil(longestDelayMs(scenario) / reRequestMs);
  const usual = PER_ITEM * nodes * (items + FREE_ITEMS) * asked;
  const asks = nodes * (items + FREE_ITEMS);
  const anew = earlyEntriesMax === undefined ? 0 : Math.ceil((asks * asks) / (1 + earlyEntriesMax));
  return {
    fixed: Math.min(usual + anew, Number.MAX_SAFE_INTEGER),
    perMs: PER_MS + (nodes * nodes * (PER_REQUEST + items)) / reRequestMs,
  };
}
