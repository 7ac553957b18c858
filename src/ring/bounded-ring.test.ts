import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundedRing } from './bounded-ring.ts';

function ringOf<T>(capacity: number, items: readonly T[]): BoundedRing<T> {
  const ring = new BoundedRing<T>(capacity);
  for (const item of items) ring.push(item);
  return ring;
}

describe('a bounded ring', () => {
  it('keeps the newest items in arrival order and counts what it evicted, whatever is pushed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.array(fc.integer()), (capacity, items) => {
        const ring = ringOf(capacity, items);
        const kept = items.slice(-Math.max(1, capacity));
        expect(ring.toArray()).toEqual(kept);
        expect(ring.length).toBe(kept.length);
        expect(ring.evicted).toBe(items.length - kept.length);
        expect(kept.map((_, index) => ring.at(index))).toEqual(kept);
        expect(ring.newest).toBe(kept.at(-1));
      }),
    );
  });

  it('clamps a capacity of 0 to 1', () => {
    const ring = ringOf(0, ['a', 'b']);
    expect(ring.capacity).toBe(1);
    expect(ring.toArray()).toEqual(['b']);
    expect(ring.evicted).toBe(1);
  });

  it('refuses a capacity that is no whole number from 0 up', () => {
    for (const capacity of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new BoundedRing(capacity)).toThrow(RangeError);
    }
  });

  it('has nothing outside its bounds', () => {
    const ring = ringOf(3, [1, 2, 3, 4]);
    expect(ring.at(-1)).toBeUndefined();
    expect(ring.at(3)).toBeUndefined();
    expect(new BoundedRing(3).newest).toBeUndefined();
  });

  it('puts another item in the newest one’s place without evicting, wherever the ring has wrapped to', () => {
    for (let pushed = 1; pushed <= 7; pushed++) {
      const items = Array.from({ length: pushed }, (_, i) => i);
      const ring = ringOf(3, items);
      ring.replaceNewest(-1);
      expect(ring.toArray()).toEqual([...items.slice(0, -1), -1].slice(-3));
      expect(ring.evicted).toBe(Math.max(0, pushed - 3));
    }
  });

  it('stays empty when the newest item of an empty ring is replaced', () => {
    const ring = new BoundedRing<number>(2);
    ring.replaceNewest(1);
    expect(ring.toArray()).toEqual([]);
  });

  it('gives a copy that later pushes leave alone', () => {
    const ring = ringOf(2, [1, 2]);
    const copy = ring.toArray();
    ring.push(3);
    expect(copy).toEqual([1, 2]);
  });
});
