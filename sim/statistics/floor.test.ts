import { describe, expect, it } from 'vitest';
import { drawsOf } from './draws.testing.ts';
import { decideFloor, type FloorState, runsToDecide, wilson } from './floor.ts';

describe('the interval of Wilson', () => {
  // Published for 95 %: Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('for %i in %i is as published', (hits, runs, low, high) => {
    const interval = wilson(hits, runs, 1.959963985);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('is everything where there were no runs, and touches the ends where all runs agree', () => {
    expect(wilson(0, 0, 6)).toEqual({ low: 0, high: 1 });
    expect(wilson(0, 50, 6).low).toBe(0);
    expect(wilson(50, 50, 6).high).toBeCloseTo(1, 12);
  });
});

describe('a floor', () => {
  it('is met, missed or undecided by one in 10^9', () => {
    expect(decideFloor(0.05, 200, 1000).state).toBe('met');
    expect(decideFloor(0.05, 60, 1000).state).toBe('undecided');
    expect(decideFloor(0.05, 5, 1000).state).toBe('missed');
    expect(decideFloor(0.05, 0, 0).state).toBe('undecided');
  });

  it('is not missed by a few runs that show nothing', () => {
    expect(decideFloor(0.5, 0, 30).state).toBe('undecided');
    expect(decideFloor(0.5, 0, 38).state).toBe('missed');
  });

  it('is met by nine tenths of it once there are enough runs, and not by less', () => {
    expect(decideFloor(0.05, 50_000, 1_000_000).state).toBe('met');
    expect(decideFloor(0.05, 44_000, 1_000_000).state).toBe('missed');
  });

  it.each([
    [0.05, 60, 1000],
    [0.05, 50, 1000],
    [0.05, 48, 1000],
    [0.01, 0, 100],
    [0.01, 0, 0],
    [1, 40, 40],
  ])('of %f with %i in %i is decided by as many more runs as are said, and by no fewer', (floor, hits, runs) => {
    const more = runsToDecide(floor, hits, runs);
    const share = runs === 0 ? floor : hits / runs;
    const stateAfter = (all: number): FloorState => decideFloor(floor, share * all, all).state;
    expect(stateAfter(runs + more)).not.toBe('undecided');
    expect(stateAfter(runs + more - 1)).toBe('undecided');
  });
});

/** Where one look in so many may be wrong, how often are many sweeps that look at doubling numbers of runs? */
describe('floors decided in sequence', () => {
  const FLOOR = 0.2;
  const SWEEPS = 2000;
  const LOOKS = 8;
  const FIRST_LOOK = 100;
  const how = { certainty: 50, tolerance: 0.9 };

  function shareOfSweeps(share: number, state: FloorState): number {
    const draw = drawsOf(`${share} ${state}`);
    let sweeps = 0;
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      if (decisionOf(() => draw() < share) === state) sweeps += 1;
    }
    return sweeps / SWEEPS;
  }

  function decisionOf(hit: () => boolean): FloorState {
    let hits = 0;
    let runs = 0;
    for (let look = 0; look < LOOKS; look += 1) {
      for (const until = FIRST_LOOK * 2 ** look; runs < until; runs += 1) hits += hit() ? 1 : 0;
      const { state } = decideFloor(FLOOR, hits, runs, how);
      if (state !== 'undecided') return state;
    }
    return 'undecided';
  }

  it('are missed by a share that is the floor in fewer sweeps than all looks together allow, and in some', () => {
    const wrong = shareOfSweeps(FLOOR, 'missed');
    expect(wrong).toBeLessThan(LOOKS / how.certainty);
    expect(wrong).toBeGreaterThan(0);
  });

  it('are met by a share of nine tenths of the floor in fewer sweeps than all looks together allow, and in some', () => {
    const wrong = shareOfSweeps(FLOOR * how.tolerance - 0.001, 'met');
    expect(wrong).toBeLessThan(LOOKS / how.certainty);
    expect(wrong).toBeGreaterThan(0);
  });

  it('are decided rightly in nearly all sweeps where the share is another', () => {
    expect(shareOfSweeps(0.3, 'met')).toBeGreaterThan(0.99);
    expect(shareOfSweeps(0.1, 'missed')).toBeGreaterThan(0.99);
  });
});
