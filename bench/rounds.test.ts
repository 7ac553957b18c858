import { describe, expect, it } from 'vitest';
import { inTurn, median, medianMs, ratio } from './rounds.ts';

describe('rounds', () => {
  it('run the contestants in turn, every second round backwards, and time only those after the warm-up', async () => {
    const order: string[] = [];
    const contestant = (name: string) => ({
      name,
      run: async () => {
        order.push(name);
      },
    });
    const times = await inTurn([contestant('a'), contestant('b')], { warmUps: 1, rounds: 2 });
    expect(order).toEqual(['b', 'a', 'a', 'b', 'b', 'a']);
    expect(times.get('a')).toHaveLength(2);
  });

  it('end with the error of a contestant that did not do its work', async () => {
    const run = () => Promise.reject(new Error('not all tasks ended'));
    await expect(inTurn([{ name: 'a', run }], { warmUps: 0, rounds: 1 })).rejects.toThrow('not all tasks ended');
  });

  it('compare within a round, so that a slow moment that met both says nothing', () => {
    const times = new Map([
      ['own', [1, 10, 2]],
      ['peer', [3, 30, 6]],
    ]);
    expect(ratio(times, 'own', 'peer')).toBe(3);
    expect(ratio(times, 'peer', 'own')).toBeCloseTo(1 / 3);
    expect(medianMs(times, 'own')).toBe(2);
  });

  it('have a median that is the middle one, or between the two in the middle', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });
});
