import { describe, expect, it } from 'vitest';
import type { RunVerdict } from './run/result.ts';
import { bisectVerdict, verdictOn, withVerdict } from './verdict.ts';

const fault = { key: 'f1', at: 0, kind: 'loss' };
const HOLDS = { expect: { holds: true }, witness: ['m'], faults: [fault] } as const;
const VIOLATES = { ...HOLDS, expect: { violates: 'i' } } as const;
const UNSAID = { faults: [] };

interface Came {
  readonly broke?: readonly string[];
  readonly reached?: readonly string[];
  readonly notInjected?: readonly string[];
  readonly undrawn?: readonly string[];
  readonly verdict?: RunVerdict;
}

function runOf({ broke = [], reached = ['m'], notInjected, undrawn, verdict }: Came) {
  return {
    verdict: verdict ?? (broke.length > 0 ? ('violated' as const) : ('held' as const)),
    violations: broke.map((invariant) => ({ invariant, atMs: 7, event: 3, message: 'it broke' })),
    marks: Object.fromEntries(reached.map((mark) => [mark, 1])),
    ...(notInjected === undefined ? {} : { notInjected }),
    ...(undrawn === undefined ? {} : { undrawn }),
    ...(verdict === undefined ? {} : { problem: 'a problem' }),
  };
}

describe('the verdict on a scenario', () => {
  it.each([
    ['holds', HOLDS, {}, 'held', 'good'],
    ['holds', HOLDS, { broke: ['i'] }, 'violated', 'bad'],
    ['holds', HOLDS, { broke: ['i'], reached: [] }, 'violated', 'bad'],
    ['holds', HOLDS, { reached: [] }, 'vacuous', 'skip'],
    ['holds', HOLDS, { notInjected: ['f1'] }, 'vacuous', 'skip'],
    ['nothing', UNSAID, {}, 'held', 'good'],
    ['nothing', UNSAID, { broke: ['i'] }, 'violated', 'bad'],
    ['a violation', VIOLATES, { broke: ['i'] }, 'violated as expected', 'bad'],
    ['a violation', VIOLATES, { broke: ['j', 'i'], reached: [] }, 'violated as expected', 'bad'],
    ['a violation', VIOLATES, { broke: ['j'] }, 'violated', 'skip'],
    ['a violation', VIOLATES, {}, 'fixed', 'good'],
    ['a violation', VIOLATES, { reached: [] }, 'vacuous', 'skip'],
    ['a violation', VIOLATES, { notInjected: ['f1'] }, 'vacuous', 'skip'],
    ['holds', HOLDS, { verdict: 'foreign-await' }, 'foreign-await', 'skip'],
    ['holds', HOLDS, { verdict: 'nondeterminism', broke: ['i'] }, 'nondeterminism', 'skip'],
    ['a violation', VIOLATES, { verdict: 'harness-error', broke: ['i'] }, 'harness-error', 'skip'],
    ['holds', HOLDS, { verdict: 'inconclusive' }, 'inconclusive', 'skip'],
  ] as const)('that expects %s (%j, %j) is %s, and to bisect %s', (_what, scenario, came, verdict, bisect) => {
    const told = verdictOn(scenario, runOf(came));
    expect(told.verdict).toBe(verdict);
    expect(bisectVerdict(scenario, told)).toBe(bisect);
  });

  it('says why', () => {
    const reasons = (scenario: typeof HOLDS | typeof VIOLATES, came: Came) => verdictOn(scenario, runOf(came)).reasons;
    expect(reasons(HOLDS, {})).toEqual([]);
    expect(reasons(HOLDS, { broke: ['i'] })).toEqual(['i at 7 ms: it broke']);
    expect(reasons(HOLDS, { reached: [], notInjected: ['f1'] })).toEqual([
      'm was never reached',
      'fault f1 (loss) was never injected',
    ]);
    expect(reasons(HOLDS, { undrawn: ['op:a1/lost'] })).toEqual(['nothing was drawn by the name op:a1/lost']);
    expect(reasons(HOLDS, { broke: ['j', 'i'] })).toEqual(['j at 7 ms: it broke', 'i at 7 ms: it broke']);
    expect(reasons(VIOLATES, { broke: ['j', 'i', 'k'] })).toEqual([
      'i at 7 ms: it broke',
      'other invariants violated: 2',
    ]);
    expect(reasons(VIOLATES, {})).toEqual(['i was expected to be violated, but holds']);
    expect(reasons(HOLDS, { verdict: 'inconclusive' })).toEqual(['a problem']);
  });

  it('takes the place of the run’s own, with the reason if no violation tells it', () => {
    const run = {
      ...runOf({ reached: [] }),
      seed: 1n,
      digest: '',
      events: 0,
      operations: 0,
      virtualMs: 0,
      faults: {},
    };
    expect(withVerdict(run, verdictOn(HOLDS, run))).toMatchObject({
      verdict: 'vacuous',
      problem: 'm was never reached',
    });
    expect(withVerdict(run, { verdict: 'held', reasons: [] })).not.toHaveProperty('problem');
  });
});
