import { expect, it } from 'vitest';
import { numberOf } from './numbers.ts';

it('gives the number of each id, whichever was asked for before', () => {
  expect(numberOf(0n)).toBe(0);
  for (const value of [1n, 2n, 2n, 0n, 2n ** 53n, 1n, 2n ** 64n - 1n, -1n]) expect(numberOf(value)).toBe(Number(value));
});
