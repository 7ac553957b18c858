import { describe, expect, it } from 'vitest';
import { bodyCodec, RecordDecoder } from '../../src/chain/wire.ts';
import { largestAllocation } from './allocations.ts';
import { claimed } from './claims.ts';

/** Every claim that can be drawn, with two tails. */
function all(codec: 'msgpack' | 'postcard'): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < (codec === 'msgpack' ? 8 : 3); at++) {
    for (let length = 0; length < 4; length++) {
      for (const bits of [0, 15]) found.push(claimed(codec, 1, (what) => ({ at, length, bits })[what]));
    }
  }
  return found;
}

describe('bytes that claim more than they have', () => {
  it('are few, each another, and of the version that was asked for', () => {
    for (const codec of ['msgpack', 'postcard'] as const) {
      const claims = all(codec);
      expect(new Set(claims.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(claims.length);
      for (const bytes of claims) {
        expect(bytes[0]).toBe(1);
        expect(bytes.length).toBeLessThan(64);
      }
    }
  });

  it('are refused by both decoders, which allocate next to nothing for them', () => {
    for (const codec of ['msgpack', 'postcard'] as const) {
      const decoder = new RecordDecoder(bodyCodec(codec), 1);
      for (const bytes of all(codec)) {
        let refused = false;
        const largestBytes = largestAllocation(() => {
          refused = !decoder.decode(bytes).ok;
        });
        expect([codec, refused]).toEqual([codec, true]);
        expect(largestBytes).toBeLessThan(1024);
      }
    }
  });
});
