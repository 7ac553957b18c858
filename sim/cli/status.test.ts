import { describe, expect, it } from 'vitest';
import type { RunVerdict } from '../scenario/run/result.ts';
import type { CoverageFloor } from '../sweep/counts/coverage.ts';
import { NOTHING_SEEN } from '../sweep/result.testing.ts';
import type { SweepResult } from '../sweep/result.ts';
import { statusOfFailure, statusOfSweep, statusOfVerdict, worst } from './status.ts';

const sweepOf = (over: Partial<SweepResult>): SweepResult => ({ ...NOTHING_SEEN, ...over });

const floor = (state: CoverageFloor['state']): CoverageFloor => ({
  mark: 'm',
  atLeast: 0.5,
  state,
  hits: 1,
  runs: 10,
  low: 0,
  high: 1,
});

const stable = (reached: boolean) => ({ below: 0.01, rate: { estimate: 0, low: 0, high: 0 }, reached });

const troubled = (...verdicts: readonly RunVerdict[]) => ({
  troubles: new Map(verdicts.map((verdict) => [verdict, 1])),
});

describe('the exit status', () => {
  it('is the worst of several, in the order 70, 3, 64, 1, 2, 0', () => {
    expect(worst([0, 2, 1, 64, 3, 70])).toBe(70);
    expect(worst([0, 2, 1, 64, 3])).toBe(3);
    expect(worst([0, 2, 1, 64])).toBe(64);
    expect(worst([0, 2, 1])).toBe(1);
    expect(worst([0, 2])).toBe(2);
    expect(worst([0])).toBe(0);
  });

  it.each([
    ['replay --bisect x.yaml', 125],
    ['replay x.yaml --bisect=yes', 125],
    ['replay x.yaml', 64],
    ['replay -- --bisect', 64],
    ['run --bisect', 64],
  ])('of `%s`, if it is wrong use, is %i', (line, status) => {
    expect(statusOfFailure(64, line.split(' '))).toBe(status);
  });

  it.each([
    ['held', 0],
    ['violated', 1],
    ['inconclusive', 2],
    ['nondeterminism', 3],
    ['foreign-await', 3],
    ['harness-error', 70],
  ] as const)('of a run that is %s is %i', (verdict, status) => {
    expect(statusOfVerdict(verdict)).toBe(status);
  });

  it.each([
    ['holds', {}, 0],
    ['fails', { failed: 1 }, 1],
    ['misses a required mark', { unmetMarks: ['m'] }, 2],
    ['fails and misses a mark', { failed: 1, unmetMarks: ['m'] }, 1],
    ['misses a floor', { floors: [floor('met'), floor('missed')] }, 2],
    ['leaves a floor undecided', { floors: [floor('undecided')] }, 0],
    ['fails and misses a floor', { failed: 1, floors: [floor('missed')] }, 1],
    ['was to become stable and did', { end: 'goals', goals: { stable: stable(true) } }, 0],
    ['was to become stable and did not', { goals: { stable: stable(false) } }, 2],
    ['was to decide its floors and did not', { goals: { floorsDecided: { reached: false } } }, 2],
    ['ran out of time', { end: 'time', cutShort: 5 }, 2],
    ['ran for its time', { end: 'time', cutShort: 0 }, 0],
    ['had no time for a run', { end: 'time', runs: 0 }, 2],
    ['stopped at its failures', { end: 'max-failures', cutShort: 5, failed: 1 }, 1],
    ['had a run over its time', troubled('inconclusive'), 2],
    ['met nondeterminism among failures', { failed: 3, ...troubled('nondeterminism') }, 3],
    ['met a defect among everything', { failed: 3, ...troubled('foreign-await', 'harness-error') }, 70],
    ['was interrupted', { end: 'interrupted', failed: 3 }, 130],
  ] as const)('of a sweep that %s', (_what, over, status) => {
    expect(statusOfSweep(sweepOf(over))).toBe(status);
  });
});
