import { describe, expect, it } from 'vitest';
import { median } from './median.ts';

describe('the median', () => {
  it('is the middle of an odd number and the mean of the two middle ones of an even', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  });
});
