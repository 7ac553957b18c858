import { describe, expect, it } from 'vitest';
import { coverageOf } from './coverage.ts';
import { emptyTally, type Tally } from './tally.ts';

const swarm = { profile: 'swarm', semantics: 'strict' } as const;
const world = {
  floors: (profile: string): Record<string, number> =>
    profile === 'swarm' ? { often: 0.2, seldom: 0.2, maybe: 0.2 } : {},
};

const tally: Tally = {
  ...emptyTally(),
  runs: 1010,
  markRuns: new Map([
    ['often', 500],
    ['maybe', 210],
  ]),
  troubles: new Map([['foreign-await', 10]]),
};

describe('the floors of a sweep', () => {
  it('are decided by the runs that came to their end', () => {
    expect(coverageOf(world, swarm, tally)).toMatchObject([
      { mark: 'often', atLeast: 0.2, state: 'met', hits: 500, runs: 1000 },
      { mark: 'seldom', atLeast: 0.2, state: 'missed', hits: 0, runs: 1000, low: 0 },
      { mark: 'maybe', atLeast: 0.2, state: 'undecided', hits: 210, runs: 1000, moreRuns: expect.any(Number) },
    ]);
  });

  it('say how many more runs would decide those that are undecided, and only those', () => {
    const [often, , maybe] = coverageOf(world, swarm, tally);
    expect(often).not.toHaveProperty('moreRuns');
    const more = maybe?.moreRuns ?? 0;
    const later = {
      ...tally,
      runs: tally.runs + more,
      markRuns: new Map([['maybe', Math.round(0.21 * (1000 + more))]]),
    };
    expect(coverageOf(world, swarm, later)[2]?.state).toBe('met');
  });

  it('are those of the profile, if the world has any', () => {
    expect(coverageOf(world, { ...swarm, profile: 'calm' }, tally)).toEqual([]);
    expect(coverageOf({}, swarm, tally)).toEqual([]);
  });
});
