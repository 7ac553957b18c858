/** A simulated test, from its options to what a test runner is shown. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Mutex } from './mutex.testing.ts';
import { simulate } from './simulate.ts';
import { ranTest, testFile } from './simulated.testing.ts';

/** Two readers of a counter that each write back what they read and one more. */
const lostUpdate = (isFixed = false) =>
  simulate({ operations: { add: { times: 3, at: [0, 100], forMs: [0, 30] } }, faults: 'none' }, (sim) => {
    let count = 0;
    let added = 0;
    return {
      add: async ({ forMs }) => {
        const before = count;
        if (isFixed) count += 1;
        await sim.sleep(forMs);
        if (!isFixed) count = before + 1;
        added += 1;
      },
      finally: () => expect(count).toBe(added),
    };
  });

describe('a failure', () => {
  it('is the error of the assertion, with its difference and the line of the test on top of its stack', async () => {
    const { error } = await ranTest(lostUpdate());
    expect(error).toMatchObject({ name: 'AssertionError', actual: expect.any(Number), expected: expect.any(Number) });
    expect(error?.stack?.split('\n').find((line) => line.startsWith('    at '))).toContain('simulate.test.ts');
  });

  it('is told on one screen: what it needs, what led to it, how to see it again and where it is kept', async () => {
    const file = testFile();
    const { error, kept } = await ranTest(lostUpdate(), { file });
    const [message = '', ...story] = error?.message.split('\n').filter((line) => line !== '') ?? [];
    expect(message).toMatch(/^expected 1 to be 2/);
    expect(story.map((line) => line.replace(/\d+/g, 'N').replace(/\S*\/simulated-\w+/, 'FOLDER'))).toEqual([
      '  simulated: seed N, run N of N',
      '  shrunk from N operations, N faults, all choices by seed to N operations, N faults, N pinned choices',
      '  it needs',
      '    N ms  addN  add { forMs: N }',
      '    N ms  addN  add { forMs: N }',
      '  what led to it',
      '    N ms  addN began',
      '    N ms  addN began',
      '    N ms  addN returned',
      '    N ms  addN returned',
      '    N ms  finally failed AssertionError: expected N to be N // Object.is equality',
      expect.stringMatching(/^ {2}replay {2}SIM_SEED=N npx vitest run FOLDER\S* -t '\^a test\$'$/),
      expect.stringMatching(/^ {2}kept {4}FOLDER\S*\/a test\.yaml$/),
    ]);
    expect(kept).toHaveLength(1);
  });

  it('is 1-minimal, with the simplest values that still fail', async () => {
    const { kept } = await ranTest(lostUpdate());
    const text = readFileSync(kept[0] ?? '', 'utf8');
    expect(text.match(/kind: add/g)).toHaveLength(2);
    expect(text).toContain('at: 0, kind: add, forMs: 0');
    expect(text).toContain('violates: expectation');
  });

  it('comes again with its seed, which is then the only run', async () => {
    const { error } = await ranTest(lostUpdate());
    const seed = /seed (\d+)/.exec(error?.message ?? '')?.[1] ?? '';
    const again = await ranTest(lostUpdate(), { env: { SIM_SEED: seed } });
    expect(again.error?.message).toContain(`simulated: seed ${seed}\n`);
    expect((await ranTest(lostUpdate(true), { env: { SIM_SEED: seed } })).error).toBeUndefined();
  });

  it('is an operation that waits for what never comes, with the line of its await on top of its stack', async () => {
    const { error } = await ranTest(
      simulate(
        { operations: { work: { times: 4, at: [0, 50], forMs: [0, 20] }, look: { times: 2, at: [0, 50] } } },
        (sim) => {
          const mutex = new Mutex();
          return {
            work: async ({ forMs }) => {
              const release = await mutex.acquire();
              await sim.sleep(forMs);
              release();
            },
            look: () => mutex.free(),
          };
        },
      ),
    );
    expect(error?.message).toMatch(/^test\/look\d at \S+:\d+:\d+ waits, and nothing wakes it/);
    expect(error?.stack).toMatch(/\n {4}at \S*simulate\.test\.ts:\d+:\d+$/);
  });

  it('is a rejection that nobody handles, and what a timer throws', async () => {
    const fail = (): never => {
      throw new Error('lost');
    };
    for (const late of [() => void Promise.reject(new Error('lost')), () => void setTimeout(fail, 5)]) {
      const { error } = await ranTest(simulate({ operations: { go: {} } }, () => ({ go: late })));
      expect(error?.message).toMatch(/^lost/);
      expect(error?.stack).toContain('simulate.test.ts');
    }
  });
});

