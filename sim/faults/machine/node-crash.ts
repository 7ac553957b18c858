/**
 * A node dies where it stands. Its files are cut at a drawn byte after the last finished sync, and it restarts after
 * `forMs`.
 */
import { drawDownMs, drawNode } from '../draw.ts';
import type { FaultDraft } from '../kind.ts';
import type { FaultParts } from '../parts.ts';
import { drawCount } from '../swarm.ts';
import { drawCut, type MachineFaultKind, MISSED } from './machine.ts';

export interface NodeCrash {
  readonly kind: 'node-crash';
  readonly node: number;
  readonly forMs: number;
}

export const nodeCrash = {
  kind: 'node-crash',
  holds: true,
  schema: ({ z, atNode }: FaultParts) => z.strictObject({ ...atNode, kind: z.literal('node-crash') }),
  draw: (stream, hardness, context) => {
    const drafts: FaultDraft<NodeCrash>[] = [];
    for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
      const fault = {
        kind: 'node-crash',
        node: drawNode(stream, context),
        forMs: drawDownMs(stream, context),
      } as const;
      drafts.push({ at: context.moment(stream), fault });
    }
    return drafts;
  },
  strike: (machine, _fault, draw, where) => {
    const crashed = machine.crash((disk, index) => drawCut(disk, where.child('cut', index), draw));
    return crashed ? { struck: true, held: true } : MISSED;
  },
  release: (machine) => machine.restart(),
} satisfies MachineFaultKind<NodeCrash>;
