import { describe, expect, it } from 'vitest';
import type { FloorState } from '../../statistics/floor.ts';
import { Behaviours } from './behaviours.ts';
import type { CoverageFloor } from './coverage.ts';
import { Goals, LOOK_EVERY, type Wanted } from './goals.ts';

const floor = (state: FloorState): CoverageFloor => ({
  mark: 'm',
  atLeast: 0.1,
  state,
  hits: 1,
  runs: 9,
  low: 0,
  high: 1,
});

/** Behaviours of runs that all show the same, but for some that show something of their own. */
function behavioursOf(runs: number, own: number): Behaviours {
  const behaviours = new Behaviours();
  for (let run = 0; run < runs; run += 1)
    behaviours.add({ run, shown: Uint16Array.of(0, ...(run < own ? [run + 1] : [])) });
  return behaviours;
}

/** Whether all is reached at the first so many looks, each with the floors in this state. */
function looks(wanted: Wanted, behaviours: Behaviours, states: readonly FloorState[]): readonly boolean[] {
  let now: FloorState = 'undecided';
  const goals = new Goals(wanted, { behaviours, coverage: () => [floor('met'), floor(now)] });
  return states.map((state, look) => {
    now = state;
    return goals.reachedAt((look + 1) * LOOK_EVERY);
  });
}

describe('what a sweep goes on for', () => {
  it('is that the interval of the rate of new pairs ends below the bound, and not only the rate', () => {
    const behaviours = behavioursOf(1000, 15);
    expect(behaviours.counts().pairs.rate.estimate).toBe(0.015);
    expect(looks({ stableBelow: 0.02 }, behaviours, ['met'])).toEqual([false]);
    expect(looks({ stableBelow: 0.03 }, behaviours, ['met'])).toEqual([true]);
  });

  it('is that each floor is decided, met or missed, which is looked at where there are twice as many runs', () => {
    const wanted = { floorsDecided: true };
    expect(looks(wanted, new Behaviours(), ['undecided', 'missed'])).toEqual([false, true]);
    expect(looks(wanted, new Behaviours(), ['undecided', 'undecided', 'met', 'met'])).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('is both, if both are wanted', () => {
    const wanted = { stableBelow: 0.03, floorsDecided: true };
    expect(looks(wanted, behavioursOf(1000, 15), ['undecided', 'met'])).toEqual([false, true]);
    expect(looks(wanted, behavioursOf(1000, 40), ['met', 'met'])).toEqual([false, false]);
  });

  it('is told in the end by what the sweep came to, whatever the last look was', () => {
    const sources = { behaviours: behavioursOf(1000, 15), coverage: () => [floor('missed')] };
    expect(new Goals({ stableBelow: 0.03, floorsDecided: true }, sources).told()).toMatchObject({
      stable: { below: 0.03, rate: { estimate: 0.015 }, reached: true },
      floorsDecided: { reached: true },
    });
    expect(new Goals({ stableBelow: 0.5 }, sources).told()).not.toHaveProperty('floorsDecided');
  });
});
