import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { decodeAllocation } from './decode-allocation.ts';

function probed(length: number, largestBytes: number): string | undefined {
  const mesh = new FakeMesh();
  const checker = mesh.checker(decodeAllocation);
  const bytes = new Uint8Array(length);
  const probe = { kind: 'probe', ...mesh.node(1).at, codec: 'postcard', reader: 1, bytes } as const;
  mesh.emit({ ...probe, outcome: 'malformed', decoded: null, largestBytes });
  return checker.found?.message;
}

describe('decode-allocation', () => {
  it('holds while a decoder asks for what the bytes can hold', () => {
    for (const [length, largestBytes] of [
      [0, 0],
      [0, 8192],
      [10, 8232],
      [100_000, 400_000],
    ] as const) {
      expect(probed(length, largestBytes)).toBeUndefined();
    }
  });

  it('fires when it asks for more, refused or not', () => {
    expect(probed(2, 8201)).toBe(
      'expected the postcard decoder to allocate at most 8200 bytes at once for 2 bytes, 0000, found that it asked for 8201',
    );
    expect(probed(30, 2 ** 31)).toContain('found that it asked for 2147483648');
  });
});
