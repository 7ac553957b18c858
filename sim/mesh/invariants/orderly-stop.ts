/**
 * A node that is asked to end in good order has nothing left to do when it says that it has ended: its inbox is empty, every
 * broadcast has its result, and every chain it keeps is synced to its last byte.
 */
import type { Invariant } from '../../invariant/invariant.ts';
import type { MeshEvent } from '../events.ts';
import type { MeshView } from '../view.ts';

/** Bytes of one chain as one node keeps it. */
interface Kept {
  written: number;
  synced: number;
}

export const orderlyStop: Invariant<MeshEvent, MeshView> = {
  id: 'orderly-stop',
  holds: 'a node that ends in good order leaves nothing in its inbox, no broadcast open and nothing unsynced',
  create(context) {
    /** By node and chain. */
    const kept = new Map<string, Kept>();

    function keptOf(node: number, chain: number): Kept {
      const key = `${node} ${chain}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const made = { written: 0, synced: 0 };
      kept.set(key, made);
      return made;
    }

    return {
      on: {
        crash({ node }) {
          // What is left of each chain is seen when it is written to or synced again.
          for (let chain = 1; chain <= context.view.config.nodes; chain++) kept.delete(`${node} ${chain}`);
        },
        'log-append'({ node, end }) {
          keptOf(node, node).written = end;
        },
        'copy-write'({ node, chain, end }) {
          keptOf(node, chain).written = end;
        },
        sync({ node, chain, bytes }) {
          keptOf(node, chain).synced = bytes;
        },
        stopped({ node, broadcasts, inbox }) {
          if (inbox > 0) {
            context.violate(`expected node ${node} to have emptied its inbox when it ended, found ${inbox} left in it`);
            return;
          }
          if (broadcasts > 0) {
            context.violate(
              `expected every broadcast of node ${node} to have its result when the node ended, found ${broadcasts} without`,
            );
            return;
          }
          for (let chain = 1; chain <= context.view.config.nodes; chain++) {
            const { written, synced } = keptOf(node, chain);
            if (written <= synced) continue;
            context.violate(
              `expected node ${node} to have synced chain ${chain} when it ended, found ${written - synced} bytes that are not`,
            );
            return;
          }
        },
      },
    };
  },
};
