/**
 * CRC-32 as the specification means it, computed apart from the code that is judged: the reflected polynomial of ISO-HDLC
 * (zlib, Ethernet), begun at all ones, inverted at the end. Four bytes a round, because every entry that is appended is
 * summed once.
 */

const POLYNOMIAL = 0xedb8_8320;

/** What `rounds` zero bytes after each byte make of it, in turn: 256 words for 0 rounds, 256 for 1, and so on up to 3. */
const TABLE = new Uint32Array(4 * 256);
for (let byte = 0; byte < 256; byte++) {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = (word & 1) === 0 ? word >>> 1 : (word >>> 1) ^ POLYNOMIAL;
  TABLE[byte] = word;
}
for (let at = 256; at < TABLE.length; at++) {
  const before = wordAt(at - 256);
  TABLE[at] = (before >>> 8) ^ wordAt(before & 0xff);
}

function wordAt(at: number): number {
  return TABLE[at] ?? 0;
}

/** The sum of `bytes` from `from` up to `to`. */
export function crc32Of(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffff_ffff;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word =
      crc ^
      ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24));
    crc =
      wordAt(768 + (word & 0xff)) ^
      wordAt(512 + ((word >>> 8) & 0xff)) ^
      wordAt(256 + ((word >>> 16) & 0xff)) ^
      wordAt(word >>> 24);
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ wordAt((crc ^ (bytes[at] ?? 0)) & 0xff);
  return ~crc >>> 0;
}
