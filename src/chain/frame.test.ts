import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  decodeHeader,
  encodeFrame,
  encodeHeader,
  FRAME_OVERHEAD_BYTES,
  frameAt,
  framePayload,
  frameSeq,
  isIntactFrame,
  PAYLOAD_BYTES_MAX,
  scanFrames,
  seqNumber,
} from './frame.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const concat = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('a frame', () => {
  it('is seq, length, payload and the CRC-32 of all three, little-endian', () => {
    const frame = encodeFrame(0x1_0203_0405, bytes(9, 8, 7));
    expect([...frame.subarray(0, 15)]).toEqual([5, 4, 3, 2, 1, 0, 0, 0, 3, 0, 0, 0, 9, 8, 7]);
    const checksum = new DataView(frame.buffer, frame.byteOffset + 15, 4).getUint32(0, true);
    expect(checksum).toBe(crc32(frame.subarray(0, 15)));
    expect(frame.length).toBe(3 + FRAME_OVERHEAD_BYTES);
  });

  it.each([0, 1, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER])('gives seq %d back', (seq) => {
    const frame = encodeFrame(seq, bytes(1, 2));
    expect(seqNumber(frame)).toBe(seq);
    expect(frameSeq(frame)).toBe(BigInt(seq));
    expect(isIntactFrame(frame)).toBe(true);
  });

  it('gives its payload back, an empty one too', () => {
    expect([...framePayload(encodeFrame(1, bytes(1, 2, 3)))]).toEqual([1, 2, 3]);
    expect(framePayload(encodeFrame(1, bytes())).length).toBe(0);
    expect(isIntactFrame(encodeFrame(1, bytes()))).toBe(true);
  });

  it('does not follow later changes of the payload it was built from', () => {
    const payload = bytes(1, 2, 3);
    const frame = encodeFrame(1, payload);
    payload[0] = 99;
    expect(isIntactFrame(frame)).toBe(true);
  });

  it('is damaged by the flip of any one bit', () => {
    const frame = encodeFrame(7, bytes(1, 2, 3, 4));
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const copy = Uint8Array.from(frame);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(isIntactFrame(copy), `bit ${bit}`).toBe(false);
    }
  });

  it('is damaged by a change anywhere in a long payload', () => {
    const frame = encodeFrame(7, new Uint8Array(70_000).fill(5));
    for (const at of [12, 1_023, 1_024, 3_000, 65_536, 70_011]) {
      expect(isIntactFrame(frame), `byte ${at}`).toBe(true);
      expect(isIntactFrame(Uint8Array.from(frame).with(at, 6)), `byte ${at}`).toBe(false);
    }
  });

  it('is damaged by every burst of up to 32 bits at any place', () => {
    const frame = encodeFrame(7, bytes(1, 2, 3, 4));
    for (let first = 0; first <= frame.length - 4; first += 1) {
      for (const burst of [0xffff_ffff, 0x8000_0001, 0x00ff_ff00, 0xdead_beef]) {
        const copy = Uint8Array.from(frame);
        for (let byte = 0; byte < 4; byte += 1) {
          copy[first + byte] = (copy[first + byte] ?? 0) ^ ((burst >>> (8 * byte)) & 0xff);
        }
        expect(isIntactFrame(copy)).toBe(false);
      }
    }
  });

  it('is damaged by truncation and by trailing bytes', () => {
    const frame = encodeFrame(7, bytes(1, 2, 3, 4));
    for (let length = 0; length < frame.length; length += 1) {
      expect(isIntactFrame(frame.subarray(0, length)), `${length} bytes`).toBe(false);
    }
    expect(isIntactFrame(concat(frame, bytes(0)))).toBe(false);
    expect(isIntactFrame(concat(frame, frame))).toBe(false);
  });

  it('with a seq above 2^53 - 1 counts as damaged, whatever its checksum says', () => {
    const frame = encodeFrame(Number.MAX_SAFE_INTEGER, bytes(1));
    frame[6] = 0x20;
    new DataView(frame.buffer, frame.byteOffset).setUint32(frame.length - 4, crc32(frame.subarray(0, -4)), true);
    expect(seqNumber(frame)).toBe(-1);
    expect(frameSeq(frame)).toBe(0n);
    expect(isIntactFrame(frame)).toBe(false);
  });
});

