/**
 * The postcard body of an action-chain record: id, kind, emitted_at_ms, and the disposition as a variant index with its
 * fields. Byte for byte that of the Rust crate; bytes after the record and overlong varints decode, as they do there.
 */
import type { Result } from '../result.ts';
import { PostcardReader, PostcardWriter } from './postcard-bytes.ts';
import type { ActionChainRecord, ActionDisposition } from './records.ts';
import type { BodyCodec } from './wire-codec.ts';

/** Variant indices, in the order of the source's `ActionDisposition`. */
const DISPATCHED = 0;
const FAILED = 1;
const GATED = 2;
const VARIANT_COUNT = 3;

/** One of each for all chains: a call leaves nothing behind in them. */
const writer = new PostcardWriter();
const reader = new PostcardReader();

export const postcardCodec: BodyCodec = {
  name: 'postcard',

  encode(record: ActionChainRecord): Result<Uint8Array, string> {
    writer.restart();
    writer.u64(record.id);
    writer.text(record.kind);
    writer.u64(record.emittedAtMs);
    writeDisposition(record.disposition);
    return { ok: true, value: writer.written() };
  },

  decode(bytes: Uint8Array, start: number): Result<ActionChainRecord, string> {
    reader.restart(bytes, start);
    const id = reader.u64();
    const kind = reader.text();
    const emittedAtMs = reader.u64();
    const disposition = readDisposition();
    reader.release();
    return reader.error === null
      ? { ok: true, value: { id, kind, emittedAtMs, disposition } }
      : { ok: false, error: reader.error };
  },
};

function writeDisposition(disposition: ActionDisposition): void {
  switch (disposition.type) {
    case 'dispatched':
      writer.tag(DISPATCHED);
      return;
    case 'failed':
      writer.tag(FAILED);
      writer.text(disposition.reason);
      writer.option(disposition.retryAfterMs);
      return;
    case 'gated':
      writer.tag(GATED);
      writer.text(disposition.reason);
      writer.option(disposition.cooldownMs);
      return;
  }
}

function readDisposition(): ActionDisposition {
  const variant = reader.variant(VARIANT_COUNT);
  if (variant === FAILED) return { type: 'failed', reason: reader.text(), retryAfterMs: reader.option() };
  if (variant === GATED) return { type: 'gated', reason: reader.text(), cooldownMs: reader.option() };
  return { type: 'dispatched' };
}
