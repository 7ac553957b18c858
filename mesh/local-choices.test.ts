/** Choices are local: what is taken out of a scenario leaves the rest of it the choices that it had. */
import { describe, expect, it } from 'vitest';
import { withoutEachOperation } from './local-choices.testing.ts';

describe('with one operation taken out', () => {
  it('of each of a few scenarios in turn, names common to both runs draw equal values, and operations whose events keep their times keep their draws', async () => {
    const { different, common, all } = await withoutEachOperation(4);
    expect(different).toBe(0);
    expect(all).toBeGreaterThan(100);
    expect(common / all).toBeGreaterThanOrEqual(0.9);
  });
});
