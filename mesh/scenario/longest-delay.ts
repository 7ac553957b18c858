import { longestExtraMs } from '../../sim/faults/link/links.ts';
import type { Scenario } from '../../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';

/** How long a message of the scenario may be under way, in virtual milliseconds. */
export function longestDelayMs({ config, faults }: Scenario<MeshConfig, MeshOperation, MeshFault>): number {
  return config.network.maxMs + longestExtraMs(faults);
}
