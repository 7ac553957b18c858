import { describe, expect, it } from 'vitest';
import { minimize } from './minimize.ts';

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);

/** Shows what it showed as long as all of these are there. */
const needs =
  (...needed: readonly number[]) =>
  async (part: readonly number[]) =>
    needed.every((one) => part.includes(one));

describe('the smallest part that still shows it', () => {
  it('is found wherever it stands, in its order', async () => {
    expect(await minimize(upTo(150), needs(150, 3, 77, 78))).toEqual([3, 77, 78, 150]);
  });

  it('is nothing where nothing is needed', async () => {
    expect(await minimize(upTo(20), async () => true)).toEqual([]);
  });

  it('is everything where everything is needed', async () => {
    expect(await minimize(upTo(9), needs(...upTo(9)))).toEqual(upTo(9));
  });

  it('can lose no item alone, even where the parts needed depend on each other', async () => {
    // An odd sum shows it: whatever is taken away first changes what can be taken away next.
    const odd = async (part: readonly number[]) => part.reduce((sum, one) => sum + one, 0) % 2 === 1;
    const kept = await minimize([2, 5, 7, 4, 9, 6], odd);
    for (const one of kept) expect(await odd(kept.filter((other) => other !== one))).toBe(false);
    expect(kept).toHaveLength(1);
  });

  it('takes few questions where little is needed', async () => {
    let asked = 0;
    await minimize(upTo(1000), (part) => {
      asked += 1;
      return needs(500, 501)(part);
    });
    expect(asked).toBeLessThan(60);
  });

  it('is what was found so far when nobody answers any more', async () => {
    let asked = 0;
    const kept = await minimize(upTo(64), async (part) => {
      asked += 1;
      return asked > 4 ? null : needs(64)(part);
    });
    expect(kept.length).toBeLessThan(64);
    expect(kept).toContain(64);
  });
});
