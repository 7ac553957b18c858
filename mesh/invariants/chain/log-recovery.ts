/**
 * Recovery loses nothing that a crash left. What a crash keeps of each log on a node's disk is read at the crash; a restart
 * must find in it all entries that are whole, what was synced among them, and cut off the rest; the own log and the copies
 * of the others' alike. A file of which not even the header is whole begins anew.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { sameBytes } from '../model/wire/bytes.ts';
import { headerOf, wholeFrames } from '../model/wire/frames.ts';

/** What a restart has to find in a log. */
interface Left {
  readonly bytes: Uint8Array;
  readonly entries: number;
}

export const logRecovery: Invariant<MeshEvent, MeshView> = {
  id: 'log-recovery',
  holds: 'a restarted node has every entry that its crash left whole in its logs and copies, and nothing else',
  create(context) {
    const { view } = context;
    const { codecs, nodes } = view.config;
    /** By node, then by chain; empty while it has not crashed. */
    const left: Left[][] = codecs.map(() => []);

    function whole(file: Uint8Array, chain: number): Left {
      const { frames, end } = wholeFrames(file);
      if (frames === 0) return { bytes: headerOf(chain, codecs[chain - 1] ?? 'msgpack'), entries: 0 };
      // A copy: the file changes.
      return { bytes: new Uint8Array(file.subarray(0, end)), entries: frames - 1 };
    }

    /** False once a violation was reported. */
    function recovered(node: number, chain: number, { bytes, entries }: Left): boolean {
      const log = view.node(node).chain(chain);
      const found = log.bytes();
      if (!sameBytes(found, bytes)) {
        context.violate(
          found.length === bytes.length
            ? `expected node ${node} to find in its log of chain ${chain} the ${entries} entries that its crash left, found other bytes`
            : `expected node ${node} to find in its log of chain ${chain} the ${entries} entries that its crash left, ${bytes.length} bytes with the header, found ${found.length} bytes`,
        );
        return false;
      }
      const count = log.payloads().length;
      if (count === entries) return true;
      context.violate(
        `expected node ${node} to have recovered the ${entries} entries of its log of chain ${chain}, found ${count}`,
      );
      return false;
    }

    return {
      on: {
        crash(event) {
          const { node, synced } = event;
          const logs: Left[] = [];
          for (let chain = 1; chain <= nodes; chain++) logs.push(whole(view.node(node).chain(chain).bytes(), chain));
          left[node - 1] = logs;
          const own = logs[node - 1];
          if (own === undefined || own.bytes.length >= synced) return;
          context.violate(
            `expected node ${node} to have synced whole entries only, found ${synced} bytes synced and ${own.bytes.length} of them in whole entries`,
          );
        },
        boot(event) {
          const { node, entries } = event;
          const logs = left[node - 1] ?? [];
          const own = logs[node - 1];
          if (own !== undefined && entries !== own.entries) {
            context.violate(
              `expected node ${node} to recover all ${own.entries} whole entries that its crash left of its own log, found ${entries}`,
            );
            return;
          }
          for (const [index, log] of logs.entries()) if (!recovered(node, index + 1, log)) return;
          left[node - 1] = [];
        },
      },
    };
  },
};
