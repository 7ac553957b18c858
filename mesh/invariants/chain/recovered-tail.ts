/**
 * What a node recovered is durable from its boot on, whether or not a sync had covered it before the crash. No later crash
 * takes it, because others may have seen its seqs by then.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';

export const recoveredTail: Invariant<MeshEvent, MeshView> = {
  id: 'recovered-tail',
  holds: 'what recovery keeps of a log is synced from the boot on',
  create(context) {
    /** Bytes recovered last, by node and chain. */
    const recovered: number[][] = [];
    return {
      on: {
        recover({ node, chain, kept }) {
          const chains = recovered[node] ?? [];
          chains[chain] = kept;
          recovered[node] = chains;
        },
        'log-cut'({ node, chain, synced }) {
          const kept = recovered[node]?.[chain] ?? 0;
          if (synced >= kept) return;
          context.violate(
            `expected the ${kept} bytes that node ${node} recovered of chain ${chain} to be synced when it crashed again, found ${synced} bytes synced`,
          );
        },
      },
    };
  },
};
