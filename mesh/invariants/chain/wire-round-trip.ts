/**
 * Encoding loses nothing and depends on nothing but the record. What the encoder made of a record is decoded again as it
 * enters the log, and must give what the judge itself reads in it: the first few records of each type, and one in four of
 * the rest. Once the record is known it must be what was read; the first of each type, one in 64, and of odd ones one in
 * 16 also go through both codecs, from a twin whose fields were made in another order. Entries that were not damaged must
 * be folded by every decoder of their version. Records with numbers that no node comes to, which are encoded for a decoder
 * alone, must be in their bytes and come back.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { ActionChainRecord, ActionDisposition } from '../../../src/chain/records.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { hex, inWords } from '../model/actions.ts';
import { entriesOf, readBody } from '../model/entries.ts';
import { numberOf } from '../model/numbers.ts';
import { isOdd, sampleOf } from '../model/sampling.ts';
import { sameBytes } from '../model/wire/bytes.ts';
import { isMsgpackOf, writeMsgpack } from '../model/wire/msgpack-form.ts';
import { isPostcardOf, writePostcard } from '../model/wire/postcard.ts';
import { sameRecord, wellFormed } from '../model/wire/records.ts';

type Codec = 'msgpack' | 'postcard';

/** How many records of each type are decoded again before it is one in four. */
const FIRST = 2;

/** What entered a chain's log last. */
interface Written {
  /** As the encoder made it. */
  readonly bytes: Uint8Array;
  /** As the judge reads it. */
  readonly record: ActionChainRecord;
}

/** Records counted by type. */
class Counts {
  private dispatched = 0;
  private failed = 0;
  private gated = 0;

  /** How many of the record's type there were before it. */
  before(record: ActionChainRecord): number {
    switch (record.disposition.type) {
      case 'dispatched':
        return this.dispatched++;
      case 'failed':
        return this.failed++;
      case 'gated':
        return this.gated++;
    }
  }
}

/** An equal record, its fields made in the opposite order. */
function twinOf(record: ActionChainRecord): ActionChainRecord {
  return {
    disposition: dispositionTwin(record.disposition),
    emittedAtMs: record.emittedAtMs,
    kind: record.kind,
    id: record.id,
  };
}

function dispositionTwin(made: ActionDisposition): ActionDisposition {
  switch (made.type) {
    case 'dispatched':
      return { type: 'dispatched' };
    case 'failed':
      return { retryAfterMs: made.retryAfterMs, reason: made.reason, type: 'failed' };
    case 'gated':
      return { cooldownMs: made.cooldownMs, reason: made.reason, type: 'gated' };
  }
}

