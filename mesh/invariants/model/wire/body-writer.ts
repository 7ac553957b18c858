/**
 * What the judge writes bodies into, to compare them with those it was shown: the room is kept from one body to the next,
 * because a body is written for a good part of all records and made for nothing but the comparison.
 */

/** Up to this length a loop is faster than a call into the host. */
const LOOP_MAX = 64;
const ROOM_BYTES = 1024;

const encoder = new TextEncoder();

export class BodyWriter {
  private room = new Uint8Array(ROOM_BYTES);
  private view = new DataView(this.room.buffer);
  private at = 0;

  /** Begins another body. */
  begin(): void {
    this.at = 0;
  }

  byte(byte: number): void {
    this.reserve(1);
    this.room[this.at++] = byte;
  }

  bytes(bytes: readonly number[]): void {
    this.reserve(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.room[this.at++] = bytes[i] ?? 0;
  }

  /** Eight bytes, big-endian. */
  u64(value: bigint): void {
    this.reserve(8);
    this.view.setBigUint64(this.at, value);
    this.at += 8;
  }

  /** A text of so many bytes of UTF-8. */
  text(value: string, length: number): void {
    this.reserve(length);
    if (length === value.length && length <= LOOP_MAX) {
      for (let i = 0; i < length; i++) this.room[this.at + i] = value.charCodeAt(i);
    } else {
      encoder.encodeInto(value, this.room.subarray(this.at, this.at + length));
    }
    this.at += length;
  }

  /** Whether the bytes from `offset` on are the body. */
  is(bytes: Uint8Array, offset: number): boolean {
    if (bytes.length - offset !== this.at) return false;
    if (this.at > LOOP_MAX) return Buffer.compare(this.room.subarray(0, this.at), bytes.subarray(offset)) === 0;
    for (let i = 0; i < this.at; i++) if (this.room[i] !== bytes[offset + i]) return false;
    return true;
  }

  /** The body, as bytes of its own. */
  copy(): Uint8Array {
    return this.room.slice(0, this.at);
  }

  private reserve(bytes: number): void {
    const needed = this.at + bytes;
    if (needed <= this.room.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.room.length));
    grown.set(this.room);
    this.room = grown;
    this.view = new DataView(grown.buffer);
  }
}

/** How many bytes of UTF-8 a text has; a lone surrogate counts as the U+FFFD that is written for it. */
export function utf8Length(value: string): number {
  if (value.length > LOOP_MAX) return Buffer.byteLength(value);
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0x7f) return Buffer.byteLength(value);
  return value.length;
}
