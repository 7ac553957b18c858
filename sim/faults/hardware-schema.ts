/** What a scenario file says of faults of the hardware, for worlds that have no others. Loaded only with files. */
import { syncSlow } from './disk/sync-slow.ts';
import type { HardwareFault } from './hardware.ts';
import { schemasOf } from './kind.ts';
import { LINK_KINDS } from './link/links.ts';
import { MACHINE_KINDS } from './machine/machines.ts';
import { type FaultParts, faultParts } from './parts.ts';

/** Under a key, at a time or right after an event. */
interface Listed {
  readonly key: string;
  readonly at:
    | number
    | {
        readonly event: string;
        readonly where?: Readonly<Record<string, string | number | bigint | boolean | null>> | undefined;
        readonly nth: number;
      };
}

export interface HardwareSchema {
  readonly parts: FaultParts;
  readonly fault: import('zod').ZodType<HardwareFault & Listed>;
}

/** For a world with these kinds of events, and so many nodes at most; `parts` are for its operations. */
export function hardwareSchema(events: readonly string[], nodesMax: number): HardwareSchema {
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