export const wireRoundTrip: Invariant<MeshEvent, MeshView> = {
  id: 'wire-round-trip',
  holds: 'decode(encode(r)) = r and equal bytes for equal records, both codecs',
  create(context) {
    const { view } = context;
    const { codecs } = view.config;
    const entries = entriesOf(view);
    /** Records that were decoded again and that were checked in full, by type. */
    const again = new Counts();
    const full = new Counts();

    function isDecodedAgain(record: ActionChainRecord): boolean {
      return again.before(record) < FIRST || (sampleOf(record) & 3) === 0;
    }

    function isCheckedInFull(record: ActionChainRecord): boolean {
      const sample = sampleOf(record);
      return full.before(record) === 0 || sample === 0 || ((sample & 15) === 0 && isOdd(record));
    }

    /** By chain: what entered its log and no append has answered for. */
    const written: (Written | null)[] = codecs.map(() => null);
    /** By chain and seq: the entry entered the log as it was encoded. */
    const undamaged: boolean[][] = codecs.map(() => []);

    function refused(codec: Codec, record: ActionChainRecord): void {
      const made = record.disposition;
      const texts = made.type === 'dispatched' ? record.kind : record.kind + made.reason;
      if (texts !== wellFormed(texts)) return;
      context.violate(
        `expected the ${codec} codec to encode the well-formed record ${inWords(record)}, found it refused`,
      );
    }

    /** Decoding the bytes gives the record; else a violation is reported. */
    function back(codec: Codec, version: number, record: ActionChainRecord, bytes: Uint8Array): boolean {
      const result = view.decode(codec, version, bytes);
      if (result.ok && sameRecord(result.record, record)) return true;
      const expected = inWords(record);
      const found = result.ok ? inWords(result.record) : `the error '${result.error}'`;
      context.violate(`expected ${expected} back from the ${codec} codec, found ${found}`, { expected, found });
      return false;
    }

    function equalBytes(codec: Codec, record: ActionChainRecord, a: Uint8Array, b: Uint8Array): boolean {
      if (sameBytes(a, b)) return true;
      const expected = hex(a);
      const found = hex(b);
      context.violate(
        `expected equal ${codec} bytes for equal records ${inWords(record)}, found ${expected} and ${found}`,
        { expected, found },
      );
      return false;
    }

    /** `inLog` are the bytes of the record that entered the log, if any. */
    function inFull(codec: Codec, version: number, record: ActionChainRecord, inLog: Uint8Array | null): void {
      const bytes = view.encode(codec, version, twinOf(record));
      const again = view.encode(codec, version, record);
      if (bytes === null || again === null) {
        refused(codec, record);
        return;
      }
      if (!equalBytes(codec, record, bytes, again)) return;
      if (inLog !== null && !equalBytes(codec, record, inLog, bytes)) return;
      if (!back(codec, version, record, bytes)) return;
      if (bytes[0] !== version) {
        context.violate(
          `expected the ${codec} bytes of a writer of version ${version} to begin with it, found ${bytes[0]}`,
        );
        return;
      }
      const read = readBody(codec, bytes);
      if (read === null || !sameRecord(read, record)) {
        context.violate(`expected the ${codec} bytes ${hex(bytes)} to hold ${inWords(record)}, found ${inWords(read)}`);
        return;
      }
      inForm(codec, record, bytes);
    }

    /** The body is the one that the specification gives the record; else a violation is reported. */
    function inForm(codec: Codec, record: ActionChainRecord, bytes: Uint8Array): void {
      if (codec === 'postcard' ? isPostcardOf(record, bytes, 1) : isMsgpackOf(record, bytes, 1)) return;
      const expected = hex(codec === 'postcard' ? writePostcard(record) : writeMsgpack(record));
      const found = hex(bytes.subarray(1));
      context.violate(`expected the ${codec} body ${expected} for ${inWords(record)}, found ${found}`, {
        expected,
        found,
      });
    }

    return {
      on: {
        probe({ codec, reader, bytes, decoded, outcome, given }) {
          if (given === undefined) return;
          const read = readBody(codec, bytes);
          if (read === null || !sameRecord(read, given)) {
            const expected = inWords(given);
            const found = read === null ? 'no record' : inWords(read);
            context.violate(`expected the ${codec} codec to encode ${expected}, found ${found} in its bytes`, {
              expected,
              found,
            });
            return;
          }
          if (bytes[0] !== reader || (decoded !== null && sameRecord(decoded, given))) return;
          const expected = inWords(given);
          const found = decoded === null ? `the error '${outcome}'` : inWords(decoded);
          context.violate(`expected ${expected} back from the ${codec} codec, found ${found}`, { expected, found });
        },
        'log-append'(event) {
          const codec = codecs[event.node - 1] ?? 'msgpack';
          const bytes = event.damaged ? event.original : event.payload;
          const record = event.damaged ? readBody(codec, bytes) : entries.shown(event).record;
          if (record === null) {
            context.violate(
              `expected the ${codec} encoder of node ${event.node} to make a record, found ${hex(bytes)}`,
            );
            return;
          }
          written[event.node - 1] = { bytes, record };
          if (isDecodedAgain(record) && back(codec, bytes[0] ?? 0, record, bytes)) inForm(codec, record, bytes);
          const chain = undamaged[event.node - 1];
          if (chain === undefined) return;
          const index = numberOf(event.seq);
          while (chain.length <= index) chain.push(false);
          chain[index] = !event.damaged;
        },
        'append-action'(event) {
          const codec = codecs[event.node - 1] ?? 'msgpack';
          const { record, version } = event;
          const inLog = event.ok ? (written[event.node - 1] ?? null) : null;
          written[event.node - 1] = null;
          if (inLog !== null && !sameRecord(inLog.record, record)) {
            const expected = inWords(record);
            const found = inWords(inLog.record);
            context.violate(`expected the ${codec} encoder to make ${expected}, found ${found}`, { expected, found });
            return;
          }
          if (!isCheckedInFull(record)) return;
          inFull(codec, version, record, inLog?.bytes ?? null);
          inFull(codec === 'msgpack' ? 'postcard' : 'msgpack', version, record, null);
        },
        fold(event) {
          if (event.outcome === 'folded' || event.payload[0] !== event.reader) return;
          if (undamaged[event.chain - 1]?.[numberOf(event.seq)] !== true) return;
          context.violate(
            `expected entry ${event.seq} of chain ${event.chain}, undamaged and of version ${event.reader}, to be folded by node ${event.node}, found '${event.outcome}'`,
          );
        },
      },
    };
  },
};
