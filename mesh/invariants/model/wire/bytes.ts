/** Byte strings: equality, and a reader that knows where it stands and never reads past the end. */

/** Up to this length a loop is faster than a call into the host, which takes as long as some forty rounds. */
const LOOP_BYTES_MAX = 40;

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  if (a.length > LOOP_BYTES_MAX) return Buffer.compare(a, b) === 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Room for copies of byte strings, one after another: an array of its own for each costs more than the copying. */
export class Room {
  private block = new Uint8Array(BLOCK_BYTES);
  private used = 0;

  /** A copy of the bytes. */
  keep(bytes: Uint8Array): Uint8Array {
    if (this.used + bytes.length > this.block.length) {
      this.block = new Uint8Array(Math.max(bytes.length, BLOCK_BYTES));
      this.used = 0;
    }
    const from = this.used;
    this.block.set(bytes, from);
    this.used += bytes.length;
    return this.block.subarray(from, this.used);
  }
}

const BLOCK_BYTES = 16_384;

/** Thrown and caught inside the judge's readers only, hence no Error: nobody reads the stack that one would take down. */
export class Unreadable {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** Two of the reasons why bytes are not read, which the readers share. */
export const ENDS_EARLY = 'the bytes end early';
export const NO_UTF8 = 'a text is no UTF-8';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ByteReader {
  private readonly bytes: Uint8Array;
  private offset: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  get left(): number {
    return this.bytes.length - this.offset;
  }

  byte(): number {
    const byte = this.bytes[this.offset];
    if (byte === undefined) throw new Unreadable(ENDS_EARLY);
    this.offset++;
    return byte;
  }

  /** Big-endian, up to 8 bytes. */
  unsigned(width: number): bigint {
    let high = 0;
    let low = 0;
    for (let i = 0; i < width; i++) {
      if (width - i > 4) high = high * 256 + this.byte();
      else low = low * 256 + this.byte();
    }
    return joined(high, low);
  }

  /** Big-endian in two's complement, but for what is below 0. */
  notNegative(width: number): bigint {
    if ((this.bytes[this.offset] ?? 0) >= 0x80) throw new Unreadable('a number below 0');
    return this.unsigned(width);
  }

  text(length: number): string {
    if (length > this.left) throw new Unreadable(ENDS_EARLY);
    const from = this.offset;
    const to = from + length;
    this.offset = to;
    // A few of the bytes are enough to tell most texts apart; whether it is the same one is seen below.
    const step = (length >> 3) + 1;
    let hash = length;
    for (let i = to - 1; i >= from; i -= step) hash = (Math.imul(hash, 31) + (this.bytes[i] ?? 0)) | 0;
    const slot = hash & (SLOTS - 1);
    const known = texts[slot];
    if (known !== undefined && this.stands(known.bytes, from, length)) return known.text;
    const bytes = this.bytes.slice(from, to);
    const text = decode(bytes);
    texts[slot] = { bytes, text };
    return text;
  }

  private stands(bytes: Uint8Array, from: number, length: number): boolean {
    if (bytes.length !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[i] !== this.bytes[from + i]) return false;
    return true;
  }
}

const SLOTS = 1024;

/**
 * Texts read before, each in the slot that a hash of its bytes gives: kinds, field names and most reasons come again with
 * every record. A text that comes later takes the slot.
 */
const texts: ({ readonly bytes: Uint8Array; readonly text: string } | undefined)[] = Array.from(
  { length: SLOTS },
  () => undefined,
);

const word = new DataView(new ArrayBuffer(8));

/** The number of two halves of 32 bits each. Arithmetic with bigints would make three of them on the way. */
export function joined(high: number, low: number): bigint {
  if (high === 0 && low <= 0x3fff_ffff) return BigInt(low);
  word.setUint32(0, high);
  word.setUint32(4, low);
  return word.getBigUint64(0);
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Unreadable(NO_UTF8);
  }
}
