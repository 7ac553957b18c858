/**
 * The short way for msgpack bodies in their usual form: the one that msgpackr writes of a record, with numbers below 2^63
 * and texts of less than 256 bytes. It knows that form byte for byte and gives null for everything else, damaged, foreign
 * or merely unusual, which then goes the long way. So it refuses nothing, takes nothing the long way would not take as
 * the same record, and writes nothing the long way would write otherwise; it is there because a mesh encodes every record
 * once and decodes it once a node, and nearly all are of this form.
 */
import { readText } from './read-text.ts';
import type { ActionChainRecord, ActionDisposition } from './records.ts';

const FIXSTR = 0xa0;
const STR8 = 0xd9;
const INT64 = 0xd3;
const NIL = 0xc0;
/** Shorter texts have a header of one byte. */
const STR8_LENGTH_MIN = 32;
const TEXT_BYTES_MAX = 255;
/** More than any body of the usual form takes: two texts, four keys or so. */
const BODY_BYTES_MAX = 1024;

/** What stands between the values, headers of maps and keys included, and the header of a number that is never nil. */
const BEFORE_ID = bytesOf(0x84, 'id', INT64);
const BEFORE_KIND = bytesOf('kind');
const BEFORE_EMITTED_AT = bytesOf('emitted_at_ms', INT64);
const DISPATCHED = bytesOf('disposition', 0x81, 'type', 'dispatched');
const FAILED = bytesOf('disposition', 0x83, 'type', 'failed', 'reason');
const BEFORE_RETRY_AFTER = bytesOf('retry_after_ms');
const GATED = bytesOf('disposition', 0x83, 'type', 'gated', 'reason');
const BEFORE_COOLDOWN = bytesOf('cooldown_ms');

/** Bytes and short texts with their headers. */
function bytesOf(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'number' ? [part] : [FIXSTR | part.length, ...Buffer.from(part)])),
  );
}

const DISPATCHED_ACTION: ActionDisposition = { type: 'dispatched' };

const eight = new Uint8Array(8);
const eightView = new DataView(eight.buffer);

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Writes into a buffer of its own, which each record reuses. */
export class UsualWriter {
  readonly #bytes = Buffer.alloc(BODY_BYTES_MAX);
  readonly #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, BODY_BYTES_MAX);
  #at = 0;
  /** Whether all that was written so far is of the usual form. */
  #usual = true;

  /** The body of a record whose texts are well-formed: a view, good until the next one; null if it is not usual. */
  write(record: ActionChainRecord): Uint8Array | null {
    this.#at = 0;
    this.#usual = true;
    this.#put(BEFORE_ID);
    this.#number(record.id);
    this.#put(BEFORE_KIND);
    this.#text(record.kind);
    this.#put(BEFORE_EMITTED_AT);
    this.#number(record.emittedAtMs);
    this.#disposition(record.disposition);
    return this.#usual ? this.#bytes.subarray(0, this.#at) : null;
  }

  #disposition(disposition: ActionDisposition): void {
    switch (disposition.type) {
      case 'dispatched':
        this.#put(DISPATCHED);
        return;
      case 'failed':
        this.#put(FAILED);
        this.#text(disposition.reason);
        this.#put(BEFORE_RETRY_AFTER);
        this.#numberOrNil(disposition.retryAfterMs);
        return;
      case 'gated':
        this.#put(GATED);
        this.#text(disposition.reason);
        this.#put(BEFORE_COOLDOWN);
        this.#numberOrNil(disposition.cooldownMs);
        return;
    }
  }

  #put(piece: Uint8Array): void {
    this.#bytes.set(piece, this.#at);
    this.#at += piece.length;
  }

  /** Behind its header; one from 2^63 on has another, and one past all u64 none. */
  #number(value: bigint): void {
    if (BigInt.asUintN(63, value) !== value) this.#usual = false;
    this.#view.setBigUint64(this.#at, value);
    this.#at += 8;
  }

  #numberOrNil(value: bigint | null): void {
    this.#bytes[this.#at] = value === null ? NIL : INT64;
    this.#at += 1;
    if (value !== null) this.#number(value);
  }

  #text(text: string): void {
    if (text.length > TEXT_BYTES_MAX) {
      this.#usual = false;
      return;
    }
    const bytes = this.#bytes;
    const headerLength = text.length < STR8_LENGTH_MIN ? 1 : 2;
    const start = this.#at + headerLength;
    let length = 0;
    for (; length < text.length; length++) {
      const unit = text.charCodeAt(length);
      if (unit >= 0x80) {
        this.#longerText(text);
        return;
      }
      bytes[start + length] = unit;
    }
    this.#header(length);
    this.#at = start + length;
  }

  /** A text that takes more bytes than it has units. */
  #longerText(text: string): void {
    const length = Buffer.byteLength(text);
    if (length > TEXT_BYTES_MAX) {
      this.#usual = false;
      return;
    }
    const start = this.#at + (length < STR8_LENGTH_MIN ? 1 : 2);
    this.#header(length);
    this.#at = start + this.#bytes.write(text, start);
  }

  #header(length: number): void {
    if (length < STR8_LENGTH_MIN) {
      this.#bytes[this.#at] = FIXSTR | length;
    } else {
      this.#bytes[this.#at] = STR8;
      this.#bytes[this.#at + 1] = length;
    }
  }
}

