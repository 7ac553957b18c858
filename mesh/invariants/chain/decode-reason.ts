/**
 * A decoder that refuses bytes says why, and the reason is the one that belongs to their damage: postcard's in the words
 * of the recorded vectors, msgpack's one of the fixed texts that docs/specification/forms.md lists. An operator goes by
 * them, and both ends could agree on a wrong one, so that they are recomputed here: for all bytes that are fed straight to
 * a decoder, and for all that were damaged before they entered a log.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { hex } from '../model/actions.ts';
import { msgpackReason } from '../model/wire/msgpack-form.ts';
import { postcardReason } from '../model/wire/postcard.ts';

type Codec = 'msgpack' | 'postcard';

/** What a decoder of that version has to say of bytes that hold no record for it. */
export function refusalOf(codec: Codec, reader: number, bytes: Uint8Array): string | null {
  const seen = bytes[0];
  if (seen === undefined) return 'empty action-chain record payload';
  if (seen !== reader) return `unsupported action-chain wire version ${seen}; this build expects ${reader}`;
  const reason = codec === 'msgpack' ? msgpackReason(bytes, 1) : postcardReason(bytes, 1);
  return reason === null ? null : `${codec} decode: ${reason}`;
}

export const decodeReason: Invariant<MeshEvent, MeshView> = {
  id: 'decode-reason',
  holds: 'what a decoder says of bytes that it refuses is the reason that belongs to their damage',
  create(context) {
    const { view } = context;

    function judge(codec: Codec, reader: number, bytes: Uint8Array): void {
      const result = view.decode(codec, reader, bytes);
      if (result.ok) return;
      const expected = refusalOf(codec, reader, bytes);
      // Whether bytes are refused that hold a record is for `wire-damage`.
      if (expected === null || expected === result.message) return;
      context.violate(
        `expected the ${codec} decoder of version ${reader} to say '${expected}' of ${hex(bytes)}, found '${result.message}'`,
        { expected, found: result.message },
      );
    }

    return {
      on: {
        'log-append'(event) {
          if (!event.damaged) return;
          const { payload } = event;
          const codec = view.config.codecs[event.node - 1] ?? 'msgpack';
          judge(codec, payload[0] ?? 1, payload);
        },
        probe(event) {
          if (event.outcome !== 'record' && event.outcome !== 'threw') judge(event.codec, event.reader, event.bytes);
        },
      },
    };
  },
};
