import { describe, expect, it } from 'vitest';
import { largestAllocation } from './allocations.ts';

describe('the watch over allocations', () => {
  it('tells the largest that a call asks for, however it asks', () => {
    for (const [call, bytes] of [
      [() => new Uint8Array(3000), 3000],
      [() => new Float64Array(1000), 8000],
      [() => new ArrayBuffer(5000), 5000],
      [() => Buffer.alloc(4000), 4000],
      [() => Buffer.allocUnsafe(7), 7],
      [() => Buffer.allocUnsafeSlow(9000), 9000],
      [() => new Array(500), 4000],
      [() => Array(500), 4000],
      [() => Array.from({ length: 600 }), 4800],
      [() => 'ab'.repeat(2000), 4000],
      [() => 'ab'.padEnd(3000), 3000],
      [() => [new Uint8Array(10), new Uint8Array(30), new Uint8Array(20)], 30],
      [() => [Uint8Array.of(1, 2), [1, 2, 3], 'text'], 2],
    ] as const) {
      expect([largestAllocation(call), String(call)]).toEqual([bytes, String(call)]);
    }
  });

  it('gives what the host would give, and leaves the host as it was', () => {
    const before = [Uint8Array, Array, Buffer.alloc, String.prototype.repeat];
    largestAllocation(() => {
      const bytes = new Uint8Array(Uint8Array.of(1, 2));
      expect([...bytes]).toEqual([1, 2]);
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect(Object.getPrototypeOf(bytes)).toBe(before[0]?.prototype);
      expect(Array.isArray(new Array(2))).toBe(true);
    });
    expect([Uint8Array, Array, Buffer.alloc, String.prototype.repeat]).toEqual(before);
    expect(() =>
      largestAllocation(() => {
        throw new Error('thrown within');
      }),
    ).toThrow('thrown within');
    expect([Uint8Array, Array, Buffer.alloc, String.prototype.repeat]).toEqual(before);
  });

  it('refuses what would exhaust the host', () => {
    let thrown: unknown = null;
    const bytes = largestAllocation(() => {
      try {
        new Uint8Array(2 ** 31);
      } catch (error) {
        thrown = error;
      }
    });
    expect(bytes).toBe(2 ** 31);
    expect(String(thrown)).toBe('RangeError: an allocation of 2147483648 bytes is refused');
  });
});