describe('a kept file', () => {
  it('is replayed before any seed, and red as long as it fails', async () => {
    const file = testFile();
    await ranTest(lostUpdate(), { file });
    const { error, kept } = await ranTest(lostUpdate(), { file });
    expect(error?.message).toMatch(/^expected 1 to be 2/);
    expect(error?.message).toContain('a test.yaml, which was kept');
    expect(kept).toHaveLength(1);
  });

  it('is green with a note once it is fixed', async () => {
    const file = testFile();
    await ranTest(lostUpdate(), { file });
    const { error, notes } = await ranTest(lostUpdate(true), { file });
    expect(error).toBeUndefined();
    expect(notes).toEqual([
      expect.stringMatching(/a test\.yaml is fixed: expectation was expected to be violated, but holds/),
    ]);
  });

  it('is red if it is stale: the test has no such operation any more', async () => {
    const file = testFile();
    await ranTest(lostUpdate(), { file });
    const { error } = await ranTest(
      simulate({ operations: { put: {} } }, () => ({ put: () => {} })),
      { file },
    );
    expect(error?.message).toMatch(/a test\.yaml is stale: .*kind: expected put; found "add"/);
  });

  it('is red if it is vacuous: what it says never happens', async () => {
    const file = testFile();
    const { kept } = await ranTest(lostUpdate(), { file });
    const path = kept[0] ?? '';
    const fault = 'faults:\n  - { key: f1, at: 0, kind: node-crash, node: gone, forMs: 5 }';
    writeFileSync(path, readFileSync(path, 'utf8').replace('faults: []', fault));
    const { error } = await ranTest(lostUpdate(true), { file });
    expect(error?.message).toMatch(/a test\.yaml is vacuous: fault f1 \(node-crash\) was never injected/);
  });

  it('is not written again where a seed gives the same', async () => {
    const file = testFile();
    const { error } = await ranTest(lostUpdate(), { file });
    const seed = /seed (\d+)/.exec(error?.message ?? '')?.[1] ?? '';
    const { kept } = await ranTest(lostUpdate(), { file, env: { SIM_SEED: seed } });
    expect(kept).toHaveLength(1);
  });

  it('is that of its test only, whatever the names have in common', async () => {
    const file = testFile();
    await ranTest(lostUpdate(), { file, name: 'adds twice' });
    expect((await ranTest(lostUpdate(true), { file, name: 'adds' })).notes).toEqual([]);
    expect((await ranTest(lostUpdate(true), { file, name: 'adds twice' })).notes).toHaveLength(1);
  });

  it('goes to the artefacts where CI runs the test', async () => {
    const { error, kept } = await ranTest(lostUpdate(), { name: 'in CI', env: { CI: 'true' } });
    rmSync('reports/sim/a.test.ts', { recursive: true });
    expect(kept).toEqual([]);
    expect(error?.message).toMatch(/kept {4}reports\/sim\/a\.test\.ts\/in CI\.yaml\n$/);
  });
});

describe('the runs of a test', () => {
  const counted = (options: Parameters<typeof simulate>[0]) => {
    const counts = { runs: 0 };
    const test = simulate(options, () => {
      counts.runs += 1;
      return {};
    });
    return { counts, test };
  };

  it('are a hundred, or as many as the option or SIM_RUNS says', async () => {
    for (const [runs, options, env] of [
      [100, {}, {}],
      [7, { runs: 7 }, {}],
      [3, { runs: 7 }, { SIM_RUNS: '3' }],
    ] as const) {
      const { counts, test } = counted(options);
      expect((await ranTest(test, { env })).error).toBeUndefined();
      expect(counts.runs).toBe(runs);
    }
  });

  it('end when the test runner gives the test up', async () => {
    const controller = new AbortController();
    let runs = 0;
    const test = simulate({ runs: 1_000_000 }, () => {
      runs += 1;
      if (runs === 5) controller.abort(new Error('given up'));
    });
    expect((await ranTest(test, { signal: controller.signal })).error?.message).toBe('given up');
    expect(runs).toBe(5);
  });

  it('are red if none of them reaches a mark that it should', async () => {
    const test = (reach: readonly string[]) =>
      simulate({ runs: 5, reach }, (sim) => {
        sim.reached('here');
      });
    expect((await ranTest(test(['here']))).error).toBeUndefined();
    expect((await ranTest(test(['here', 'there']))).error?.message).toMatch(
      /^vacuous: none of 5 runs reached there, which the option reach names, at \S*simulate\.test\.ts:\d+:\d+$/,
    );
  });
});

describe('assertions in runs', () => {
  it('leave no trace in the test runner: neither counts nor soft errors', async () => {
    const before = expect.getState().assertionCalls;
    const { error } = await ranTest(lostUpdate());
    expect(error).toBeDefined();
    expect(expect.getState().assertionCalls).toBe(before + 1);
  });
});
