/** What a sweep is worth, in words. */
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { CoverageFloor } from '../../sweep/counts/coverage.ts';
import { NOTHING_SEEN } from '../../sweep/result.testing.ts';
import type { PlantedBugs, SweepResult } from '../../sweep/result.ts';
import { worthTable } from '../writers/worth-table.ts';
import { worthLines } from './worth.ts';

const plantedBugs: PlantedBugs = {
  mutants: 118,
  detected: 117,
  missed: ['ring-off-by-one'],
  trials: 10,
  runsMax: 2000,
  medianRuns: 3,
  worstRuns: 412,
  on: '2026-11-20 (commit 0123abc)',
  sameBuild: true,
};

const floor = (mark: string, state: CoverageFloor['state'], more: Partial<CoverageFloor> = {}): CoverageFloor => ({
  mark,
  state,
  atLeast: 0.05,
  hits: 12,
  runs: 2000,
  low: 0.0012,
  high: 0.0284,
  ...more,
});

const sweep: SweepResult = {
  ...NOTHING_SEEN,
  source: { world: { module: 'm', name: 'n' }, profile: 'swarm', semantics: 'strict' },
  runs: 2000,
  events: 1,
  operations: 1,
  virtualMs: 1,
  seconds: 1,
  marks: { 'ring.evicted': 7, 'queue.full': 3 },
  violation: { runs: 2000, failed: 0, estimate: 0, low: 0, high: 0.001497 },
  behaviours: {
    runs: 2000,
    fingerprints: { distinct: 1990, once: 1980, rate: { estimate: 0.99, low: 0.984, high: 0.9937 } },
    pairs: { distinct: 7544, once: 34, rate: { estimate: 0.017, low: 0.012, high: 0.024 } },
  },
  floors: [floor('a', 'met'), floor('b', 'met')],
  plantedBugs,
};

function told(over: Partial<SweepResult>): readonly string[] {
  return worthTable({ ...sweep, ...over }, 100, picocolors.createColors(false));
}

describe('what a sweep is worth', () => {
  it('is told in a few lines', () => {
    expect(told({}).join('\n')).toMatchInlineSnapshot(`
      "violations  none in 2000 runs: at most 0.15 % of runs like these violate an invariant (95 % sure)
      marks       2 of 2 reached
      floors      2 of 2 met
      behaviours  7544 pairs of marks and states; new ones in 1.7 % [1.2 %, 2.4 %] of further runs
                  1990 different sets of them in 2000 runs; new ones in 99.0 % [98.4 %, 99.4 %]
      mutants     117 of 118 planted bugs found (not ring-off-by-one), in 3 runs in the middle and 412 at
                  worst, 10 trials each; measured on this build, 2026-11-20 (commit 0123abc)"
    `);
  });

  it('is an estimate where runs failed, and nothing where none was made', () => {
    const failing = { runs: 2000, failed: 3, estimate: 0.0015, low: 0.00031, high: 0.0044 };
    expect(told({ violation: failing })[0]).toContain(
      '3 of 2000 runs: 0.15 % [0.031 %, 0.44 %] of runs like these violate an invariant',
    );
    expect(told({ violation: NOTHING_SEEN.violation })[0]).toContain('nothing is known');
  });

  it('names ten of the marks that were not reached, and all that had to be', () => {
    const names = Array.from({ length: 13 }, (_, i) => `mark.${i + 10}`);
    const text = told({ marks: Object.fromEntries(names.map((name) => [name, 0])), unmetMarks: names }).join(' ');
    expect(text).toMatch(/0 of 13 reached; never: mark\.10,.* mark\.19 and\s+3 more/);
    expect(text.replace(/\s+/g, ' ')).toContain(`required and not reached: ${names.join(', ')}`);
  });

  it('names each floor that is missed, with what was wanted and seen, and says how many runs the others need', () => {
    const floors = [floor('ring.evicted', 'missed'), floor('b', 'met'), floor('c', 'undecided', { moreRuns: 700 })];
    const lines = told({ floors });
    expect(lines).toContain('floors      1 of 3 met, 1 missed, 1 undecided, which 700 more runs would decide');
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(
      'ring.evicted is missed: wanted in 5.0 % of runs, seen in 12 of 2000, 0.60 % [0.12 %, 2.8 %]',
    );
  });

  it('says of several undecided floors how many runs half of them need, since one may need very many', () => {
    const floors = [700, 10, 900_000].map((moreRuns) => floor('c', 'undecided', { moreRuns }));
    expect(told({ floors })).toContain('floors      0 of 3 met, 3 undecided, half of which 700 more runs would decide');
  });

  it('says how many floors are not decided where all were to be', () => {
    const floors = [floor('b', 'met'), floor('c', 'undecided', { moreRuns: 700 })];
    expect(told({ floors, goals: { floorsDecided: { reached: false } } }).join('\n')).toContain(
      'floors      1 of 2 met, 1 undecided, which 700 more runs would decide\n            not decided: 1 floor may be met or missed',
    );
    expect(told({ floors }).join('\n')).not.toContain('not decided');
  });

  it('stays short when everything is missed', () => {
    const floors = Array.from({ length: 60 }, (_, i) => floor(`mark.${i}`, 'missed'));
    const lines = told({ floors });
    expect(lines.length).toBeLessThan(40);
    expect(lines.join('\n')).toContain('and 50 more are missed');
  });

  it('says nothing of floors where there are none', () => {
    expect(told({ floors: [] }).join('\n')).not.toContain('floors');
  });

  it('says whether the sweep became stable, if it was to', () => {
    const rate = sweep.behaviours.pairs.rate;
    expect(told({ goals: { stable: { below: 0.03, rate, reached: true } } }).join(' ')).toContain(
      'stable after 2000 runs: new pairs in less than 3.0 % of runs',
    );
    expect(told({ goals: { stable: { below: 0.01, rate, reached: false } } }).join(' ')).toContain('not stable');
  });

  it('says that planted bugs were measured on another build, and nothing of them where nobody has', () => {
    expect(told({ plantedBugs: { ...plantedBugs, sameBuild: false } }).join(' ')).toContain('another build');
    const { plantedBugs: _, ...unmeasured } = sweep;
    expect(worthLines(unmeasured).map(({ name }) => name)).not.toContain('mutants');
  });

  it('marks what makes it worth less than it was meant to be', () => {
    const lacking = (over: Partial<SweepResult>): number =>
      worthLines({ ...sweep, ...over }).filter((line) => line.lacking === true).length;
    expect(lacking({})).toBe(0);
    expect(lacking({ unmetMarks: ['m'] })).toBe(1);
    expect(lacking({ floors: [floor('m', 'missed')] })).toBe(1);
    expect(lacking({ floors: [floor('m', 'undecided')] })).toBe(0);
    expect(lacking({ floors: [floor('m', 'undecided')], goals: { floorsDecided: { reached: false } } })).toBe(1);
  });
});
