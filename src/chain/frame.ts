/**
 * The frames a chain log is made of, in its store and between nodes alike: seq (8 bytes), length of the payload (4), the
 * payload, and a CRC-32 (4) over all that stands before it; numbers are little-endian. The checksum stands last because
 * only then is every burst of up to 32 damaged bits found for certain. A log's first frame has seq 0 and names the chain.
 *
 * A frame is built once and then shared, never copied, by the log, its store, the network and every replica: nobody
 * writes to one. Inside this folder a seq is a plain number wherever it counts entries, for a log that fits in memory
 * never gets to 2^53; a frame that says more is damaged.
 */
import { crc32 } from './crc32.ts';
import type { CodecName } from './wire-codec.ts';

const LENGTH_AT = 8;
const PAYLOAD_AT = 12;
const CRC_BYTES = 4;
/** How much longer a frame is than its payload. */
export const FRAME_OVERHEAD_BYTES = PAYLOAD_AT + CRC_BYTES;
/** A log takes no payload above this, and takes a length above it for damage. */
export const PAYLOAD_BYTES_MAX = 16 * 1024 * 1024;

const TWO_32 = 0x1_0000_0000;
/** High words from here on belong to seqs above 2^53 - 1. */
const HIGH_WORD_LIMIT = 0x20_0000;

/** The frame of `payload` as entry `seq`. The payload is copied. */
export function encodeFrame(seq: number, payload: Uint8Array): Uint8Array {
  // Carved out of a pool: a small buffer of its own costs several times as much.
  const frame = Buffer.allocUnsafe(FRAME_OVERHEAD_BYTES + payload.length);
  const crcAt = PAYLOAD_AT + payload.length;
  writeWord(frame, 0, seq);
  writeWord(frame, 4, Math.floor(seq / TWO_32));
  writeWord(frame, LENGTH_AT, payload.length);
  frame.set(payload, PAYLOAD_AT);
  writeWord(frame, crcAt, crc32(frame, crcAt));
  return frame;
}

/** The seq that a frame gives for itself; says nothing about damage. 0 where it gives none. */
export function frameSeq(frame: Uint8Array): bigint {
  return BigInt(Math.max(0, seqNumber(frame)));
}

/** The same as a number, or -1 if the bytes are too short for a frame or the seq is too large for a log. */
export function seqNumber(bytes: Uint8Array): number {
  if (bytes.length < FRAME_OVERHEAD_BYTES) return -1;
  const high = readWord(bytes, 4);
  return high < HIGH_WORD_LIMIT ? high * TWO_32 + readWord(bytes, 0) : -1;
}

/** Whether `bytes` are one whole frame whose length and checksum agree with its content. */
export function isIntactFrame(bytes: Uint8Array): boolean {
  const crcAt = bytes.length - CRC_BYTES;
  return (
    crcAt >= PAYLOAD_AT &&
    readWord(bytes, LENGTH_AT) === crcAt - PAYLOAD_AT &&
    readWord(bytes, crcAt) === crc32(bytes, crcAt) &&
    seqNumber(bytes) !== -1
  );
}

/** The payload of a frame, as a view. */
export function framePayload(frame: Uint8Array): Uint8Array {
  return frame.subarray(PAYLOAD_AT, frame.length - CRC_BYTES);
}

/** The intact frame that begins at `at`, as a view, or null. */
export function frameAt(bytes: Uint8Array, at: number): Uint8Array | null {
  if (at + FRAME_OVERHEAD_BYTES > bytes.length) return null;
  const length = readWord(bytes, at + LENGTH_AT);
  const end = at + FRAME_OVERHEAD_BYTES + length;
  if (length > PAYLOAD_BYTES_MAX || end > bytes.length) return null;
  const frame = bytes.subarray(at, end);
  return isIntactFrame(frame) ? frame : null;
}

/** What a scan found. */
export interface Scan {
  /** Views of the intact frames whose seqs follow one another. */
  readonly frames: Uint8Array[];
  /** Where the first byte stands that belongs to none of them. */
  readonly end: number;
}

/** Reads frames from `start` on, the first of them entry `firstSeq`, up to the first that is torn or damaged. */
export function scanFrames(bytes: Uint8Array, start: number, firstSeq: number): Scan {
  const frames: Uint8Array[] = [];
  let at = start;
  for (;;) {
    const frame = frameAt(bytes, at);
    if (frame === null || seqNumber(frame) !== firstSeq + frames.length) return { frames, end: at };
    frames.push(frame);
    at += frame.length;
  }
}

/** What a log's header names: whose chain it is and which codec its records are written in. */
export interface ChainIdentity {
  /** Id of the node that writes the chain. */
  readonly chain: bigint;
  readonly codec: CodecName;
}

/** The magic words tell a log from any other file; the 1 is the version of this layout. */
const HEADER_TEXT = /^mesh-chain-log 1 (msgpack|postcard) (\d{1,20})\n$/;

/** The header frame: seq 0, and the identity in readable text, so that a log can be told from its first bytes. */
export function encodeHeader(identity: ChainIdentity): Uint8Array {
  return encodeFrame(0, Buffer.from(`mesh-chain-log 1 ${identity.codec} ${identity.chain}\n`, 'latin1'));
}

/** What an intact frame says as a header, or null if it is none of this layout. */
export function decodeHeader(frame: Uint8Array): ChainIdentity | null {
  if (seqNumber(frame) !== 0) return null;
  const payload = framePayload(frame);
  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('latin1');
  const [, codec, chain] = HEADER_TEXT.exec(text) ?? [];
  if ((codec !== 'msgpack' && codec !== 'postcard') || chain === undefined) return null;
  return { codec, chain: BigInt(chain) };
}

function readWord(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0
  );
}

/** Writes the lower 32 bits of a whole number. */
function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
