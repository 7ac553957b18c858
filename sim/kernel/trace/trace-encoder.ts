/**
 * The binary form of traces, and the sha256 over it.
 *
 * Every value is self-delimiting: a tag byte, then what the tag says. Most of a trace is small whole numbers and strings seen
 * before; those take one or two bytes. A string is written out once, and its place in order of first appearance stands for it
 * from then on. Nothing ever reads a trace back; what counts is that different traces give different bytes.
 *
 * | tag | value |
 * |---|---|
 * | 00–7f | the whole number 0–127 |
 * | 80–82 | null, false, true |
 * | 83, 84 | a whole number from 128; -1 minus such a number: varint |
 * | 85 | u64 bigint: 8 bytes, little-endian |
 * | 86 | a string not seen before: length in bytes as varint, UTF-8 |
 * | 87 | a string seen before: its place as varint |
 * | 88 | bytes: length as varint, the bytes |
 * | 89 | a list: length as varint, its values |
 * | 8a | the end of the records; the final state follows |
 * | 90–ff | a string seen before, places 0–111 |
 */
import { createHash, type Hash } from 'node:crypto';

/** What a field may hold: safe integers, u64 bigints, booleans, null, well-formed strings, bytes, and lists of these. */
export type TraceValue = number | bigint | boolean | null | string | Uint8Array | readonly TraceValue[];

/** Why a trace cannot hold a value; the recorder adds where it stood. */
export class UnfitValueError extends Error {
  override name = 'UnfitValueError';
}

const TAG_NULL = 0x80;
const TAG_FALSE = 0x81;
const TAG_TRUE = 0x82;
const TAG_POSITIVE = 0x83;
const TAG_NEGATIVE = 0x84;
const TAG_BIGINT = 0x85;
const TAG_STRING = 0x86;
const TAG_STRING_AGAIN = 0x87;
const TAG_BYTES = 0x88;
const TAG_LIST = 0x89;
const TAG_END = 0x8a;
const TAG_STRING_SHORT = 0x90;
const SHORT_PLACES = 0x100 - TAG_STRING_SHORT;

/** With the `u` flag a surrogate pair is one character, so only a lone surrogate matches. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const BUFFER_BYTES = 1 << 16;
/** A value takes less than this, not counting its bytes or text. */
const ROOM_MIN = 32;
/** Deeper nesting is a mistake, or a cycle. */
const DEPTH_MAX = 16;

/** The buffer of the latest finished encoder, for the next one: a run then allocates none. */
let spare: Buffer | undefined;

/** A u64 as two halves, which is cheaper than a `DataView`. The lower half stands first on most machines. */
const WORD = new BigUint64Array(1);
const HALVES = new Uint32Array(WORD.buffer);
WORD[0] = 1n;
const LOW = HALVES[0] === 1 ? 0 : 1;

let encoders = 0;

export class TraceEncoder {
  /** Tells this encoder from others, which number strings differently. */
  readonly id = ++encoders;
  readonly #hash: Hash = createHash('sha256');
  readonly #places = new Map<string, number>();
  readonly #onGrowth: (bytes: number) => void;
  #buffer: Buffer = takeBuffer();
  #at = 0;
  /** Chunks that were taken out of the buffer. */
  #hashed = 0;

  /** `onGrowth` is told the number of bytes so far whenever the buffer is full. */
  constructor(onGrowth: (bytes: number) => void = () => {}) {
    this.#onGrowth = onGrowth;
  }

  /** Writes any value. Throws `UnfitValueError` for what a trace cannot hold. */
  value(value: unknown): void {
    this.#value(value, 0);
  }

