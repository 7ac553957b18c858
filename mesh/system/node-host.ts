/** What the simulated surroundings of one incarnation of a node share: where they stand, and how to act on the run. */

import type { ActiveFaults } from '../../sim/faults/active.ts';
import type { Name } from '../../sim/kernel/choices/name.ts';
import type { Group, Kernel } from '../../sim/kernel/kernel.ts';
import type { MeshEvent } from '../events.ts';
import type { ActiveFault, MeshConfig } from '../scenario/scenario.ts';
import type { OperationState } from './operations.ts';

export interface NodeHost {
  readonly node: number;
  readonly inc: number;
  readonly config: MeshConfig;
  readonly kernel: Kernel;
  /** The tasks of this incarnation. */
  readonly group: Group;
  /** What the node's monotonic clock reads at virtual time 0. */
  readonly uptimeMs: number;
  readonly faults: ActiveFaults<ActiveFault>;
  emit(event: MeshEvent): void;
  /** The submission that has this action id. */
  operationOf(id: bigint): OperationState;
  /** A name for draws that no operation causes: node, incarnation, role, time, and ordinal within that millisecond. */
  background(role: string): Name;
}