/** Reads from an offset on. */
export class UsualReader {
  #bytes = NO_BYTES;
  #at = 0;
  /** Whether all that was read so far is of the usual form. */
  #usual = true;

  /** The record in the body that begins at `start` and ends with the bytes; null if its form is not the usual one. */
  read(bytes: Uint8Array, start: number): ActionChainRecord | null {
    this.#bytes = bytes;
    this.#at = start;
    this.#usual = true;
    this.#expect(BEFORE_ID);
    const id = this.#number();
    this.#expect(BEFORE_KIND);
    const kind = this.#text();
    this.#expect(BEFORE_EMITTED_AT);
    const emittedAtMs = this.#number();
    const disposition = this.#disposition();
    const whole = this.#usual && this.#at === bytes.length;
    this.#bytes = NO_BYTES;
    return whole ? { id, kind, emittedAtMs, disposition } : null;
  }

  #disposition(): ActionDisposition {
    if (this.#is(DISPATCHED)) return DISPATCHED_ACTION;
    if (this.#is(FAILED)) {
      const reason = this.#text();
      this.#expect(BEFORE_RETRY_AFTER);
      return { type: 'failed', reason, retryAfterMs: this.#numberOrNil() };
    }
    this.#expect(GATED);
    const reason = this.#text();
    this.#expect(BEFORE_COOLDOWN);
    return { type: 'gated', reason, cooldownMs: this.#numberOrNil() };
  }

  #is(expected: Uint8Array): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
    this.#at = at + expected.length;
    return true;
  }

  #expect(expected: Uint8Array): void {
    if (this.#usual && !this.#is(expected)) this.#usual = false;
  }

  /** Behind its header; a negative one is not usual. */
  #number(): bigint {
    const bytes = this.#bytes;
    const at = this.#at;
    if (at + 8 > bytes.length || (bytes[at] ?? 0) >= 0x80) {
      this.#usual = false;
      return 0n;
    }
    for (let i = 0; i < 8; i++) eight[i] = bytes[at + i] ?? 0;
    this.#at = at + 8;
    return eightView.getBigUint64(0);
  }

  #numberOrNil(): bigint | null {
    const header = this.#bytes[this.#at];
    this.#at += 1;
    if (header === INT64) return this.#number();
    if (header !== NIL) this.#usual = false;
    return null;
  }

  #text(): string {
    const bytes = this.#bytes;
    const header = bytes[this.#at] ?? 0;
    let length = header & 0x1f;
    this.#at += 1;
    if (header === STR8) {
      length = bytes[this.#at] ?? 0;
      this.#at += 1;
      // A longer header than it needs is nothing our encoder writes.
      if (length < STR8_LENGTH_MIN) this.#usual = false;
    } else if (header < FIXSTR || header >= FIXSTR + STR8_LENGTH_MIN) {
      this.#usual = false;
    }
    const from = this.#at;
    const end = from + length;
    this.#at = end;
    if (!this.#usual || end > bytes.length) {
      this.#usual = false;
      return '';
    }
    const text = readText(bytes, from, length);
    if (text === null) this.#usual = false;
    return text ?? '';
  }
}
