/** Once everything has settled, every disk holds the same bytes of every chain. Earlier, copies may lag behind. */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { sameBytes } from '../model/wire/bytes.ts';

export const replicaConvergence: Invariant<MeshEvent, MeshView> = {
  id: 'replica-convergence',
  holds: 'after settle all copies of a chain are equal, byte for byte',
  create(context) {
    const { view } = context;
    const { nodes } = view.config;

    function difference(chain: number, node: number, own: Uint8Array, copy: Uint8Array): string {
      let at = 0;
      while (at < own.length && at < copy.length && own[at] === copy[at]) at++;
      return `expected node ${node} to hold the ${own.length} bytes of chain ${chain} as its writer does, found ${copy.length} bytes, the first difference at byte ${at}`;
    }

    return {
      on: {
        settled() {
          for (let chain = 1; chain <= nodes; chain++) {
            const own = view.node(chain).chain(chain).bytes();
            for (let node = 1; node <= nodes; node++) {
              if (node === chain) continue;
              const copy = view.node(node).chain(chain).bytes();
              if (sameBytes(own, copy)) continue;
              context.violate(difference(chain, node, own, copy));
              return;
            }
          }
        },
      },
    };
  },
};
