/**
 * A scenario's operations on bare nodes, with tasks first in, first out: the same work without the simulation around it.
 */
import { PlainChooser } from '../sim/kernel/choices/chooser.ts';
import { rootName } from '../sim/kernel/choices/name.ts';
import { Kernel } from '../sim/kernel/kernel.ts';
import { BareNode } from './bare-node.ts';
import type { MeshScenario } from './workload.ts';

/** Longer than any scenario takes to drain without faults. */
const DRAIN_MS_MAX = 600_000;

/** Runs it to its end. Throws unless every operation has been carried out. */
export async function runBare({ config, workload }: MeshScenario): Promise<void> {
  const kernel = new Kernel({ chooser: new PlainChooser() });
  const nodes: BareNode[] = [];
  for (let node = 1; node <= config.nodes; node += 1) {
    const bare = new BareNode(kernel, config, node, (to, delivery) => {
      kernel.schedule(kernel.now + config.network.minMs, rootName, () => nodes[to - 1]?.deliver(delivery));
    });
    nodes.push(bare);
  }
  for (const node of nodes) node.start();
  let applied = 0;
  for (const operation of workload) {
    kernel.schedule(operation.at, rootName, () => {
      nodes[operation.node - 1]?.apply(operation);
      applied += 1;
    });
  }
  const lastAtMs = workload.at(-1)?.at ?? 0;
  await kernel.run({ untilMs: lastAtMs });
  await kernel.run({
    untilMs: lastAtMs + DRAIN_MS_MAX,
    until: () => nodes.every(({ done }) => done) && haveConverged(nodes),
  });
  for (const node of nodes) node.stop();
  const end = await kernel.run();
  kernel.dispose();
  if (end.kind !== 'idle' || applied !== workload.length || !nodes.every(({ done }) => done)) {
    throw new Error(`the bare run ended as ${end.kind} with ${applied} of ${workload.length} operations`);
  }
}

/** Whether every node holds as many synced entries of every chain as the chain's own node. */
function haveConverged(nodes: readonly BareNode[]): boolean {
  return nodes.every((writer, index) => {
    const chain = BigInt(index + 1);
    const { length } = writer.mesh.chain(chain).log;
    return nodes.every(({ mesh }) => mesh.chain(chain).log.syncedLength === length);
  });
}
