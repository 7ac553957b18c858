/** MeshOS as a world: the control plane of `src/`, a cluster of one to five nodes, and everything that can go wrong. */
import type { World } from '../sim/world.ts';
import { MESH_EVENTS } from './event-catalogue.ts';
import type { MeshEvent } from './events.ts';
import { generateMesh } from './generate/generate.ts';
import { codeOfInvariant, MESH_INVARIANTS } from './invariants/all.ts';
import { meshFloors } from './marks/floors.ts';
import { MESH_MARKS } from './marks/marks.ts';
import { FAULT_KINDS } from './scenario/fault-kinds.ts';
import type { MeshConfig, MeshFault, MeshOperation, MeshSemantics } from './scenario/scenario.ts';
import { settleBoundMs } from './scenario/settle-bound.ts';
import { stepBudget } from './scenario/step-budget.ts';
import { consistent } from './simplify/consistent.ts';
import { meshEdits, meshShortcuts } from './simplify/edits.ts';
import { meshVariations } from './simplify/variations.ts';
import { meshSubjects } from './subjects.ts';
import { MeshInstance } from './system/instance.ts';
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
  schemas: async () => (await import('./scenario/schemas.ts')).meshSchemas,
  generate: generateMesh,
  edits: meshEdits,
  shortcuts: meshShortcuts,
  consistent,
  variations: meshVariations,
  subjects: meshSubjects,
  codeOf: codeOfInvariant,
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
