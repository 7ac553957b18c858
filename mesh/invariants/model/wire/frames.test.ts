import { describe, expect, it } from 'vitest';
import { frameFlaw, frameOf, headerOf, wholeFrames } from './frames.ts';

const payload = new TextEncoder().encode('an entry');

/** A file of some bytes and the frame behind them. */
function fileWith(frame: Uint8Array): Uint8Array {
  return Uint8Array.of(1, 2, 3, ...frame);
}

function flawOf(change: (frame: Uint8Array) => void): string | null {
  const frame = frameOf(0x1_0000_0005n, payload);
  change(frame);
  const file = fileWith(frame);
  return frameFlaw(file, file.length, 0x1_0000_0005, payload);
}

describe("the judge's frames", () => {
  it('are laid out as the specification says, little-endian, the checksum last', () => {
    expect(Buffer.from(frameOf(0x0102n, Uint8Array.of(0xab))).toString('hex')).toBe(
      '020100000000000001000000ab76ece988',
    );
  });

  it('are found right where nothing is wrong', () => {
    expect(flawOf(() => {})).toBeNull();
  });

  it('are told from those with another seq, length, payload or checksum', () => {
    expect(
      flawOf((frame) => {
        frame[0] = 6;
      }),
    ).toBe('expected the seq 4294967301 in the first 8 bytes, found 4294967302');
    expect(
      flawOf((frame) => {
        frame[8] = 9;
      }),
    ).toBe('expected the length 8 after the seq, found 9');
    expect(
      flawOf((frame) => {
        frame[13] = 0;
      }),
    ).toBe('expected the encoded record, found another byte 1');
    expect(
      flawOf((frame) => {
        frame.fill(0, frame.length - 4);
      }),
    ).toMatch(/^expected the CRC-32 [0-9a-f]{8}, found 00000000$/);
  });

  it('are missed where the file is too short for one', () => {
    expect(frameFlaw(payload, payload.length, 1, payload)).toBe(
      'expected a frame of 24 bytes, found 8 bytes in the file in all',
    );
  });

  it('begin with a header that names layout, codec and chain in plain text', () => {
    const header = headerOf(3, 'postcard');
    expect(new TextDecoder().decode(header.subarray(12, -4))).toBe('mesh-chain-log 1 postcard 3\n');
    expect(frameFlaw(header, header.length, 0, header.slice(12, -4))).toBeNull();
  });

  it('are counted while they are whole, at every cut', () => {
    const one = frameOf(1n, payload);
    const two = frameOf(2n, Uint8Array.of(7));
    const file = Uint8Array.of(...one, ...two);
    for (let cut = 0; cut <= file.length; cut++) {
      const expected =
        cut < one.length
          ? { frames: 0, end: 0 }
          : cut < file.length
            ? { frames: 1, end: one.length }
            : { frames: 2, end: file.length };
      expect(wholeFrames(file.subarray(0, cut))).toEqual(expected);
    }
  });
});
