import { describe, expect, it } from 'vitest';
import { ExpiryTable } from './expiry-table.ts';

function holding(entries: Readonly<Record<string, number>>): ExpiryTable<string> {
  const table = new ExpiryTable<string>();
  for (const [key, untilMs] of Object.entries(entries)) table.hold(key, untilMs);
  return table;
}

describe('things that hold until a point in time', () => {
  it('are open at that time', () => {
    const table = holding({ a: 100 });
    expect(table.heldUntil('a', 99)).toBe(100);
    expect(table.heldUntil('a', 100)).toBeUndefined();
    expect(table.heldUntil('b', 0)).toBeUndefined();
  });

  it('are forgotten by a sweep as soon as they have elapsed, one after another', () => {
    const table = holding({ b: 100, a: 10, d: 300, c: 200 });
    const left = [9, 10, 99, 100, 200, 299, 300].map((nowMs) => {
      table.sweep(nowMs);
      return table.size;
    });
    expect(left).toEqual([4, 3, 3, 2, 1, 1, 0]);
  });

  it('are forgotten in time when a shorter one comes after the sweep, or replaces a longer one', () => {
    const table = holding({ a: 10, b: 500 });
    table.sweep(10);
    table.hold('c', 50);
    table.hold('b', 60);
    table.sweep(50);
    expect(table.size).toBe(1);
    table.sweep(60);
    expect(table.size).toBe(0);
  });

  it('are all kept, however many there are', () => {
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
    const table = holding(Object.fromEntries(keys.map((key) => [key, 100])));
    table.sweep(99);
    expect(keys.map((key) => table.heldUntil(key, 99))).toEqual(keys.map(() => 100));
  });

  it('end at once when they are taken away', () => {
    const table = holding({ a: 100, b: 100 });
    table.delete('a');
    expect(table.heldUntil('a', 0)).toBeUndefined();
    expect(table.size).toBe(1);
  });
});
