/**
 * What stands in a log's file has the form that the specification gives it (docs/specification/forms.md). Writer and
 * reader are built from one source, so that they agree on a wrong form as well as on the right one; hence header and
 * frames are recomputed here. Each frame is looked at once, when its writer's log takes it: that the copies of the other
 * nodes hold the same bytes is for `replica-convergence`.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { hex } from '../model/actions.ts';
import { numberOf } from '../model/numbers.ts';
import { sameBytes } from '../model/wire/bytes.ts';
import { FRAME_EXTRA_BYTES, frameFlaw, frameOf, headerOf } from '../model/wire/frames.ts';

export const logForm: Invariant<MeshEvent, MeshView> = {
  id: 'log-form',
  holds:
    'every log begins with its header, and each entry is the frame that the specification gives it, checksum included',
  create(context) {
    const { view } = context;
    const { codecs, nodes } = view.config;
    const headers = codecs.map((codec, index) => headerOf(index + 1, codec));
    /** By node, of its own log: where the next frame begins, and its seq. */
    const ends: number[] = codecs.map(() => 0);
    const seqs: number[] = codecs.map(() => 0);

    /** False once a violation was reported. */
    function headed(node: number, chain: number): boolean {
      const header = headers[chain - 1] ?? new Uint8Array(0);
      const found = view.node(node).chain(chain).bytes().subarray(0, header.length);
      if (sameBytes(found, header)) return true;
      const inFile = hex(found);
      context.violate(
        `expected the log of chain ${chain} on node ${node} to begin with the header ${hex(header)}, found ${inFile}`,
        { expected: hex(header), found: inFile },
      );
      return false;
    }

    return {
      on: {
        boot(event) {
          for (let chain = 1; chain <= nodes; chain++) if (!headed(event.node, chain)) return;
          ends[event.node - 1] = view.node(event.node).chain(event.node).bytes().length;
          seqs[event.node - 1] = event.entries + 1;
        },
        'log-append'(event) {
          const { node, payload, end } = event;
          const seq = numberOf(event.seq);
          const next = seqs[node - 1] ?? 0;
          if (seq !== next) {
            context.violate(`expected entry ${next} next in the log of node ${node}, found entry ${event.seq}`);
            return;
          }
          const from = ends[node - 1] ?? 0;
          const file = view.node(node).chain(node).bytes();
          const bytes = end - from;
          const expected = FRAME_EXTRA_BYTES + payload.length;
          const flaw =
            bytes === expected
              ? frameFlaw(file, end, seq, payload)
              : `expected ${expected} bytes more in the file, found ${bytes}`;
          seqs[node - 1] = next + 1;
          ends[node - 1] = end;
          if (flaw === null) return;
          context.violate(`the frame of entry ${event.seq} of chain ${node} is not as specified: ${flaw}`, {
            expected: hex(frameOf(event.seq, payload)),
            found: hex(file.subarray(from, end)),
          });
        },
      },
    };
  },
};
