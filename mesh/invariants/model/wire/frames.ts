/**
 * The frames of a chain log as the specification lays them out (docs/specification/forms.md), read and written apart
 * from the code that is judged: seq (8 bytes), length of the payload (4), payload, CRC-32 over all of that (4), numbers
 * little-endian; the first frame is the header, of seq 0, which names codec and chain.
 */
import { crc32Of } from './crc32.ts';

const LENGTH_AT = 8;
const PAYLOAD_AT = 12;
const CRC_BYTES = 4;
export const FRAME_EXTRA_BYTES = PAYLOAD_AT + CRC_BYTES;

/** The frame that the specification asks for. */
export function frameOf(seq: bigint, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(FRAME_EXTRA_BYTES + payload.length);
  const crcAt = PAYLOAD_AT + payload.length;
  for (let i = 0; i < LENGTH_AT; i++) frame[i] = Number((seq >> BigInt(8 * i)) & 0xffn);
  writeWord(frame, LENGTH_AT, payload.length);
  frame.set(payload, PAYLOAD_AT);
  writeWord(frame, crcAt, crc32Of(frame, 0, crcAt));
  return frame;
}

/** What is wrong with the frame that ends at `end` of a file and should hold this entry; null if nothing is. */
export function frameFlaw(file: Uint8Array, end: number, seq: number, payload: Uint8Array): string | null {
  const from = end - FRAME_EXTRA_BYTES - payload.length;
  if (from < 0 || end > file.length) {
    return `expected a frame of ${FRAME_EXTRA_BYTES + payload.length} bytes, found ${end} bytes in the file in all`;
  }
  const foundSeq = word(file, from) + word(file, from + 4) * 0x1_0000_0000;
  if (foundSeq !== seq) return `expected the seq ${seq} in the first 8 bytes, found ${foundSeq}`;
  const length = word(file, from + LENGTH_AT);
  if (length !== payload.length) return `expected the length ${payload.length} after the seq, found ${length}`;
  for (let i = 0; i < payload.length; i++) {
    if (file[from + PAYLOAD_AT + i] !== payload[i]) return `expected the encoded record, found another byte ${i}`;
  }
  const crcAt = end - CRC_BYTES;
  const expected = crc32Of(file, from, crcAt);
  const found = word(file, crcAt);
  return found === expected ? null : `expected the CRC-32 ${inHex(expected)}, found ${inHex(found)}`;
}

/** The header of the log that holds this chain. */
export function headerOf(chain: number, codec: 'msgpack' | 'postcard'): Uint8Array {
  return frameOf(0n, new TextEncoder().encode(`mesh-chain-log 1 ${codec} ${chain}\n`));
}

interface Whole {
  /** Header included. */
  readonly frames: number;
  /** Where the last of them ends. */
  readonly end: number;
}

/** The whole frames at the beginning of a file that nothing but a cut has damaged. */
export function wholeFrames(file: Uint8Array): Whole {
  let frames = 0;
  let end = 0;
  while (end + FRAME_EXTRA_BYTES <= file.length) {
    const next = end + FRAME_EXTRA_BYTES + word(file, end + LENGTH_AT);
    if (next > file.length) break;
    end = next;
    frames++;
  }
  return { frames, end };
}

function inHex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function word(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >>> (8 * i);
}
