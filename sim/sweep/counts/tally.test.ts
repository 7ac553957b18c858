import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../scenario/run/result.ts';
import { addRun, emptyTally, KEPT_MAX, mergeTally, type Tally, trim } from './tally.ts';

function runOf(seed: bigint, over: Partial<RunResult> = {}): RunResult {
  return {
    seed,
    verdict: 'held',
    digest: seed.toString(16).padStart(64, '0'),
    events: 10,
    operations: 3,
    virtualMs: 100,
    faults: { loss: { planned: 2, injected: 1 } },
    violations: [],
    marks: { reached: 4 },
    ...over,
  };
}

const violated = (seed: bigint): RunResult =>
  runOf(seed, {
    verdict: 'violated',
    violations: [
      { invariant: 'late', atMs: 5, event: 1, message: 'm' },
      { invariant: 'early', atMs: 9, event: 2, message: 'n' },
    ],
  });

function tallyOf(...runs: readonly RunResult[]): Tally {
  const tally = emptyTally();
  for (const run of runs) addRun(tally, run);
  return tally;
}

describe('a tally', () => {
  it('adds up runs', () => {
    const tally = tallyOf(runOf(1n), violated(2n));
    expect(tally).toMatchObject({ runs: 2, failed: 1, notHeld: 1, events: 20, operations: 6, virtualMs: 200 });
    expect(tally.marks).toEqual(new Map([['reached', 8]]));
    expect(tally.markRuns).toEqual(new Map([['reached', 2]]));
    expect(tally.decided).toBe(2);
    expect(tally.faults).toEqual(new Map([['loss', { planned: 4, injected: 2 }]]));
    expect(tally.failures.map(({ seed, invariant }) => [seed, invariant])).toEqual([
      [2n, 'late'],
      [2n, 'early'],
    ]);
  });

  it('is the same whichever way its runs came together', () => {
    const runs = [runOf(1n), violated(2n), runOf(3n, { verdict: 'foreign-await', problem: 'p' }), violated(4n)];
    const whole = tallyOf(...runs);
    const backwards = emptyTally();
    for (const run of runs.toReversed()) mergeTally(backwards, tallyOf(run));
    trim(whole);
    trim(backwards);
    expect(backwards).toEqual(whole);
  });

  it('counts a run without a verdict about the invariants by what it came to, and leaves its digest out', () => {
    const tally = tallyOf(runOf(1n), runOf(2n, { verdict: 'inconclusive', digest: '' }));
    expect(tally.digest).toBe(tallyOf(runOf(1n)).digest);
    expect(tally).toMatchObject({ failed: 0, notHeld: 1, decided: 1 });
    expect(tally.markRuns).toEqual(new Map([['reached', 1]]));
    expect(tally.troubles).toEqual(new Map([['inconclusive', 1]]));
    expect(tally.problems).toEqual([{ seed: 2n, verdict: 'inconclusive', problem: 'inconclusive' }]);
  });

  it('lists a seed with both a violation and a problem under both, and counts it once', () => {
    const both = { ...violated(7n), verdict: 'foreign-await' as const, problem: 'p' };
    expect(tallyOf(both)).toMatchObject({
      decided: 1,
      failed: 1,
      notHeld: 1,
      failures: [{}, {}],
      problems: [{ seed: 7n }],
    });
  });

  it('keeps the lowest failing seeds and says that there were more', () => {
    const tally = emptyTally();
    const seeds = 3 * KEPT_MAX;
    for (let seed = seeds; seed > 0; seed--) mergeTally(tally, tallyOf(violated(BigInt(seed))));
    expect(tally.failures.length).toBeLessThanOrEqual(2 * KEPT_MAX);
    trim(tally);
    expect(tally).toMatchObject({ failed: seeds, truncated: true });
    expect(tally.failures).toHaveLength(KEPT_MAX);
    expect(tally.failures[0]?.seed).toBe(1n);
    expect(tally.failures.at(-1)?.seed).toBe(BigInt(KEPT_MAX / 2));
  });

  it('says nothing of more when there were none', () => {
    const tally = tallyOf(violated(1n));
    trim(tally);
    expect(tally.truncated).toBe(false);
  });
});
