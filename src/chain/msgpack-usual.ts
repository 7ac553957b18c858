/**
 * The short way for msgpack bodies in their usual form: the one our encoder writes, with numbers below 2^63 and ASCII
 * texts of less than 256 bytes. It knows that form byte for byte and gives null for everything else, damaged, foreign or
 * merely unusual, which then goes the long way. So it refuses nothing and takes nothing the long way would not take as
 * the same record; it is there because a mesh decodes every record once a node and nearly all are of this form.
 */
import type { ActionChainRecord, ActionDisposition } from './records.ts';

const FIXSTR = 0xa0;
const STR8 = 0xd9;
const INT64 = 0xd3;
const NIL = 0xc0;
/** Shorter texts have a header of one byte. */
const STR8_LENGTH_MIN = 32;

/** What stands between the values, headers of maps and keys included, and the header of a number that is never nil. */
const BEFORE_ID = bytesOf(0x84, 'id', INT64);
const BEFORE_KIND = bytesOf('kind');
const BEFORE_EMITTED_AT = bytesOf('emitted_at_ms', INT64);
const BEFORE_DISPOSITION = bytesOf('disposition');
const DISPATCHED = bytesOf(0x81, 'type', 'dispatched');
const FAILED = bytesOf(0x83, 'type', 'failed', 'reason');
const BEFORE_RETRY_AFTER = bytesOf('retry_after_ms');
const GATED = bytesOf(0x83, 'type', 'gated', 'reason');
const BEFORE_COOLDOWN = bytesOf('cooldown_ms');

/** Bytes and short texts with their headers. */
function bytesOf(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'number' ? [part] : [FIXSTR | part.length, ...Buffer.from(part)])),
  );
}

/** Slots for texts read before: kinds and most reasons come again with every record. A power of two. */
const TEXT_SLOTS = 512;
const texts: string[] = new Array<string>(TEXT_SLOTS).fill('');

const eight = new Uint8Array(8);
const eightView = new DataView(eight.buffer);

const NO_BYTES: Uint8Array = new Uint8Array(0);

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
    this.#expect(BEFORE_DISPOSITION);
    const disposition = this.#disposition();
    const whole = this.#usual && this.#at === bytes.length;
    this.#bytes = NO_BYTES;
    return whole ? { id, kind, emittedAtMs, disposition } : null;
  }

  #disposition(): ActionDisposition {
    if (this.#is(DISPATCHED)) return { type: 'dispatched' };
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
    let hash = length;
    let all = 0;
    for (let i = from; i < end; i++) {
      const byte = bytes[i] ?? 0;
      all |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    if (all > 0x7f) {
      this.#usual = false;
      return '';
    }
    const slot = (hash ^ (hash >>> 15)) & (TEXT_SLOTS - 1);
    const known = texts[slot];
    if (known !== undefined && stands(known, bytes, from, length)) return known;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString('latin1');
    texts[slot] = text;
    return text;
  }
}

function stands(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
