/**
 * A decoder knows one version. Bytes that begin with another version byte, and no others, are rejected as such. They leave
 * the fold as it was, and are counted.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';

class Copy {
  rejected = 0;
  length = 0;
  /**
   * Evictions after the last entry. -1 where they were not looked at, because a ring with room shows a push by its length.
   */
  evicted = -1;
  /** The restarted node has rebuilt, so the view shows this copy. */
  shown = false;
}

class Copies {
  readonly inc: number;
  /** By chain. */
  readonly chains: Copy[] = [];

  constructor(inc: number, nodes: number) {
    this.inc = inc;
    for (let chain = 0; chain <= nodes; chain++) this.chains.push(new Copy());
  }
}

export const wireVersion: Invariant<MeshEvent, MeshView> = {
  id: 'wire-version',
  holds: 'any other version byte is rejected as such, nothing folded, and counted',
  create(context) {
    const { view } = context;
    const capacity = Math.max(view.config.recentFailures, 1);
    const kept = new Incarnations((_node, inc) => new Copies(inc, view.config.nodes));

    /**
     * Counts may be made after the fold has answered. So they are compared at the copy's next entry, which may or may not
     * be counted itself by then (`underWay` is 1).
     */
    function counted(node: number, inc: number, chain: number, copy: Copy, underWay = 0): boolean {
      const shown = view.node(node);
      if (shown.inc !== inc) return true;
      const found = shown.chain(chain).rejectedVersion;
      if (found === copy.rejected || found === copy.rejected + underWay) return true;
      context.violate(
        `expected node ${node} to have counted ${copy.rejected} entries of chain ${chain} of another version, found ${found}`,
      );
      return false;
    }

    function whole(node: number, copies: Copies): void {
      for (let chain = 1; chain < copies.chains.length; chain++) {
        const copy = copies.chains[chain];
        if (copy !== undefined && !counted(node, copies.inc, chain, copy, 0)) return;
      }
    }

    function versionFits(what: string, bytes: Uint8Array, reader: number, outcome: string): boolean {
      const version = bytes[0];
      const other = version !== undefined && version !== reader;
      if (other === (outcome === 'unsupported_version')) return true;
      context.violate(
        other
          ? `expected ${what} with version ${version} to be rejected as unsupported by a decoder of version ${reader}, found '${outcome}'`
          : `expected ${what} with version ${version ?? 'none'} not to be rejected for its version by a decoder of version ${reader}, found '${outcome}'`,
      );
      return false;
    }

    return {
      on: {
        crash(event) {
          whole(event.node, kept.of(event.node, event.inc));
          kept.end(event.node);
        },
        fold(event) {
          const copies = kept.of(event.node, event.inc);
          const copy = copies.chains[event.chain];
          if (copy === undefined) return;
          const rejected = event.outcome === 'unsupported_version';
          if (!versionFits('an entry', event.payload, event.reader, event.outcome)) return;
          if (
            copy.rejected > 0 &&
            copy.shown &&
            !counted(event.node, copies.inc, event.chain, copy, rejected ? 1 : 0)
          ) {
            return;
          }
          if (rejected) copy.rejected++;
          if (rejected && event.length !== copy.length) {
            context.violate(
              `expected the folded ring of chain ${event.chain} on node ${event.node} to stay at ${copy.length} entries over one of another version, found ${event.length}`,
            );
            return;
          }
          copy.length = event.length;
          copy.shown = !event.rebuild;
          if (event.rebuild || event.length < capacity) return;
          const shown = view.node(event.node);
          if (shown.inc !== copies.inc) return;
          const { evicted } = shown.chain(event.chain).folded;
          if (rejected && copy.evicted >= 0 && evicted !== copy.evicted) {
            context.violate(
              `expected nothing to leave the folded ring of chain ${event.chain} on node ${event.node} over an entry of another version, found ${evicted - copy.evicted} evicted`,
            );
            return;
          }
          copy.evicted = evicted;
        },
        probe(event) {
          if (event.outcome !== 'threw') versionFits('bytes', event.bytes, event.reader, event.outcome);
        },
      },
      end() {
        kept.forEach((copies, node) => {
          whole(node, copies);
        });
      },
    };
  },
};
