/**
 * A decoder never allocates by a length that it has not checked. What it asks the host for, while bytes are fed straight
 * to it, stays within what that many bytes can hold: a text, or a record encoded again.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { hex } from '../model/actions.ts';

/** What a decoder may have room for whatever it is given: a buffer that it keeps, the slots of a table. */
const KEPT_BYTES = 8192;
/** A byte of what it is given may become as many: a unit of text, twice over. */
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
