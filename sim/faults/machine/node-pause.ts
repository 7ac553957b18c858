/** A node stands still for `forMs` while its clocks go on: a stopped process, or a long garbage collection. */
import { drawDuration, drawNode } from '../draw.ts';
import type { FaultDraft } from '../kind.ts';
import type { FaultParts } from '../parts.ts';
import { drawCount } from '../swarm.ts';
import { type MachineFaultKind, MISSED } from './machine.ts';

export interface NodePause {
  readonly kind: 'node-pause';
  readonly node: number;
  readonly forMs: number;
}

export const nodePause = {
  kind: 'node-pause',
  holds: true,
  schema: ({ z, atNode }: FaultParts) => z.strictObject({ ...atNode, kind: z.literal('node-pause') }),
  draw: (stream, hardness, context) => {
    const drafts: FaultDraft<NodePause>[] = [];
    for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
      const fault = {
        kind: 'node-pause',
        node: drawNode(stream, context),
        forMs: drawDuration(stream, context),
      } as const;
      drafts.push({ at: context.moment(stream), fault });
    }
    return drafts;
  },
  strike: (machine) => (machine.pause() ? { struck: true, held: true } : MISSED),
  release: (machine) => machine.resume(),
} satisfies MachineFaultKind<NodePause>;
