/** Sweeps of the toy world, by workers of the build. */
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../examples/toy-world.ts';
import { addDigests, digestText } from './counts/digest-sum.ts';
import type { SweepResult } from './result.ts';
import type { Source } from './source.ts';
import type { SweepOptions } from './sweep.ts';
import { spoilt, sweepToy, toy } from './toy-sweep.testing.ts';

/** All of a result that must not depend on the number of workers. */
function outcome({ seconds: _, ...rest }: SweepResult): Omit<SweepResult, 'seconds'> {
  return rest;
}

describe('a sweep', () => {
  it('comes to the same result with one worker and with three', async () => {
    const one = await sweepToy({ runs: 300, jobs: 1 });
    const three = await sweepToy({ runs: 300, jobs: 3 });
    expect(outcome(three)).toEqual(outcome(one));
    expect(one).toMatchObject({ end: 'complete', runs: 300, failed: 0, problems: [], cutShort: 0 });
    expect(one.marks.arrived).toBe(300 * 20);
    expect(one.faults.loss?.planned).toBe(300);
  });

  it('has a digest that is the sum of those of its parts', async () => {
    const whole = await sweepToy({ from: 1n, runs: 20 });
    const parts = [await sweepToy({ from: 1n, runs: 7 }), await sweepToy({ from: 8n, runs: 13 })];
    expect(sumOf(parts)).toBe(whole.digest);
  });

  it('lists one failure a seed and invariant, in order of seed', async () => {
    const result = await sweepToy({ source: { ...toy, semantics: 'forget' } });
    const seeds = result.failures.map(({ seed }) => seed);
    expect(result.failed).toBeGreaterThan(10);
    expect(seeds).toEqual([...new Set(seeds)].sort((a, b) => Number(a - b)));
    expect(new Set(result.failures.map(({ invariant }) => invariant))).toEqual(new Set(['together']));
    expect(result.failed).toBe(seeds.length);
  });

  it('stops at the greatest number of failing seeds', async () => {
    const result = await sweepToy({ source: { ...toy, semantics: 'forget' }, runs: 100_000, maxFailures: 3 });
    expect(result.end).toBe('max-failures');
    expect(result.failed).toBeGreaterThanOrEqual(3);
    expect(result.cutShort).toBe(100_000 - result.runs);
    expect(result.runs).toBeLessThan(5_000);
  });

  it('runs until the time is up, and leaves no hole among its seeds', async () => {
    const result = await sweepToy({ runs: undefined, timeMs: 2_000 });
    expect(result.end).toBe('time');
    const again = await sweepToy({ runs: result.runs });
    expect(again.digest).toBe(result.digest);
  });

  it('says what it has when it is interrupted', async () => {
    const controller = new AbortController();
    const result = await sweepToy({
      runs: 1_000_000,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(result.end).toBe('interrupted');
    expect(result.runs).toBeGreaterThan(0);
  });

  it('names the required marks that were not reached', async () => {
    const result = await sweepToy({ source: { ...toy, profile: 'calm' }, requiredMarks: toyWorld.marks });
    expect(result.unmetMarks).toEqual(['lost-thrice']);
  });

  it('reaches the greatest seed', async () => {
    const result = await sweepToy({ from: 0xffff_ffff_ffff_fffen, runs: 2 });
    expect(result).toMatchObject({ runs: 2, failed: 0 });
  });

  it('can be told not to run more workers than seeds', async () => {
    expect(await sweepToy({ runs: 1, jobs: 16 })).toMatchObject({ runs: 1 });
  });
});

describe('a sweep of what cannot be', () => {
  it.each([
    [{ jobs: 0 }, 'jobs: expected a whole number from 1 to 9007199254740991; found 0'],
    [{ jobs: 1.5 }, 'jobs: expected a whole number from 1 to 9007199254740991; found 1.5'],
    [{ runs: -1 }, 'runs: expected a whole number from 1 to 9007199254740991; found -1'],
    [{ runs: Number.NaN }, 'runs: expected a whole number from 1 to 9007199254740991; found NaN'],
    [{ maxFailures: 0 }, 'maxFailures: expected a whole number from 1 to 9007199254740991; found 0'],
    [{ from: -1n }, 'from: expected a bigint from 0n to 2n ** 64n - 1n; found -1'],
    [{ from: 1n << 64n }, 'from: expected a bigint from 0n to 2n ** 64n - 1n; found 18446744073709551616'],
    [
      { from: (1n << 64n) - 2n, runs: 3 },
      'runs: expected at most 2, as there are seeds from 18446744073709551614 on; found 3',
    ],
    [{ timeMs: 2 ** 31 }, 'timeMs: expected milliseconds above 0, below 2^31; found 2147483648'],
    [{ timeMs: Number.NaN }, 'timeMs: expected milliseconds above 0, below 2^31; found NaN'],
    [{ runWallMs: 0 }, 'runWallMs: expected milliseconds above 0; found 0'],
    [{ until: { stableBelow: 2 } }, 'until.stableBelow: expected a share between 0 and 1; found 2'],
    [{ source: { ...toy, semantics: 'x' } }, 'source.semantics: expected one of resend, forget; found x'],
    [
      { source: { ...toy, profile: JSON.parse('"wild"') } },
      'source.profile: expected one of calm, swarm, storm; found wild',
    ],
  ] satisfies readonly (readonly [Partial<SweepOptions>, string])[])(
    'is refused before it begins: %o',
    async (options, message) => {
      // No worker can be started.
      const begun = sweepToy({ ...options, worker: new URL('file:///nowhere.js') });
      await expect(begun).rejects.toThrow(new RangeError(message));
    },
  );
});

describe('a sweep that is to go on', () => {
  const stable = { until: { stableBelow: 0.02 }, runs: 5000 } as const;

  it('ends when hardly anything is new, after the same runs whatever the number of workers', async () => {
    const one = await sweepToy({ ...stable, jobs: 1 });
    const three = await sweepToy({ ...stable, jobs: 3 });
    expect(outcome(three)).toEqual(outcome(one));
    expect(one).toMatchObject({ end: 'goals', cutShort: 0, goals: { stable: { below: 0.02, reached: true } } });
    expect(one.runs % 500).toBe(0);
    expect(one.runs).toBeLessThan(5000);
  });

  it('makes all its runs, and says so, where that is too few', async () => {
    const result = await sweepToy({ until: { stableBelow: 0.001 }, runs: 1200 });
    expect(result).toMatchObject({ end: 'complete', runs: 1200, goals: { stable: { reached: false } } });
  });

  it('leaves floors undecided where its runs are too few', async () => {
    const world = { ...toyWorld, floors: () => ({ arrived: 0.9 }) };
    const result = await sweepToy({ world, until: { floorsDecided: true }, runs: 40 });
    expect(result).toMatchObject({ floors: [{ state: 'undecided' }], goals: { floorsDecided: { reached: false } } });
  });

  it('ends at the greatest number of failing seeds, and when the time is up', async () => {
    const forgetful = { ...toy, semantics: 'forget' };
    const failing = await sweepToy({
      source: forgetful,
      until: { stableBelow: 0.000_1 },
      runs: 100_000,
      maxFailures: 3,
    });
    expect(failing.end).toBe('max-failures');
    const timed = await sweepToy({ until: { stableBelow: 0.000_001 }, runs: undefined, timeMs: 500 });
    expect(timed).toMatchObject({ end: 'time', goals: { stable: { reached: false } } });
  });

  it('says what it has when it is interrupted', async () => {
    const controller = new AbortController();
    const onProgress = ({ runs }: { readonly runs: number }): void => {
      if (runs >= 500) controller.abort();
    };
    const result = await sweepToy({
      until: { stableBelow: 0.000_001 },
      runs: undefined,
      signal: controller.signal,
      onProgress,
    });
    expect(result.end).toBe('interrupted');
    expect(result.behaviours.runs).toBe(result.runs);
  });
});

describe('what a sweep is worth', () => {
  it('is bounded by the runs that held, exactly', async () => {
    const { violation } = await sweepToy({ runs: 100 });
    expect(violation).toMatchObject({ runs: 100, failed: 0, estimate: 0, low: 0 });
    expect((1 - violation.high) ** 100).toBeCloseTo(0.05, 10);
  });

  it('is an estimate with its interval where runs failed', async () => {
    const { violation, failed } = await sweepToy({ source: { ...toy, semantics: 'forget' }, runs: 100 });
    expect(violation).toMatchObject({ runs: 100, failed, estimate: failed / 100 });
    expect(violation.low).toBeLessThan(failed / 100);
    expect(violation.low).toBeGreaterThan(0);
  });

  it('decides on the floors that the world declares, each by the runs that reach its mark', async () => {
    const world = { ...toyWorld, floors: () => ({ arrived: 0.9, 'lost-thrice': 0.99 }) };
    const { floors, markRuns } = await sweepToy({ world, runs: 1000 });
    expect(floors).toMatchObject([
      { mark: 'arrived', state: 'met', hits: 1000, runs: 1000 },
      { mark: 'lost-thrice', state: 'missed', hits: markRuns['lost-thrice'], runs: 1000 },
    ]);
  });

  it('makes runs again in the opposite order, which shows what a seed leaves to those before it', async () => {
    const source = spoilt(`
      const { highest = seed } = globalThis;
      globalThis.highest = seed > highest ? seed : highest;
      if (seed < highest) return toyWorld.generate(seed + 1000n, ...rest)`);
    const { problems } = await sweepToy({ source });
    expect(problems.length).toBeGreaterThan(0);
    for (const { verdict, problem } of problems) {
      expect(verdict).toBe('nondeterminism');
      expect(problem).toMatch(/^held after other runs, \w+ after others: some state is kept from run to run; digests /);
    }
  });

  it('leaves out runs that came to no verdict', async () => {
    const { violation, behaviours } = await sweepToy({ source: spoilt('if (seed === 5n) process.exit(1)') });
    expect([violation.runs, behaviours.runs]).toEqual([19, 19]);
  });
});

describe('a worker that comes to grief', () => {
  it.each([
    ['process.exit(0)', 'exited with code 0'],
    ['process.exit(3)', 'exited with code 3'],
  ])('is replaced when the system calls %s, and names its seed', async (exit, message) => {
    const result = await sweepToy({ source: spoilt(`if (seed === 5n) ${exit}`), runs: 12 });
    expect(result.runs).toBe(12);
    expect(result.problems).toMatchObject([{ seed: 5n, verdict: 'harness-error' }]);
    expect(result.problems[0]?.problem).toContain(message);
    expect(result.digest).toBe(await digestWithout5());
  });

  it('is ended when it hangs, and names its seed', async () => {
    const result = await sweepToy({ source: spoilt('if (seed === 5n) for (;;);'), runs: 12, runWallMs: 800 });
    expect(result.runs).toBe(12);
    expect(result.failures).toMatchObject([{ seed: 5n, invariant: 'no-livelock' }]);
    expect(result.digest).toBe(await digestWithout5());
  });

  it('does not hold up an interruption when it hangs', async () => {
    const signal = AbortSignal.timeout(500);
    const result = await sweepToy({ source: spoilt('if (seed === 5n) for (;;);'), runs: 12, signal });
    expect(result).toMatchObject({ end: 'interrupted', problems: [] });
  });

  it('takes no other seed with it when several die', async () => {
    const result = await sweepToy({ source: spoilt('if (seed % 2n === 0n) process.exit(1)'), runs: 12, jobs: 2 });
    expect(result.runs).toBe(12);
    expect(result.problems.map(({ seed }) => seed)).toEqual([2n, 4n, 6n, 8n, 10n, 12n]);
  });

  it('is not kept alive by a host timer that a run left behind', async () => {
    const result = await sweepToy({ source: spoilt('setInterval(() => {}, 1000)') });
    expect(result).toMatchObject({ runs: 20, problems: [] });
  });

  it('reports an exception of the generator as a mistake of the world’s author', async () => {
    const result = await sweepToy({ source: spoilt("if (seed === 5n) throw new Error('no such scenario')") });
    expect(result.problems).toMatchObject([
      { seed: 5n, verdict: 'world-error', problem: expect.stringMatching(/^generate threw Error: no such scenario/) },
    ]);
  });

  it('fails the sweep when it cannot load the world', async () => {
    const missing: Source = { ...toy, world: { ...toy.world, name: 'noWorld' } };
    await expect(sweepToy({ source: missing })).rejects.toThrow('exports no noWorld');
  });
});

/** The digest of seeds 1 to 12 but for 5, from two sweeps that several tests compare with. */
let without5: Promise<string> | undefined;
function digestWithout5(): Promise<string> {
  without5 ??= Promise.all([sweepToy({ runs: 4 }), sweepToy({ from: 6n, runs: 7 })]).then(sumOf);
  return without5;
}

function sumOf(parts: readonly SweepResult[]): string {
  return digestText(parts.reduce((sum, { digest }) => addDigests(sum, BigInt(`0x${digest}`)), 0n));
}