describe('bytes that are no frame', () => {
  /** Bytes with the right checksum at their end, whatever they say. */
  function checked(...values: number[]): Uint8Array {
    const frame = Uint8Array.of(...values, 0, 0, 0, 0);
    new DataView(frame.buffer).setUint32(frame.length - 4, crc32(frame.subarray(0, -4)), true);
    return frame;
  }

  it('are known by another length than they give, with the right checksum too', () => {
    expect(isIntactFrame(checked(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 7, 7))).toBe(true);
    for (const length of [0, 1, 3]) {
      expect(isIntactFrame(checked(1, 0, 0, 0, 0, 0, 0, 0, length, 0, 0, 0, 7, 7))).toBe(false);
    }
    expect(isIntactFrame(checked(1, 0, 0, 0))).toBe(false);
    expect(isIntactFrame(checked())).toBe(false);
  });

  it('give no seq if they are too short for a frame, or the first that is too large', () => {
    const short = encodeFrame(1, bytes()).subarray(0, FRAME_OVERHEAD_BYTES - 1);
    expect(seqNumber(short)).toBe(-1);
    expect(frameSeq(short)).toBe(0n);
    expect(frameSeq(checked(0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0))).toBe(0n);
    expect(frameSeq(checked(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0, 0, 0, 0))).toBe(2n ** 53n - 1n);
  });

  it('are those of which a log takes the length for damage', () => {
    const longest = encodeFrame(1, new Uint8Array(PAYLOAD_BYTES_MAX));
    expect(frameAt(longest, 0)).toHaveLength(longest.length);
    expect(frameAt(encodeFrame(1, new Uint8Array(PAYLOAD_BYTES_MAX + 1)), 0)).toBeNull();
  });
});

describe('a scan', () => {
  const first = encodeFrame(1, bytes(1));
  const second = encodeFrame(2, bytes(2, 2));
  const third = encodeFrame(3, bytes(3, 3, 3));

  it('finds all frames of intact bytes', () => {
    const scan = scanFrames(concat(first, second, third), 0, 1);
    expect(scan.frames.map((frame) => [...framePayload(frame)])).toEqual([[1], [2, 2], [3, 3, 3]]);
    expect(scan.end).toBe(first.length + second.length + third.length);
  });

  it('finds an empty payload at the very end', () => {
    expect(scanFrames(concat(first, encodeFrame(2, bytes())), 0, 1).frames.length).toBe(2);
  });

  it('stops at a torn frame, wherever it is torn', () => {
    const whole = concat(first, second);
    for (let length = first.length; length < whole.length; length += 1) {
      const scan = scanFrames(whole.subarray(0, length), 0, 1);
      expect(scan.frames.length).toBe(1);
      expect(scan.end).toBe(first.length);
    }
  });

  it('stops at a damaged frame and gives none of what stands behind it', () => {
    const damaged = Uint8Array.from(second);
    damaged[13] = 77;
    const scan = scanFrames(concat(first, damaged, third), 0, 1);
    expect(scan.frames.length).toBe(1);
    expect(scan.end).toBe(first.length);
  });

  it('stops where the seqs do not follow one another', () => {
    expect(scanFrames(concat(first, third), 0, 1).frames.length).toBe(1);
    expect(scanFrames(concat(second, third), 0, 1).frames.length).toBe(0);
  });

  it('does not believe a length that reaches past the end', () => {
    const frame = Uint8Array.from(first);
    frame.set([0xff, 0xff, 0xff, 0xff], 8);
    expect(frameAt(frame, 0)).toBeNull();
  });
});

describe('the header', () => {
  it('names chain and codec', () => {
    const identity = { chain: 18446744073709551615n, codec: 'postcard' } as const;
    const header = encodeHeader(identity);
    expect(isIntactFrame(header)).toBe(true);
    expect(decodeHeader(header)).toEqual(identity);
  });

  it('is not taken from an entry, nor from other text', () => {
    expect(decodeHeader(encodeFrame(1, framePayload(encodeHeader({ chain: 1n, codec: 'msgpack' }))))).toBeNull();
    expect(decodeHeader(encodeFrame(0, Buffer.from('mesh-chain-log 2 msgpack 1\n')))).toBeNull();
    expect(decodeHeader(encodeFrame(0, Buffer.from('mesh-chain-log 1 gzip 1\n')))).toBeNull();
    for (const text of [
      ' mesh-chain-log 1 msgpack 1\n',
      'mesh-chain-log 1 msgpack 1\nmore',
      'mesh-chain-log 1 msgpack x\n',
    ]) {
      expect(decodeHeader(encodeFrame(0, Buffer.from(text)))).toBeNull();
    }
  });
});
