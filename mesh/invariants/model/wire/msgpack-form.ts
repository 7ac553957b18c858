/**
 * The one msgpack form of an action-chain record, and which of the fixed reasons belongs to a body that is not one
 * (docs/specification/forms.md); written apart from the codec that is judged. `readMsgpack` beside it reads more forms
 * than this one, because what it is asked is what a body says, not how.
 */
import type { ActionChainRecord, ActionDisposition } from '../../../../src/chain/records.ts';
import { BodyWriter, utf8Length } from './body-writer.ts';

const I64_MAX = 0x7fff_ffff_ffff_ffffn;

/** The names of the fields, each with its header. */
const ID = named('id');
const KIND = named('kind');
const EMITTED_AT = named('emitted_at_ms');
const DISPOSITION = named('disposition');
const TYPE = named('type');
const REASON = named('reason');
const RETRY_AFTER = named('retry_after_ms');
const COOLDOWN = named('cooldown_ms');

function named(name: string): readonly number[] {
  return [0xa0 | name.length, ...Buffer.from(name)];
}

const writer = new BodyWriter();

/** The one body that encoding the record gives. */
export function writeMsgpack(record: ActionChainRecord): Uint8Array {
  write(record);
  return writer.copy();
}

/** Whether the bytes from `offset` on are that body. */
export function isMsgpackOf(record: ActionChainRecord, bytes: Uint8Array, offset: number): boolean {
  write(record);
  return writer.is(bytes, offset);
}

function write(record: ActionChainRecord): void {
  writer.begin();
  writer.byte(0x84);
  writer.bytes(ID);
  integer(record.id);
  writer.bytes(KIND);
  text(record.kind);
  writer.bytes(EMITTED_AT);
  integer(record.emittedAtMs);
  writer.bytes(DISPOSITION);
  disposition(record.disposition);
}

function disposition(made: ActionDisposition): void {
  writer.byte(made.type === 'dispatched' ? 0x81 : 0x83);
  writer.bytes(TYPE);
  text(made.type);
  if (made.type === 'dispatched') return;
  writer.bytes(REASON);
  text(made.reason);
  writer.bytes(made.type === 'failed' ? RETRY_AFTER : COOLDOWN);
  const ms = made.type === 'failed' ? made.retryAfterMs : made.cooldownMs;
  if (ms === null) writer.byte(0xc0);
  else integer(ms);
}

/** Eight bytes, whatever the number: int64 where it fits in one, else uint64. */
function integer(value: bigint): void {
  writer.byte(value <= I64_MAX ? 0xd3 : 0xcf);
  writer.u64(value);
}

function text(value: string): void {
  const length = utf8Length(value);
  if (length < 0x20) {
    writer.byte(0xa0 | length);
  } else if (length < 0x100) {
    writer.byte(0xd9);
    writer.byte(length);
  } else {
    writer.byte(length < 0x1_0000 ? 0xda : 0xdb);
    for (let shift = length < 0x1_0000 ? 8 : 24; shift >= 0; shift -= 8) writer.byte((length >>> shift) & 0xff);
  }
  writer.text(value, length);
}

const ENDS_EARLY = 'the bytes end before the body does';
const NOT_A_MAP = 'the body is not a map';
const OTHER_TYPE = 'a type that records do not use';
const KEY_NO_TEXT = 'a map key that is not a string';
const TOO_DEEP = 'maps nested deeper than in a record';
const TRAILING = 'bytes after the body';
const NO_RECORD = 'not an action-chain record';
const OTHER_FORM = 'not in the one form that records are written in';

/** What a value is. Texts stand as their bytes say, one character a byte: names and types are ASCII. */
type Value = 'u64' | 'negative' | 'nil' | { readonly text: string } | ReadonlyMap<string, Value>;

/** Thrown and caught in this file. */
class Refused {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The reason for which a body that begins at `offset` is refused; it is one that has to be. */
export function msgpackReason(bytes: Uint8Array, offset: number): string {
  try {
    const walk = new Walk(bytes, offset);
    const body = walk.body();
    return isRecord(body) ? OTHER_FORM : NO_RECORD;
  } catch (error) {
    if (error instanceof Refused) return error.reason;
    throw error;
  }
}

class Walk {
  private readonly bytes: Uint8Array;
  private at: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.at = offset;
  }

  body(): Value {
    const head = this.head();
    if (head < 0x80 || head > 0x8f) throw new Refused(NOT_A_MAP);
    const value = this.value(1);
    if (this.at < this.bytes.length) throw new Refused(TRAILING);
    return value;
  }

  private head(): number {
    const head = this.bytes[this.at];
    if (head === undefined) throw new Refused(ENDS_EARLY);
    return head;
  }

  private value(depth: number): Value {
    const head = this.head();
    if (head >= 0x80 && head <= 0x8f) return this.map(head & 0x0f, depth);
    if (isText(head)) return { text: this.text(head) };
    if (head === 0xcf || head === 0xd3) {
      const negative = head === 0xd3 && (this.bytes[this.at + 1] ?? 0) >= 0x80;
      this.take(9);
      return negative ? 'negative' : 'u64';
    }
    if (head !== 0xc0) throw new Refused(OTHER_TYPE);
    this.take(1);
    return 'nil';
  }

  private map(size: number, depth: number): Value {
    if (depth > 2) throw new Refused(TOO_DEEP);
    this.take(1);
    const fields = new Map<string, Value>();
    for (let i = 0; i < size; i++) {
      const head = this.head();
      if (!isText(head)) throw new Refused(KEY_NO_TEXT);
      fields.set(this.text(head), this.value(depth + 1));
    }
    return fields;
  }

  private text(head: number): string {
    const width = head < 0xc0 ? 0 : head === 0xd9 ? 1 : head === 0xda ? 2 : 4;
    let length = width === 0 ? head & 0x1f : 0;
    for (let i = 1; i <= width; i++) length = length * 256 + (this.bytes[this.at + i] ?? 0);
    this.take(1 + width + length);
    let found = '';
    for (let at = this.at - length; at < this.at; at++) found += String.fromCharCode(this.bytes[at] ?? 0);
    return found;
  }

  private take(length: number): void {
    if (length > this.bytes.length - this.at) throw new Refused(ENDS_EARLY);
    this.at += length;
  }
}

function isText(head: number): boolean {
  return (head >= 0xa0 && head <= 0xbf) || (head >= 0xd9 && head <= 0xdb);
}

/** The values that a record has stand under its names, whatever else there is, and in whichever order. */
function isRecord(body: Value): boolean {
  const made = field(body, 'disposition');
  if (field(body, 'id') !== 'u64' || textOf(field(body, 'kind')) === null || field(body, 'emitted_at_ms') !== 'u64') {
    return false;
  }
  const type = textOf(field(made, 'type'));
  if (type === 'dispatched') return true;
  if (textOf(field(made, 'reason')) === null) return false;
  const ms = type === 'failed' ? field(made, 'retry_after_ms') : type === 'gated' ? field(made, 'cooldown_ms') : null;
  return ms === 'u64' || ms === 'nil';
}

function field(value: Value | undefined | null, name: string): Value | undefined {
  return value instanceof Map ? value.get(name) : undefined;
}

function textOf(value: Value | undefined): string | null {
  return typeof value === 'object' && 'text' in value ? value.text : null;
}
