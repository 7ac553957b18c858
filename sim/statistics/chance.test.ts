import { describe, expect, it } from 'vitest';
import { atMost, chanceOf, mostWhereNone, runsToBeSure } from './chance.ts';

describe('the chance of at most k successes', () => {
  it('is that of the binomial distribution', () => {
    expect(atMost(0, 3, 0.5)).toBeCloseTo(1 / 8, 12);
    expect(atMost(1, 3, 0.5)).toBeCloseTo(4 / 8, 12);
    expect(atMost(3, 3, 0.5)).toBeCloseTo(1, 12);
  });

  it('is exact where the first terms are smaller than any number', () => {
    expect(atMost(10_000, 20_000, 0.5)).toBeGreaterThan(0.5);
    expect(atMost(9_000, 20_000, 0.5)).toBeLessThan(1e-9);
  });

  it('is certain at both ends', () => {
    expect([atMost(2, 5, 0), atMost(2, 5, 1), atMost(5, 5, 1)]).toEqual([1, 0, 1]);
  });
});

describe('the interval of Clopper and Pearson', () => {
  it.each([
    // Published values.
    [10, 100, 0.049, 0.1762],
    [5, 10, 0.1871, 0.8129],
    [1, 20, 0.0013, 0.2487],
  ])('for %i in %i has its known ends', (detections, runs, low, high) => {
    const chance = chanceOf(detections, runs);
    expect(chance.estimate).toBe(detections / runs);
    expect(chance.low).toBeCloseTo(low, 3);
    expect(chance.high).toBeCloseTo(high, 3);
  });

  it('begins at 0 where nothing was detected, and says with 95 % what that excludes', () => {
    expect(chanceOf(0, 100)).toMatchObject({ estimate: 0, low: 0 });
    expect(chanceOf(0, 100).high).toBeCloseTo(1 - 0.025 ** (1 / 100), 10);
  });

  it('ends at 1 where every run detected', () => {
    expect(chanceOf(10, 10)).toMatchObject({ estimate: 1, high: 1 });
    expect(chanceOf(10, 10).low).toBeCloseTo(0.025 ** (1 / 10), 10);
  });
});

describe('the runs that make a detection 95 % sure', () => {
  it('are as many as leave one chance in twenty of none', () => {
    expect(runsToBeSure(0.5)).toBe(5);
    expect(runsToBeSure(0.01)).toBe(299);
  });

  it('are one where a run is as sure as that, and unknown where none ever detects', () => {
    expect([runsToBeSure(1), runsToBeSure(0.95), runsToBeSure(0)]).toEqual([1, 1, null]);
  });
});

describe('none in so many runs', () => {
  it('leaves a chance of one in twenty that there would have been one', () => {
    for (const runs of [1, 10, 3000]) expect((1 - mostWhereNone(runs)) ** runs).toBeCloseTo(0.05, 12);
  });

  it('is the rule of three where there are many, and nothing where there are none', () => {
    expect(mostWhereNone(100_000) * 100_000).toBeCloseTo(2.9957, 3);
    expect(mostWhereNone(0)).toBe(1);
  });
});
