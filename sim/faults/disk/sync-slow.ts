/** Syncs of a node's files take `extraMs` longer. */
import type { Active, FaultDraft, FaultKind } from '../kind.ts';
import type { FaultParts } from '../parts.ts';
import { drawCount } from '../swarm.ts';

export interface SyncSlow {
  readonly kind: 'sync-slow';
  readonly node: number;
  readonly extraMs: number;
  readonly forMs: number;
}

export const syncSlow = {
  kind: 'sync-slow',
  schema: ({ z, atNode, lengthMs }: FaultParts) =>
    z.strictObject({ ...atNode, kind: z.literal('sync-slow'), extraMs: lengthMs }),
  draw: (stream, hardness, context) => {
    const drafts: FaultDraft<SyncSlow>[] = [];
    for (let count = drawCount(stream, hardness); count > 0; count -= 1) {
      const { node, at, forMs } = context.strike(stream);
      const extraMs = Math.min(context.windowMaxMs, stream.pick(context.syncDelaysMs));
      drafts.push({ at, fault: { kind: 'sync-slow', node, extraMs, forMs } });
    }
    return drafts;
  },
} satisfies FaultKind<SyncSlow>;

/** How much longer a sync of this node takes now, in milliseconds; the faults that make it so have taken effect. */
export function extraSyncMs(
  faults: { of(kind: 'sync-slow'): readonly (Active & SyncSlow)[]; struck(fault: Active & SyncSlow): void },
  node: number,
): number {
  let extraMs = 0;
  for (const fault of faults.of('sync-slow')) {
    if (fault.node !== node) continue;
    faults.struck(fault);
    extraMs += fault.extraMs;
  }
  return extraMs;
}
