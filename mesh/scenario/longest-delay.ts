import type { Scenario } from '../../sim/world.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';

/**
 * How long a message of the scenario may be under way, in virtual milliseconds. Of several faults of one kind a message is
 * struck by one, but by both kinds at once.
 */
export function longestDelayMs({ config, faults }: Scenario<MeshConfig, MeshOperation, MeshFault>): number {
  let delayExtraMs = 0;
  let reorderExtraMs = 0;
  for (const fault of faults) {
    if (fault.kind === 'link-delay') delayExtraMs = Math.max(delayExtraMs, fault.extraMs);
    else if (fault.kind === 'link-reorder') reorderExtraMs = Math.max(reorderExtraMs, fault.extraMs);
  }
  return config.network.maxMs + delayExtraMs + reorderExtraMs;
}
