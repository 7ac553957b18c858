/** Byte strings: equality, and a reader that knows where it stands and never reads past the end. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Thrown and caught inside the judge's readers only. */
export class Unreadable extends Error {}

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
    if (byte === undefined) throw new Unreadable('the bytes end early');
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
    return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
  }

  text(length: number): string {
    if (length > this.left) throw new Unreadable('a text is longer than what is left');
    const from = this.offset;
    const to = from + length;
    this.offset = to;
    for (let i = from; i < to; i++) {
      if ((this.bytes[i] ?? 0) >= 0x80) return this.decode(from, to);
    }
    return length <= 256 ? String.fromCharCode(...this.bytes.subarray(from, to)) : this.decode(from, to);
  }

  private decode(from: number, to: number): string {
    try {
      return utf8.decode(this.bytes.subarray(from, to));
    } catch {
      throw new Unreadable('a text is no UTF-8');
    }
  }
}
