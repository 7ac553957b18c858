/** Takes nodes out of a mesh scenario and renumbers the rest, wherever a node is named. */
import type { AtEvent, KeyedFault, Scenario } from '../../sim/world.ts';
import { NODE_FIELDS } from '../scenario/references.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../scenario/scenario.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/** Nodes that an operation or a fault names, or the event that a fault waits for. */
export function nodesUsed({ config, workload, faults }: MeshScenario): Set<number> {
  const used = new Set(workload.map(({ node }) => node));
  for (const fault of faults) {
    for (const node of nodesOf(fault)) used.add(node);
    for (const node of nodesAt(fault)) if (node <= config.nodes) used.add(node);
  }
  return used;
}

function nodesAt({ at }: KeyedFault): readonly number[] {
  if (typeof at === 'number') return [];
  return NODE_FIELDS.flatMap((field) => {
    const node = at.where?.[field];
    return typeof node === 'number' ? [node] : [];
  });
}

function nodesOf(fault: MeshFault): readonly number[] {
  if (fault.kind === 'partition') return fault.nodes;
  if ('from' in fault) return [fault.from, fault.to];
  if ('node' in fault) return [fault.node];
  if ('target' in fault && 'node' in fault.target) return [fault.target.node];
  return [];
}

/** Null if no node would go, or none would be left. Every named node must be among those kept. */
export function keepNodes(scenario: MeshScenario, kept: ReadonlySet<number>): MeshScenario | null {
  const { config } = scenario;
  if (kept.size === 0 || kept.size >= config.nodes) return null;
  const order = [...kept].sort((a, b) => a - b);
  const to = (node: number): number => order.indexOf(node) + 1;
  return {
    ...scenario,
    config: { ...config, nodes: order.length, codecs: config.codecs.filter((_codec, index) => kept.has(index + 1)) },
    workload: scenario.workload.map((operation) => ({ ...operation, node: to(operation.node) })),
    faults: scenario.faults.map((fault) => ({ ...fault, ...renumbered(fault, to), at: movedTo(fault.at, to) })),
  };
}

function renumbered<F extends MeshFault>(fault: F, to: (node: number) => number): F {
  if (fault.kind === 'partition') return { ...fault, nodes: fault.nodes.map(to) };
  if ('from' in fault) return { ...fault, from: to(fault.from), to: to(fault.to) };
  if ('node' in fault) return { ...fault, node: to(fault.node) };
  if ('target' in fault && 'node' in fault.target)
    return { ...fault, target: { ...fault.target, node: to(fault.target.node) } };
  return fault;
}

/** The same event of the same node under its new number. */
function movedTo(at: KeyedFault['at'], to: (node: number) => number): KeyedFault['at'] {
  if (typeof at === 'number' || at.where === undefined) return at;
  const where: Record<string, NonNullable<AtEvent['where']>[string]> = { ...at.where };
  for (const field of NODE_FIELDS) {
    const node = where[field];
    if (typeof node === 'number') where[field] = to(node);
  }
  return { ...at, where };
}
