import { describe, expect, it } from 'vitest';
import { bodyCodec, RecordDecoder, RecordEncoder } from '../../src/chain/wire.ts';
import { largestAllocation } from './allocations.ts';
import { claimed, flawed } from './claims.ts';

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

describe('bytes with one flaw', () => {
  const record = { id: 1n, kind: 'k', emittedAtMs: 2n, disposition: { type: 'dispatched' } } as const;

  it('are each refused by the decoder of their codec, for a reason of their own', () => {
    for (const [codec, flaws] of [
      ['msgpack', 2],
      ['postcard', 6],
    ] as const) {
      const encoded = new RecordEncoder(bodyCodec(codec), 1).encode(record);
      if (!encoded.ok) throw encoded.error;
      const reasons = new Set<string>();
      for (let nth = 0; nth < flaws; nth += 1) {
        const decoded = new RecordDecoder(bodyCodec(codec), 1).decode(flawed(codec, 1, encoded.value, () => nth));
        if (decoded.ok || decoded.error.kind !== 'malformed') throw new Error('expected it to be malformed');
        reasons.add(decoded.error.reason);
      }
      // Two of postcard's are texts that are no UTF-8, and two a wrong tag or variant.
      expect(reasons.size).toBeGreaterThanOrEqual(codec === 'msgpack' ? 2 : 4);
    }
  });
});
