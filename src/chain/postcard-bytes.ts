/**
 * Postcard's primitives: varints, length-prefixed UTF-8 and option tags, written and read as the Rust crate
 * (postcard 1.1.3) does, leniencies included. The reader remembers its first error and reads zeros from then on, so
 * that a record is read straight through and asked once at the end. The error texts are the crate's, as recorded.
 */
import { readText } from './read-text.ts';

const END_OF_BUFFER = 'Hit the end of buffer, expected more data';
const BAD_VARINT = "Found a varint that didn't terminate. Is the usize too big for this platform?";
const BAD_UTF8 = 'Tried to parse invalid utf-8';
const BAD_OPTION = "Found an Option discriminant that wasn't 0 or 1";
const BAD_VARIANT = 'Serde Deserialization Error';

/** Longest varint of a u64; its last byte holds the one bit that is left. */
const U64_VARINT_BYTES = 10;
const U64_LAST_BYTE_MAX = 0x01;
/** Longest varint of a u32; its last byte holds the four bits that are left. */
const U32_VARINT_BYTES = 5;
const U32_LAST_BYTE_MAX = 0x0f;

const TWO_TO_28 = 0x1000_0000;
const TWO_TO_56 = 0x100_0000_0000_0000;

/** A writer's buffer starts this long; one that grew beyond `KEPT_BYTES_MAX` is let go after the record. */
const START_BYTES = 1024;
const KEPT_BYTES_MAX = 65536;

/** Splits bigints into halves and joins them: far cheaper than bigint arithmetic. */
const halves = new DataView(new ArrayBuffer(8));

const NO_BYTES: Uint8Array = new Uint8Array(0);

const utf8Encoder = new TextEncoder();

/** Writes into a buffer of its own, which each `restart` reuses. */
export class PostcardWriter {
  #bytes = new Uint8Array(START_BYTES);
  #at = 0;

  restart(): void {
    this.#at = 0;
    if (this.#bytes.length > KEPT_BYTES_MAX) this.#bytes = new Uint8Array(START_BYTES);
  }

  /** What was written since the last `restart`: a view, good until the next one. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** A variant index or an option tag: a number below 128, which is its own varint. */
  tag(value: number): void {
    this.#makeRoom(1);
    this.#bytes[this.#at++] = value;
  }

  u64(value: bigint): void {
    this.#makeRoom(U64_VARINT_BYTES);
    halves.setBigUint64(0, value);
    let high = halves.getUint32(0);
    let low = halves.getUint32(4);
    while (high !== 0) {
      this.#bytes[this.#at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#at = writeVarint(this.#bytes, this.#at, low);
  }

  option(value: bigint | null): void {
    if (value === null) {
      this.tag(0);
    } else {
      this.tag(1);
      this.u64(value);
    }
  }

  /** Well-formed text. Its length in bytes is known only afterwards: if that needs a longer varint, the text moves up. */
  text(value: string): void {
    this.#makeRoom(value.length * 3 + U32_VARINT_BYTES);
    const guess = varintLength(value.length);
    const start = this.#at + guess;
    const length = writeUtf8(this.#bytes, start, value) - start;
    const needed = varintLength(length);
    if (needed !== guess) this.#bytes.copyWithin(this.#at + needed, start, start + length);
    this.#at = writeVarint(this.#bytes, this.#at, length) + length;
  }

  #makeRoom(length: number): void {
    const needed = this.#at + length;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}

/** Bytes that the varint of a u32 takes. */
function varintLength(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest !== 0; rest >>>= 7) length += 1;
  return length;
}

/** Writes the varint of a u32 and gives the offset behind it. */
function writeVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** Writes well-formed text as UTF-8 and gives the offset behind it; most text is ASCII and needs no encoder. */
function writeUtf8(bytes: Uint8Array, start: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return start + i + utf8Encoder.encodeInto(text.slice(i), bytes.subarray(start + i)).written;
    bytes[start + i] = unit;
  }
  return start + text.length;
}

/** Reads bytes from an offset on; nothing it gives is of use unless `error` is null at the end. */
export class PostcardReader {
  /** The first error, in the crate's words. */
  error: string | null = null;
  #bytes = NO_BYTES;
  #at = 0;
  /** The last varint: its lower 28 bits, the 28 above them, and the rest. */
  #low = 0;
  #middle = 0;
  #high = 0;

  restart(bytes: Uint8Array, start: number): void {
    this.error = null;
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Lets go of the bytes. */
  release(): void {
    this.#bytes = NO_BYTES;
  }

  u64(): bigint {
    this.#varint(U64_VARINT_BYTES, U64_LAST_BYTE_MAX);
    halves.setUint32(0, (this.#middle >>> 4) | (this.#high << 24));
    halves.setUint32(4, this.#low | (this.#middle << 28));
    return halves.getBigUint64(0);
  }

  /** The index of one of `count` variants. */
  variant(count: number): number {
    this.#varint(U32_VARINT_BYTES, U32_LAST_BYTE_MAX);
    const index = this.#low + this.#middle * TWO_TO_28;
    if (index >= count) this.#fail(BAD_VARIANT);
    return index;
  }

  option(): bigint | null {
    const tag = this.#bytes[this.#at];
    if (tag === undefined || tag > 1) {
      this.#fail(tag === undefined ? END_OF_BUFFER : BAD_OPTION);
      return null;
    }
    this.#at += 1;
    return tag === 0 ? null : this.u64();
  }

  text(): string {
    this.#varint(U64_VARINT_BYTES, U64_LAST_BYTE_MAX);
    // Inexact above 2^53, where any number is more than there are bytes.
    const length = this.#low + this.#middle * TWO_TO_28 + this.#high * TWO_TO_56;
    const start = this.#at;
    if (length > this.#bytes.length - start) {
      this.#fail(END_OF_BUFFER);
      return '';
    }
    this.#at = start + length;
    const text = readText(this.#bytes, start, length);
    if (text !== null) return text;
    this.#fail(BAD_UTF8);
    return '';
  }

  #varint(bytesMax: number, lastByteMax: number): void {
    this.#low = 0;
    this.#middle = 0;
    this.#high = 0;
    for (let i = 0; i < bytesMax; i++) {
      const byte = this.#bytes[this.#at + i];
      if (byte === undefined) {
        this.#fail(END_OF_BUFFER);
        return;
      }
      const part = byte & 0x7f;
      if (i < 4) this.#low |= part << (7 * i);
      else if (i < 8) this.#middle |= part << (7 * (i - 4));
      else this.#high |= part << (7 * (i - 8));
      if (byte < 0x80) {
        this.#at += i + 1;
        if (i === bytesMax - 1 && byte > lastByteMax) this.#fail(BAD_VARINT);
        return;
      }
    }
    this.#fail(BAD_VARINT);
  }

  /** Keeps the first error and leaves nothing to read. */
  #fail(reason: string): void {
    this.error ??= reason;
    this.#bytes = NO_BYTES;
  }
}
