import { expect, it } from 'vitest';
import { widened } from './widened.ts';

it('numbers of a widened record are such as no number tells from the next, its texts are as they were, and it draws no name twice', () => {
  const record = {
    id: 3n,
    kind: 'k',
    emittedAtMs: 4n,
    disposition: { type: 'gated', reason: 'r', cooldownMs: 5n },
  } as const;
  const types = new Set<string>();
  for (let nth = 0; nth < 6; nth += 1) {
    const drawn: string[] = [];
    const wide = widened(record, (what, bound) => {
      drawn.push(what);
      return nth % bound;
    });
    expect(new Set(drawn).size).toBe(drawn.length);
    const { disposition } = wide;
    expect(wide.kind).toBe('k');
    expect(wide.id).toBeGreaterThanOrEqual(2n ** 53n - 1n);
    expect(wide.emittedAtMs).toBeLessThan(2n ** 64n);
    if (disposition.type !== 'dispatched') expect(disposition.reason).toBe('r');
    types.add(disposition.type);
  }
  expect(types.size).toBe(3);
});
