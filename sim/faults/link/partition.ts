/** Cuts `nodes` off from the others. `oneWay` lets their messages out but none in. */
import { drawDuration, drawNode } from '../draw.ts';
import type { FaultDraft } from '../kind.ts';
import type { FaultParts } from '../parts.ts';
import { drawCount } from '../swarm.ts';
import type { LinkFaultKind } from './link.ts';

export interface Partition {
  readonly kind: 'partition';
  readonly nodes: readonly number[];
  readonly oneWay: boolean;
  readonly forMs: number;
}

export const partition = {
  kind: 'partition',
  schema: ({ z, lasting, node }: FaultParts) =>
    z.strictObject({
      ...lasting,
      kind: z.literal('partition'),
      nodes: z.array(node).min(1, { error: 'expected at least one node to cut off' }),
      oneWay: z.boolean(),
    }),
  draw: (stream, hardness, context) => {
    const drafts: FaultDraft<Partition>[] = [];
    if (context.nodes === 1) return drafts;
    for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
      const first = drawNode(stream, context);
      const nodes: number[] = [];
      const size = stream.int(1, context.nodes - 1);
      for (let step = 0; step < size; step += 1) nodes.push(((first + step - 1) % context.nodes) + 1);
      drafts.push({
        at: context.moment(stream),
        fault: { kind: 'partition', nodes, oneWay: stream.int(1, 2) === 1, forMs: drawDuration(stream, context) },
      });
    }
    return drafts;
  },
  plainer: (fault) => ({ ...fault, oneWay: false }),
  isOn: ({ nodes, oneWay }, from, to) => {
    const inside = nodes.includes(from);
    if (inside === nodes.includes(to)) return false;
    // One way: messages of the cut-off nodes still get out.
    return !(oneWay && inside);
  },
  percentOf: () => 100,
  onSend: (flight) => {
    flight.fate = 'cut';
  },
} satisfies LinkFaultKind<Partition>;
