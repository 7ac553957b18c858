import { describe, expect, it } from 'vitest';
import { drawsOf } from '../../statistics/draws.testing.ts';
import { Behaviours, FINGERPRINT_RUNS_MAX, type Fingerprint } from './behaviours.ts';

function fingerprintsOf(...shown: readonly (readonly number[])[]): readonly Fingerprint[] {
  return shown.map((numbers, run) => ({ run, shown: Uint16Array.from(numbers) }));
}

function countsOf(fingerprints: readonly Fingerprint[]) {
  const behaviours = new Behaviours();
  for (const fingerprint of fingerprints) behaviours.add(fingerprint);
  return behaviours.counts();
}

describe('behaviours', () => {
  it('are counted as fingerprints and as pairs, what stands alone being a pair with itself', () => {
    const { runs, fingerprints, pairs } = countsOf(fingerprintsOf([1, 2], [1, 2], [1, 3], [2, 3], []));
    expect(runs).toBe(5);
    // {1,2} twice, {1,3}, {2,3} and nothing at all.
    expect(fingerprints).toMatchObject({ distinct: 4, once: 3, rate: { estimate: 0.6 } });
    // 1, 2, 3, 12, 13, 23: the last two in one run each.
    expect(pairs).toMatchObject({ distinct: 6, once: 2, rate: { estimate: 0.4 } });
  });

  it('are as new as the runs that show what no other does, however much that is', () => {
    expect(countsOf(fingerprintsOf([1, 2, 3, 4], [5])).pairs).toMatchObject({
      distinct: 11,
      once: 2,
      rate: { estimate: 1 },
    });
    expect(countsOf(fingerprintsOf([1, 2], [1, 2], [1, 2])).pairs).toMatchObject({ once: 0, rate: { estimate: 0 } });
  });

  it('are the same in whichever order the runs come', () => {
    const draw = drawsOf('fingerprints');
    const fingerprints = fingerprintsOf(
      ...Array.from({ length: 300 }, () => Array.from({ length: 60 }, (_, i) => i).filter((i) => draw() < 1 / (i + 2))),
    );
    const forwards = countsOf(fingerprints);
    expect(countsOf(fingerprints.toReversed())).toEqual(forwards);
    expect(countsOf([...fingerprints].sort((a, b) => (a.run % 7) - (b.run % 7)))).toEqual(forwards);
    expect(forwards.pairs.once).toBeGreaterThan(0);
  });

  it('have room for as many marks as a world may have', () => {
    const { pairs } = countsOf(fingerprintsOf([0, 700], [700], [3]));
    expect(pairs).toMatchObject({ distinct: 4, once: 2 });
  });

  it('tells fingerprints apart in so many runs by number, and pairs in all', () => {
    const late = FINGERPRINT_RUNS_MAX + 5;
    const { runs, fingerprints, pairs } = countsOf([
      { run: late, shown: Uint16Array.of(1) },
      { run: 0, shown: Uint16Array.of(2) },
    ]);
    expect(runs).toBe(2);
    expect(fingerprints.distinct).toBe(1);
    expect(pairs.distinct).toBe(2);
  });

  it('knows nothing of no runs', () => {
    expect(countsOf([]).pairs).toEqual({ distinct: 0, once: 0, rate: { estimate: 1, low: 0, high: 1 } });
  });

  it('tells the fingerprints apart that a big world gives', () => {
    const draw = drawsOf('big');
    const seen = new Set<string>();
    const behaviours = new Behaviours();
    for (let run = 0; run < 20_000; run += 1) {
      const numbers = Array.from({ length: 24 }, (_, i) => i).filter(() => draw() < 0.5);
      seen.add(numbers.join());
      behaviours.add({ run, shown: Uint16Array.from(numbers) });
    }
    expect(behaviours.counts().fingerprints.distinct).toBe(seen.size);
  });
});
