/**
 * Reads the texts of records: strict UTF-8, byte order marks kept. Kinds and most reasons come again with every record and
 * on every node, so the short ones are remembered by their bytes; to compare those costs far less than to decode them.
 */

/** A power of two. */
const SLOTS = 512;
/** Longer texts are not remembered. */
const SLOT_BYTES = 64;

/** What was read last in each slot: the text, its bytes and how many there are. */
const texts = new Array<string>(SLOTS).fill('');
const forms = Buffer.alloc(SLOTS * SLOT_BYTES);
const lengths = new Uint8Array(SLOTS);

/** Strict, and keeping byte order marks, like Rust's `from_utf8`. */
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text in `length` bytes from `start` on, all of which there are; null if they are not UTF-8. */
export function readText(bytes: Uint8Array, start: number, length: number): string | null {
  if (length > SLOT_BYTES) return decode(bytes, start, length);
  let hash = length;
  for (let i = start; i < start + length; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const known = texts[slot];
  if (known !== undefined && stands(slot, bytes, start, length)) return known;
  const text = decode(bytes, start, length);
  if (text === null) return null;
  texts[slot] = text;
  lengths[slot] = length;
  for (let i = 0; i < length; i++) forms[slot * SLOT_BYTES + i] = bytes[start + i] ?? 0;
  return text;
}

/** Whether the bytes are those of the text in the slot. */
function stands(slot: number, bytes: Uint8Array, start: number, length: number): boolean {
  if (lengths[slot] !== length) return false;
  const from = slot * SLOT_BYTES;
  for (let i = 0; i < length; i++) if (forms[from + i] !== bytes[start + i]) return false;
  return true;
}

function decode(bytes: Uint8Array, start: number, length: number): string | null {
  let all = 0;
  for (let i = start; i < start + length; i++) all |= bytes[i] ?? 0;
  // Most are ASCII, which is spared the strict decoder.
  if (all < 0x80) return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1');
  try {
    return utf8Decoder.decode(bytes.subarray(start, start + length));
  } catch {
    return null;
  }
}
