import { describe, expect, it } from 'vitest';
import { count, percent, percentBetween } from './numbers.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.9996, '100 %'],
    [0.9989, '99.9 %'],
    [0.125, '12.5 %'],
    [0.0171, '1.7 %'],
    [0.00029957, '0.030 %'],
  ])('tell a share of %f as %s', (share, told) => {
    expect(percent(share)).toBe(told);
  });

  it('tell an interval by both its ends', () => {
    expect(percentBetween({ low: 0, high: 0.05 })).toBe('[0 %, 5.0 %]');
  });

  it('tell one of something in the singular', () => {
    expect([count(0, 'run'), count(1, 'run'), count(2, 'run')]).toEqual(['0 runs', '1 run', '2 runs']);
  });
});
