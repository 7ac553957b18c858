/**
 * The msgpack body of an action-chain record, by msgpackr: a map of four keys in fixed order (`id`, `kind`,
 * `emitted_at_ms`, `disposition`), the disposition a map in turn (`type`, then its fields). The allowed types are maps,
 * strings, 64-bit integers and nil, and nothing else: no records, extensions or binary.
 *
 * msgpackr alone would believe more than that (extensions that build RegExps and Sets, record definitions that compile
 * code, pointer graphs, lengths that were never checked, bad UTF-8), so it stands between two fences. `MsgpackScanner`
 * walks the bytes first and lets only the allowed types with sound lengths through; afterwards the record is encoded
 * again, and bytes that differ are refused, which settles key order, overlong forms, bad UTF-8 and unknown keys at once.
 * Records and bodies of the usual form take a shorter way, which comes to the same (`UsualWriter`, `UsualReader`).
 * The reasons are ours, for the library's and the engine's texts differ by version.
 */
// Not from 'msgpackr' itself, which loads a native accelerator: what a string decodes to must not depend on the machine.
import { Packr } from 'msgpackr/pack';
import type { Result } from '../result.ts';
import { MsgpackScanner } from './msgpack-scan.ts';
import { UsualReader, UsualWriter } from './msgpack-usual.ts';
import type { ActionChainRecord, ActionDisposition } from './records.ts';
import type { BodyCodec } from './wire-codec.ts';

const NOT_ENCODABLE = 'the record is too long';
const NOT_A_RECORD = 'not an action-chain record';
const NOT_CANONICAL = 'not in the one form that records are written in';

/** Where the free texts stand among the strings of a record, keys included (see `MsgpackScanner.swallowedMarks`). */
const KIND_STRING_BIT = 1 << 2;
const REASON_STRING_BIT = 1 << 8;

/** Bodies up to this length, which few exceed, are decoded in a buffer that is used again. */
const SCRATCH_BYTES = 131_072;

/** Plain maps with their shortest header, both ways. */
const packr = new Packr({ useRecords: false, variableMapSize: true, mapsAsObjects: true });
const scanner = new MsgpackScanner();
const usualReader = new UsualReader();
const usualWriter = new UsualWriter();
const scratch = Buffer.alloc(SCRATCH_BYTES);
const scratchRange = { start: 0, end: 0 };

export const msgpackCodec: BodyCodec = {
  name: 'msgpack',

  encode(record: ActionChainRecord): Result<Uint8Array, string> {
    const body = usualWriter.write(record);
    return body === null ? encodeAny(record) : { ok: true, value: body };
  },

  decode(bytes: Uint8Array, start: number): Result<ActionChainRecord, string> {
    const known = usualReader.read(bytes, start);
    return known === null ? decodeAny(bytes, start) : { ok: true, value: known };
  },
};

/** The long ways, which are the ones that decide: a record and a body of the usual form come to the same here. */
export function encodeAny(record: ActionChainRecord): Result<Uint8Array, string> {
  try {
    return { ok: true, value: pack(record) };
  } catch {
    return { ok: false, error: NOT_ENCODABLE };
  }
}

export function decodeAny(bytes: Uint8Array, start: number): Result<ActionChainRecord, string> {
  const refusal = scanner.scan(bytes, start);
  if (refusal !== null) return { ok: false, error: refusal };
  try {
    const record = recordOf(unpack(bytes, start));
    if (record === null) return { ok: false, error: NOT_A_RECORD };
    return isEncodingOf(record, bytes, start) ? { ok: true, value: record } : { ok: false, error: NOT_CANONICAL };
  } catch {
    // Nothing that passes the scan is known to make msgpackr throw; if it does, that text is not for a record.
    return { ok: false, error: NOT_A_RECORD };
  }
}

/** The body: a view into msgpackr's shared buffer. */
function pack(record: ActionChainRecord): Buffer {
  return packr.pack({
    id: record.id,
    kind: record.kind,
    emitted_at_ms: record.emittedAtMs,
    disposition: packedDisposition(record.disposition),
  });
}

function packedDisposition(disposition: ActionDisposition): object {
  switch (disposition.type) {
    case 'dispatched':
      return { type: 'dispatched' };
    case 'failed':
      return { type: 'failed', reason: disposition.reason, retry_after_ms: disposition.retryAfterMs };
    case 'gated':
      return { type: 'gated', reason: disposition.reason, cooldown_ms: disposition.cooldownMs };
  }
}

/** Decodes a copy, for msgpackr hangs a property of its own on the buffer it is given. */
function unpack(bytes: Uint8Array, start: number): unknown {
  const body = bytes.subarray(start);
  if (body.length > SCRATCH_BYTES) return packr.unpack(Buffer.from(body));
  scratch.set(body);
  scratchRange.end = body.length;
  return packr.unpack(scratch, scratchRange);
}

/** The record that a value is, or null; keys that a record has not are left to the second fence. */
function recordOf(value: unknown): ActionChainRecord | null {
  if (!isMap(value)) return null;
  const { id, kind, emitted_at_ms: emittedAtMs } = value;
  if (!isU64(id) || typeof kind !== 'string' || !isU64(emittedAtMs)) return null;
  const disposition = dispositionOf(value.disposition);
  return disposition === null ? null : { id, kind: withMark(kind, KIND_STRING_BIT), emittedAtMs, disposition };
}

function dispositionOf(value: unknown): ActionDisposition | null {
  if (!isMap(value)) return null;
  const { type, reason } = value;
  if (type === 'dispatched') return { type };
  if (typeof reason !== 'string') return null;
  if (type === 'failed') {
    const retryAfterMs = value.retry_after_ms;
    return isU64OrNull(retryAfterMs) ? { type, reason: withMark(reason, REASON_STRING_BIT), retryAfterMs } : null;
  }
  if (type === 'gated') {
    const cooldownMs = value.cooldown_ms;
    return isU64OrNull(cooldownMs) ? { type, reason: withMark(reason, REASON_STRING_BIT), cooldownMs } : null;
  }
  return null;
}

/** Gives a text back the byte order mark that msgpackr swallowed. */
function withMark(text: string, bit: number): string {
  return (scanner.swallowedMarks & bit) === 0 ? text : `\ufeff${text}`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** msgpackr gives 64-bit integers as bigints; a negative one is no u64. */
function isU64(value: unknown): value is bigint {
  return typeof value === 'bigint' && value >= 0n;
}

function isU64OrNull(value: unknown): value is bigint | null {
  return value === null || isU64(value);
}

function isEncodingOf(record: ActionChainRecord, bytes: Uint8Array, start: number): boolean {
  return pack(record).compare(bytes, start) === 0;
}
