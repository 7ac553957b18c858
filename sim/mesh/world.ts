/** MeshOS as a world: the control plane of `src/`, a cluster of one to five nodes, and everything that can go wrong. */
import type { World } from '../world.ts';
import { MESH_EVENTS } from './event-catalogue.ts';
import type { MeshEvent } from './events.ts';
import { FAULT_KINDS } from './fault-kinds.ts';
import { generateMesh } from './generate/generate.ts';
import { MeshInstance } from './instance.ts';
import { MESH_INVARIANTS } from './invariants/all.ts';
import { meshFloors } from './marks/floors.ts';
import { MESH_MARKS } from './marks.ts';
import type { MeshConfig, MeshFault, MeshOperation, MeshSemantics } from './scenario.ts';
import { settleBoundMs } from './settle-bound.ts';
import { consistent } from './simplify/consistent.ts';
import { meshEdits, meshShortcuts } from './simplify/edits.ts';
import { meshVariations } from './simplify/variations.ts';
import { stepBudget } from './step-budget.ts';
import { meshSubjects } from './subjects.ts';
import type { MeshView } from './view.ts';

const SEMANTICS: readonly MeshSemantics[] = ['strict', 'netMesh021'];

export const meshWorld: World<MeshConfig, MeshOperation, MeshFault, MeshEvent, MeshView> = {
  name: 'mesh',
  semantics: SEMANTICS,
  ambient: 'forbidden',
  wiring: [new URL('./', import.meta.url).href],
  events: MESH_EVENTS,
  marks: MESH_MARKS,
  floors: (profile, semantics) => meshFloors(profile, semanticsNamed(semantics)),
  faultKinds: FAULT_KINDS,
  invariants: MESH_INVARIANTS,
  schemas: async () => (await import('./schemas.ts')).meshSchemas,
  generate: generateMesh,
  edits: meshEdits,
  shortcuts: meshShortcuts,
  consistent,
  variations: meshVariations,
  subjects: meshSubjects,
  codeOf: (invariant) => `sim/mesh/invariants/${invariant}.ts`,
  settleBoundMs,
  stepBudget,
  build: (scenario, harness) => new MeshInstance(scenario, semanticsNamed(scenario.semantics), harness),
  lane: (event) => ('node' in event ? `n${event.node}` : 'from' in event ? `n${event.from}` : 'run'),
};

function semanticsNamed(name: string): MeshSemantics {
  const found = SEMANTICS.find((semantics) => semantics === name);
  if (found === undefined) throw new RangeError(`unknown semantics ${name}: one of ${SEMANTICS.join(', ')}`);
  return found;
}
