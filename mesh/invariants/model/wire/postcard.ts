/**
 * The postcard body of an action-chain record, read and written apart from the codec that is judged. Known from the
 * recorded vectors: varints little-endian in groups of seven, overlong ones and trailing bytes accepted, a u64's tenth
 * byte 0 or 1, options tagged 0 or 1, variants by index.
 */
import type { ActionChainRecord, ActionDisposition } from '../../../../src/chain/records.ts';
import { BodyWriter, utf8Length } from './body-writer.ts';
import { ByteReader, ENDS_EARLY, joined, NO_UTF8, Unreadable } from './bytes.ts';

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

const LONG_VARINT = 'a varint has no end';
const NO_TAG = 'no such option tag';
const NO_VARIANT = 'no such variant';

/** What the crate says of each reason, as recorded in the vectors. */
const RECORDED: Readonly<Record<string, string>> = {
  [ENDS_EARLY]: 'Hit the end of buffer, expected more data',
  [NO_UTF8]: 'Tried to parse invalid utf-8',
  [LONG_VARINT]: "Found a varint that didn't terminate. Is the usize too big for this platform?",
  [NO_TAG]: "Found an Option discriminant that wasn't 0 or 1",
  [NO_VARIANT]: 'Serde Deserialization Error',
};

/** The record in a body that begins at `offset`, or null if there is none. */
export function readPostcard(bytes: Uint8Array, offset: number): ActionChainRecord | null {
  const read = readOrWhy(bytes, offset);
  return typeof read === 'string' ? null : read;
}

/** The reason for which a body that begins at `offset` is refused, in the crate's words; null if it holds a record. */
export function postcardReason(bytes: Uint8Array, offset: number): string | null {
  const read = readOrWhy(bytes, offset);
  return typeof read === 'string' ? (RECORDED[read] ?? read) : null;
}

function readOrWhy(bytes: Uint8Array, offset: number): ActionChainRecord | string {
  try {
    const reader = new ByteReader(bytes, offset);
    const id = varint(reader, 64);
    const kind = text(reader);
    const emittedAtMs = varint(reader, 64);
    return { id, kind, emittedAtMs, disposition: disposition(reader) };
  } catch (error) {
    if (error instanceof Unreadable) return error.why;
    throw error;
  }
}

function disposition(reader: ByteReader): ActionDisposition {
  const variant = varint(reader, 32);
  if (variant === 0n) return { type: 'dispatched' };
  if (variant > 2n) throw new Unreadable(NO_VARIANT);
  const reason = text(reader);
  const tag = reader.byte();
  if (tag > 1) throw new Unreadable(NO_TAG);
  const ms = tag === 0 ? null : varint(reader, 64);
  return variant === 1n ? { type: 'failed', reason, retryAfterMs: ms } : { type: 'gated', reason, cooldownMs: ms };
}

function text(reader: ByteReader): string {
  const length = varint(reader, 64);
  if (length > BigInt(reader.left)) throw new Unreadable(ENDS_EARLY);
  return reader.text(Number(length));
}

/** Numbers carry it while they are exact (49 bits in 7 groups); only longer ones cost bigint arithmetic. */
function varint(reader: ByteReader, bits: 32 | 64): bigint {
  const groups = bits === 64 ? 10 : 5;
  const lastMax = bits === 64 ? 1 : 15;
  let low = 0;
  let factor = 1;
  let high = 0;
  let highFactor = 1;
  for (let group = 0; group < groups; group++) {
    const byte = reader.byte();
    if (group === groups - 1 && byte > lastMax) throw new Unreadable(LONG_VARINT);
    if (group < 7) {
      low += (byte & 0x7f) * factor;
      factor *= 128;
    } else {
      high += (byte & 0x7f) * highFactor;
      highFactor *= 128;
    }
    if (byte >= 0x80) continue;
    if (high > 0) return (BigInt(high) << 49n) | BigInt(low);
    return joined(Math.floor(low / 0x1_0000_0000), low % 0x1_0000_0000);
  }
  throw new Unreadable(LONG_VARINT);
}

const writer = new BodyWriter();

/** The one body that encoding the record gives. */
export function writePostcard(record: ActionChainRecord): Uint8Array {
  write(record);
  return writer.copy();
}

/** Whether the bytes from `offset` on are that body. */
export function isPostcardOf(record: ActionChainRecord, bytes: Uint8Array, offset: number): boolean {
  write(record);
  return writer.is(bytes, offset);
}

function write(record: ActionChainRecord): void {
  writer.begin();
  writeVarint(record.id);
  writeText(record.kind);
  writeVarint(record.emittedAtMs);
  const made = record.disposition;
  if (made.type === 'dispatched') {
    writer.byte(0);
    return;
  }
  writer.byte(made.type === 'failed' ? 1 : 2);
  writeText(made.reason);
  const ms = made.type === 'failed' ? made.retryAfterMs : made.cooldownMs;
  writer.byte(ms === null ? 0 : 1);
  if (ms !== null) writeVarint(ms);
}

function writeVarint(value: bigint): void {
  let rest = value;
  while (rest > SAFE_MAX) {
    writer.byte(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  writeSmallVarint(Number(rest));
}

/** Of a number that is exact, which takes no arithmetic with bigints. */
function writeSmallVarint(value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    writer.byte((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  writer.byte(rest);
}

function writeText(value: string): void {
  const length = utf8Length(value);
  writeSmallVarint(length);
  writer.text(value, length);
}
