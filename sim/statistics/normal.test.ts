import { describe, expect, it } from 'vitest';
import { normalQuantile } from './normal.ts';

describe('the quantile of the normal distribution', () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959963985],
    [0.025, -1.959963985],
    [0.84134474606854, 1],
    [0.01, -2.326347874],
    [5e-10, -6.109410205],
    [0.0013498980316301, -3],
  ])('at %f is %f', (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(2e-8);
  });

  it('has no gap where its formulas meet', () => {
    for (const p of [0.02425, 1 - 0.02425]) {
      expect(normalQuantile(p + 1e-12) - normalQuantile(p - 1e-12)).toBeLessThan(1e-8);
    }
  });

  it('has no value at either end', () => {
    for (const p of [0, 1, -1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(RangeError);
  });
});