  /** Writes a number. Throws `UnfitValueError` unless it is a safe integer. */
  number(value: number): void {
    if (this.#at + ROOM_MIN > BUFFER_BYTES) this.#flush();
    if (value >= 0 && value < 0x80 && value === (value | 0)) this.#buffer[this.#at++] = value;
    else this.#largeNumber(value);
  }

  /** Writes a string, and returns its place. */
  string(value: string): number {
    if (this.#at + ROOM_MIN > BUFFER_BYTES) this.#flush();
    const place = this.#places.get(value);
    if (place === undefined) return this.#newString(value);
    this.#seenString(place);
    return place;
  }

  /** Writes a string by its place. */
  seen(place: number): void {
    if (this.#at + ROOM_MIN > BUFFER_BYTES) this.#flush();
    this.#seenString(place);
  }

  /** The sha256 of everything, in hex. Nothing may follow. */
  finish(finalState: readonly TraceValue[]): string {
    if (this.#at + ROOM_MIN > BUFFER_BYTES) this.#flush();
    this.#buffer[this.#at++] = TAG_END;
    this.#value(finalState, 0);
    this.#flush();
    spare = this.#buffer;
    this.#buffer = NO_BUFFER;
    return this.#hash.digest('hex');
  }

  #value(value: unknown, depth: number): void {
    if (this.#at + ROOM_MIN > BUFFER_BYTES) this.#flush();
    const buffer = this.#buffer;
    if (typeof value === 'number') {
      this.number(value);
    } else if (typeof value === 'string') {
      this.string(value);
    } else if (typeof value === 'bigint') {
      if (BigInt.asUintN(64, value) !== value) throw new UnfitValueError(`the bigint ${value} is not a u64`);
      this.#u64(value);
    } else if (value === null) {
      buffer[this.#at++] = TAG_NULL;
    } else if (value === true) {
      buffer[this.#at++] = TAG_TRUE;
    } else if (value === false) {
      buffer[this.#at++] = TAG_FALSE;
    } else if (value instanceof Uint8Array) {
      this.#tagged(TAG_BYTES, value.length);
      this.#bytes(value);
    } else if (Array.isArray(value)) {
      this.#list(value, depth);
    } else {
      throw new UnfitValueError(
        `${typeof value === 'object' ? 'an object' : `a value of type ${typeof value}`} may not`,
      );
    }
  }

  #u64(value: bigint): void {
    const buffer = this.#buffer;
    const at = this.#at;
    WORD[0] = value;
    const low = HALVES[LOW] ?? 0;
    const high = HALVES[1 - LOW] ?? 0;
    buffer[at] = TAG_BIGINT;
    buffer[at + 1] = low;
    buffer[at + 2] = low >>> 8;
    buffer[at + 3] = low >>> 16;
    buffer[at + 4] = low >>> 24;
    buffer[at + 5] = high;
    buffer[at + 6] = high >>> 8;
    buffer[at + 7] = high >>> 16;
    buffer[at + 8] = high >>> 24;
    this.#at = at + 9;
  }

  #largeNumber(value: number): void {
    if (!Number.isSafeInteger(value)) throw new UnfitValueError(`the number ${value} is not a safe integer`);
    if (value < 0) this.#tagged(TAG_NEGATIVE, -1 - value);
    else this.#tagged(TAG_POSITIVE, value);
  }

  #list(values: readonly unknown[], depth: number): void {
    if (depth >= DEPTH_MAX) throw new UnfitValueError(`lists nest deeper than ${DEPTH_MAX}`);
    this.#tagged(TAG_LIST, values.length);
    for (let i = 0; i < values.length; i++) this.#value(values[i], depth + 1);
  }

  #seenString(place: number): void {
    if (place < SHORT_PLACES) this.#buffer[this.#at++] = TAG_STRING_SHORT + place;
    else this.#tagged(TAG_STRING_AGAIN, place);
  }

  #newString(value: string): number {
    const { length } = value;
    const place = this.#places.size;
    // A UTF-16 unit takes at most three bytes, so a string that surely fits need not be measured first.
    if (length < SHORT_PLACES && this.#at + ROOM_MIN + 3 * length <= BUFFER_BYTES) {
      const buffer = this.#buffer;
      const at = this.#at;
      let i = 0;
      for (; i < length; i++) {
        const unit = value.charCodeAt(i);
        if (unit > 0x7f) break;
        buffer[at + 2 + i] = unit;
      }
      if (i === length) {
        // Most strings are ASCII and have no surrogates to look for.
        this.#places.set(value, place);
        buffer[at] = TAG_STRING;
        buffer[at + 1] = length;
        this.#at = at + 2 + length;
        return place;
      }
    }
    if (LONE_SURROGATE.test(value)) throw new UnfitValueError('a string has a lone surrogate');
    this.#places.set(value, place);
    const bytes = Buffer.from(value, 'utf8');
    this.#tagged(TAG_STRING, bytes.length);
    this.#bytes(bytes);
    return place;
  }

  #tagged(tag: number, value: number): void {
    const buffer = this.#buffer;
    let at = this.#at;
    buffer[at++] = tag;
    let rest = value;
    while (rest > 0x7fffffff) {
      buffer[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest > 0x7f) {
      buffer[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    buffer[at++] = rest;
    this.#at = at;
  }

  #bytes(bytes: Uint8Array): void {
    if (this.#at + bytes.length > BUFFER_BYTES) {
      this.#flush();
      if (bytes.length > BUFFER_BYTES) {
        this.#hashBytes(bytes);
        return;
      }
    }
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #flush(): void {
    if (this.#at > 0) this.#hashBytes(this.#buffer.subarray(0, this.#at));
    this.#at = 0;
  }

  #hashBytes(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#hashed += bytes.length;
    this.#onGrowth(this.#hashed);
  }
}

const NO_BUFFER = Buffer.alloc(0);

function takeBuffer(): Buffer {
  const buffer = spare ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
  spare = undefined;
  return buffer;
}
