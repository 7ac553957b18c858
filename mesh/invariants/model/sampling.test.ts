import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../../../src/chain/records.ts';
import { isOdd, sampleOf } from './sampling.ts';

const plain: ActionChainRecord = {
  id: 1n,
  kind: 'k',
  emittedAtMs: 1n,
  disposition: { type: 'failed', reason: 'no route', retryAfterMs: 5n },
};

describe('the sample of records', () => {
  it('spreads over ids and times', () => {
    const seen = new Set<number>();
    for (let id = 1n; id <= 200n; id++)
      seen.add(sampleOf({ ...plain, id, emittedAtMs: 1_700_000_000_000n + id * 13n }));
    expect(seen.size).toBeGreaterThan(12);
    expect(sampleOf({ ...plain, id: 2n ** 64n - 1n, emittedAtMs: 2n ** 64n - 1n })).toBeGreaterThanOrEqual(0);
  });

  it('is the same for the same id and time, and another for others', () => {
    expect([0n, 1n, 9n, 10n].map((id) => sampleOf({ ...plain, id, emittedAtMs: 0n }))).toEqual([0, 7, 63, 6]);
    expect(sampleOf({ ...plain, id: 1n, emittedAtMs: 60n })).toBe(3);
  });

  it('knows the last that is not odd', () => {
    const last = 2n ** 53n - 1n;
    const gated = { type: 'gated', reason: 'x'.repeat(127), cooldownMs: last } as const;
    expect(isOdd({ id: last, kind: '\x7f', emittedAtMs: last, disposition: gated })).toBe(false);
    expect(isOdd({ ...plain, disposition: { ...gated, cooldownMs: null } })).toBe(false);
    expect(isOdd({ ...plain, disposition: { type: 'failed', reason: 'r', retryAfterMs: null } })).toBe(false);
    const odd: ActionChainRecord[] = [
      { ...plain, id: last + 1n },
      { ...plain, emittedAtMs: last + 1n },
      { ...plain, kind: '\x80' },
      { ...plain, kind: 'k'.repeat(128) },
      { ...plain, disposition: { ...gated, cooldownMs: last + 1n } },
      { ...plain, disposition: { ...gated, reason: '' } },
      { ...plain, disposition: { type: 'failed', reason: 'r', retryAfterMs: last + 1n } },
    ];
    for (const record of odd) expect(isOdd(record)).toBe(true);
  });

  it('knows what is odd', () => {
    expect(isOdd(plain)).toBe(false);
    expect(isOdd({ ...plain, disposition: { type: 'dispatched' } })).toBe(false);
    for (const odd of [
      { ...plain, id: 2n ** 53n },
      { ...plain, emittedAtMs: 2n ** 63n },
      { ...plain, kind: '' },
      { ...plain, disposition: { type: 'failed', reason: 'é', retryAfterMs: null } },
      { ...plain, disposition: { type: 'gated', reason: 'x'.repeat(128), cooldownMs: null } },
      { ...plain, disposition: { type: 'gated', reason: 'x', cooldownMs: 2n ** 60n } },
    ] satisfies ActionChainRecord[]) {
      expect(isOdd(odd)).toBe(true);
    }
  });
});
