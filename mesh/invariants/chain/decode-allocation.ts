/**
 * A decoder never allocates by a length that it has not checked. While bytes are fed straight to it, it asks the host for
 * no more than that many bytes can hold: a text, or a record encoded again.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { hex } from '../model/actions.ts';

/** What a decoder may allocate whatever it is given: a buffer that it keeps, the slots of a table. */
const KEPT_BYTES = 8192;
/** How many bytes one byte of input may become: a unit of text, twice. */
const PER_BYTE = 4;

export const decodeAllocation: Invariant<MeshEvent, MeshView> = {
  id: 'decode-allocation',
  holds: 'a decoder allocates no more than the bytes it is given can hold, whatever lengths they claim',
  create(context) {
    return {
      on: {
        probe({ codec, bytes, largestBytes }) {
          const bound = KEPT_BYTES + PER_BYTE * bytes.length;
          if (largestBytes <= bound) return;
          const shown = hex(bytes.subarray(0, 64));
          context.violate(
            `expected the ${codec} decoder to allocate at most ${bound} bytes at once for ${bytes.length} bytes, ${shown}, found that it asked for ${largestBytes}`,
          );
        },
      },
    };
  },
};
