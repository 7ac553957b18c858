/**
 * Simulated hardware: nodes with machines and disks, a network between them, and what goes wrong with them. For worlds of
 * several nodes; `sim/examples/replicated-counter.ts` in the repository is one in 120 lines.
 *
 * ```ts
 * import { ClusterNode, SimCluster } from 'meshos-sim/cluster';
 * import { Kernel, PlainChooser } from 'meshos-sim/kernel';
 *
 * class Echo extends ClusterNode<string> {
 *   started(): void {
 *     if (this.site.node === 1) this.site.send(2, 'hello');
 *   }
 *   receive(from: number, message: string): void {
 *     heard.push(`${message} from node ${from}`);
 *   }
 * }
 *
 * const heard: string[] = [];
 * const kernel = new Kernel({ chooser: new PlainChooser() });
 * const times = { latency: { minMs: 1, maxMs: 20 }, sync: { minMs: 1, maxMs: 10 } };
 * const cluster = new SimCluster<string, Echo>({ kernel, injected: () => {} }, { nodes: 2, ...times, incarnate: (site) => new Echo(site) });
 * cluster.start();
 * await kernel.run();
 * console.log(heard.join()); // hello from node 1
 * ```
 */
export { ClusterNode, type ClusterOptions, SimCluster, type Site } from '../cluster/cluster.ts';
export { type DiskHost, SimDisk } from '../cluster/disk.ts';
export { hardwareEdits } from '../cluster/edits.ts';
export { type Incarnation, Machine, type MachineHost, strikeMachine } from '../cluster/machine.ts';
export { type NetworkHost, SimNetwork } from '../cluster/network.ts';
export { ActiveFaults } from '../faults/active.ts';
export { drawHardware, type HardwareFacts } from '../faults/draw-hardware.ts';
export { HARDWARE_KINDS, type HardwareFault } from '../faults/hardware.ts';
export type { HardwareSchema } from '../faults/hardware-schema.ts';
export {
  drawCount,
  drawLengthMs,
  drawPercent,
  drawSwarm,
  drawWindowMaxMs,
  type Hardness,
  type SwarmMember,
} from '../faults/swarm.ts';

/** What a scenario file says of faults of the hardware; zod, which it takes, is loaded only then. */
export async function hardwareSchema(
  events: readonly string[],
  nodesMax: number,
): Promise<import('../faults/hardware-schema.ts').HardwareSchema> {
  return (await import('../faults/hardware-schema.ts')).hardwareSchema(events, nodesMax);
}
