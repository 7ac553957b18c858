/** What a sweep makes of runs that loop, hoard, or suffer from what other runs left behind. */
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { statusOfSweep } from '../../cli/status.ts';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import type { SweepResult } from '../result.ts';
import { spoilt, sweepToy, toy } from '../toy-sweep.testing.ts';

// Each starts threads, one after another.
vi.setConfig({ testTimeout: 120_000 });

/** What came of each seed that did not hold. */
function grief({ failures, problems }: SweepResult): readonly string[] {
  return [
    ...failures.map(({ seed, invariant, message }) => `${seed} violated ${invariant}: ${message}`),
    ...problems.map(({ seed, verdict, problem }) => `${seed} ${verdict}: ${problem}`),
  ];
}

/** Keeps what a module keeps, for its thread. */
const counter = (name: string): string => `globalThis.${name} = (globalThis.${name} ?? 0) + 1`;

describe('a world that loops while it is loaded', () => {
  it('is a mistake of its author, which names its module and ends the sweep', async () => {
    const source = spoilt('', 'for (;;);');
    const result = await sweepToy({ source, runs: 12, loadWallMs: 500 });
    expect(grief(result)).toEqual([
      `1 world-error: the world's module did not load within 0.5 s of host time: ${source.world.module}`,
    ]);
    expect(result).toMatchObject({ end: 'lost', runs: 1, cutShort: 11 });
    expect(statusOfSweep(result)).toBe(70);
  });
});

describe('a run that takes too much', () => {
  it('is violated when it loops, by where it does', async () => {
    const source = spoilt('if (seed === 5n) (function spinning() { for (;;); })()');
    const result = await sweepToy({ source, runs: 12, runWallMs: 1_000 });
    expect(grief(result)).toEqual([
      expect.stringMatching(/^5 violated no-livelock: a loop did not end within 1 s of host time: at spinning \(.*/),
    ]);
    expect(result).toMatchObject({ runs: 12, failed: 1 });
  });

  it('is inconclusive when its heap is full, and the other seeds are made', async () => {
    const source = spoilt('if (seed === 5n) for (const all = []; ; ) all.push([seed, all.length])');
    const result = await sweepToy({ source, runs: 12, runHeapMb: 64 });
    expect(grief(result)).toEqual(['5 inconclusive: used more than 64 MB of memory: its heap was full']);
    expect(result.runs).toBe(12);
  });

  it('is inconclusive when it hoards what the heap does not bound, and is found among all that were under way', async () => {
    const hoard = 'for (const all = []; ; ) all.push(Buffer.alloc(1 << 24, 1))';
    const result = await sweepToy({ source: spoilt(`if (seed === 5n) ${hoard}`), runs: 12, jobs: 2, runMemoryMb: 64 });
    expect(grief(result)).toEqual(['5 inconclusive: used more than 64 MB of memory']);
    expect(result.runs).toBe(12);
  });
});

describe('what one run leaves to another', () => {
  const leaking = spoilt(`if ((${counter('made')}) % 9 === 0) rest[1] = 'forget'`);

  it.each([1, 2])('is no violation of that other, with %i workers', async (jobs) => {
    const result = await sweepToy({ source: leaking, runs: 40, jobs });
    expect(result.troubles.get('nondeterminism')).toBeGreaterThan(0);
    expect(result.failed).toBe(0);
    const [problem] = result.problems;
    expect(problem?.problem).toMatch(
      /^violated after other runs, held as the first run of a thread: some state is kept from run to run; digests [0-9a-f]{64} and [0-9a-f]{64}$/,
    );
  });

  it('is found where it changes no verdict, too', async () => {
    const source = spoilt(`const nth = ${counter('made')}; const made = toyWorld.generate(seed, ...rest);
      if (nth > 1) return { ...made, workload: made.workload.slice(1) }`);
    const result = await sweepToy({ source, runs: 40, jobs: 1 });
    expect(result.problems).not.toEqual([]);
    for (const { verdict, problem } of result.problems) {
      expect(`${verdict}: ${problem}`).toMatch(/^nondeterminism: held after other runs, held as the first run/);
    }
  });

  it('does not make a run fail that is violated by itself', async () => {
    const source = { ...spoilt(''), semantics: 'forget' };
    const result = await sweepToy({ source, runs: 60 });
    expect(result.failed).toBeGreaterThan(20);
    expect(result.problems).toEqual([]);
  });

  it('is no crash of a later run, when it throws during that one', async () => {
    // A worker is at a later run, or between two, when the timer of seed 3 is due.
    const late = "if (seed === 3n) setTimeout(() => { throw new Error('too late'); }, 400)";
    const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)';
    const result = await sweepToy({ source: spoilt(`${late}; ${wait}`), runs: 40, jobs: 1 });
    expect(result.runs).toBe(40);
    expect(grief(result)).toEqual([
      '3 nondeterminism: the run left something behind that threw after its end: Error: too late',
    ]);
  });
});

describe('a counter that the system keeps from run to run', () => {
  // Which of the runs has the action that is counted twice depends on which came before in its thread.
  const counting = `const made = toyWorld.build(scenario, harness); const apply = made.apply.bind(made);
    made.apply = (operation, name) => {
      if ((${counter('actions')}) % 97 === 0) made.view.left += 1;
      apply(operation, name);
    };
    return made;`;
  const code = `import { toyWorld } from ${JSON.stringify(toy.world.module)};
    export const world = { ...toyWorld, build: (scenario, harness) => { ${counting} } };`;
  const source = { ...toy, world: { module: `data:text/javascript,${encodeURIComponent(code)}`, name: 'world' } };

  it.each([1, 2])('is no violation of any seed, with %i workers', async (jobs) => {
    const result = await sweepToy({ source, runs: 60, jobs });
    expect(result).toMatchObject({ runs: 60, failed: 0, failures: [] });
    expect([...result.troubles.keys()]).toEqual(['nondeterminism']);
    expect(statusOfSweep(result)).toBe(3);
    for (const line of grief(result)) {
      expect(line).toMatch(
        /^\d+ nondeterminism: violated after other runs, held as the first run of a thread: .*; digests [0-9a-f]{64} and [0-9a-f]{64}$/,
      );
    }
  });
});

describe('a worker that dies outside of any run', () => {
  it('leaves what was done when no other can be started in its place', async () => {
    const marker = join(scratchFolder(), 'no-more-threads');
    const fs = "process.getBuiltinModule('fs')";
    const source = spoilt(
      `if (seed === 5n) { ${fs}.writeFileSync(${JSON.stringify(marker)}, ''); process.exit(1); }`,
      `if (${fs}.existsSync(${JSON.stringify(marker)})) throw new Error('no thread to be had');`,
    );
    const result = await sweepToy({ source, runs: 12, jobs: 1 });
    expect(result).toMatchObject({ end: 'lost', cutShort: expect.any(Number) });
    expect(result.runs + result.cutShort).toBe(12);
    expect(grief(result)).toEqual(['5 harness-error: the worker died: Error: it exited with code 1']);
  });
});
