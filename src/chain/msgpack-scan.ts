/**
 * The fence before msgpackr: a walk over the bytes of a msgpack body that lets only the four allowed types through
 * (short maps, strings, 64-bit integers, nil), each of a length that the bytes really hold, maps keyed by strings and
 * nested no deeper than a record needs. Whatever passes is safe to hand on; whether it is a record is seen afterwards.
 */

const END_OF_BYTES = 'the bytes end before the body does';
const TRAILING_BYTES = 'bytes after the body';
const TYPE_NOT_ALLOWED = 'a type that records do not use';
const KEY_NOT_TEXT = 'a map key that is not a string';
const TOO_DEEP = 'maps nested deeper than in a record';
const NOT_A_MAP = 'the body is not a map';

/** A record is a map that holds one map. */
const DEPTH_MAX = 2;

/** msgpackr reads strings longer than this with a decoder that swallows a leading byte order mark. */
const MARK_KEPT_BYTES_MAX = 64;

const NIL = 0xc0;
const UINT64 = 0xcf;
const INT64 = 0xd3;
const INT64_BYTES = 9;
const STR8 = 0xd9;
const STR16 = 0xda;
const STR32 = 0xdb;

const NO_BYTES: Uint8Array = new Uint8Array(0);

export class MsgpackScanner {
  /**
   * A bit for each string of the body, in order, keys included (bit 0 is the first): set where msgpackr will swallow a
   * byte order mark. Strings past the 31st share bits, but then the body is no record anyway.
   */
  swallowedMarks = 0;
  #bytes = NO_BYTES;
  #at = 0;
  #strings = 0;
  #reason: string | null = null;

  /** Why the body that begins at `start` must not be handed on, or null. */
  scan(bytes: Uint8Array, start: number): string | null {
    this.swallowedMarks = 0;
    this.#bytes = bytes;
    this.#at = start;
    this.#strings = 0;
    this.#reason = null;
    const first = bytes[start];
    if (first !== undefined && !isFixmap(first)) this.#fail(NOT_A_MAP);
    else if (this.#value(1) && this.#at !== bytes.length) this.#fail(TRAILING_BYTES);
    this.#bytes = NO_BYTES;
    return this.#reason;
  }

  /** Steps over one value; false once something is amiss. */
  #value(depth: number): boolean {
    const token = this.#bytes[this.#at];
    if (token === undefined) return this.#fail(END_OF_BYTES);
    if (isFixmap(token)) return this.#map(token & 0x0f, depth);
    if (isString(token)) return this.#string(token);
    if (token === UINT64 || token === INT64) return this.#skip(INT64_BYTES);
    return token === NIL ? this.#skip(1) : this.#fail(TYPE_NOT_ALLOWED);
  }

  #map(entries: number, depth: number): boolean {
    if (depth > DEPTH_MAX) return this.#fail(TOO_DEEP);
    this.#at += 1;
    for (let i = 0; i < entries; i++) {
      const key = this.#bytes[this.#at];
      if (key === undefined) return this.#fail(END_OF_BYTES);
      if (!isString(key)) return this.#fail(KEY_NOT_TEXT);
      if (!this.#string(key) || !this.#value(depth + 1)) return false;
    }
    return true;
  }

  #string(token: number): boolean {
    const headerLength = token < STR8 ? 1 : token === STR8 ? 2 : token === STR16 ? 3 : 5;
    let length = token < STR8 ? token & 0x1f : 0;
    for (let i = 1; i < headerLength; i++) length = length * 256 + (this.#bytes[this.#at + i] ?? 0);
    if (!this.#skip(headerLength + length)) return false;
    if (length > MARK_KEPT_BYTES_MAX && this.#hasMark(this.#at - length)) {
      this.swallowedMarks |= 1 << this.#strings;
    }
    this.#strings += 1;
    return true;
  }

  #hasMark(at: number): boolean {
    return this.#bytes[at] === 0xef && this.#bytes[at + 1] === 0xbb && this.#bytes[at + 2] === 0xbf;
  }

  #skip(length: number): boolean {
    if (length > this.#bytes.length - this.#at) return this.#fail(END_OF_BYTES);
    this.#at += length;
    return true;
  }

  #fail(reason: string): false {
    this.#reason = reason;
    return false;
  }
}

/** A map of up to 15 entries. */
function isFixmap(token: number): boolean {
  return token >= 0x80 && token <= 0x8f;
}

function isString(token: number): boolean {
  return (token >= 0xa0 && token <= 0xbf) || token === STR8 || token === STR16 || token === STR32;
}
