/** What a scenario file says of faults of the hardware, for worlds that have no others. Loaded only with files. */
import { syncSlow } from './disk/sync-slow.ts';
import { schemasOf } from './kind.ts';
import { LINK_KINDS } from './link/links.ts';
import { MACHINE_KINDS } from './machine/machines.ts';
import { faultParts } from './parts.ts';

/** For a world with these kinds of events, and so many nodes at most; `parts` are for its operations. */
export function hardwareSchema(events: readonly string[], nodesMax: number) {
  const parts = faultParts(events, nodesMax);
  const fault = parts.z
    .discriminatedUnion('kind', [
      syncSlow.schema(parts),
      ...schemasOf(LINK_KINDS, parts),
      ...schemasOf(MACHINE_KINDS, parts),
    ])
    .describe('Something that goes wrong');
  return { parts, fault };
}
