/** `simTest` in vitest itself, in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SIM_TEST = fileURLToPath(new URL('./sim-test.ts', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'sim-test-'));
mkdirSync(join(folder, 'node_modules'));
for (const name of ['vitest', 'async-mutex']) {
  symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
}
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  readonly exit: number;
  readonly text: string;
}

function vitest(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const { SIM_RUNS: _runs, CI: _ci, ...inherited } = process.env;
  const command = [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    folder,
    '--reporter=verbose',
    ...args,
  ];
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...inherited, NO_COLOR: '1', ...env } };
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      const exit = typeof error?.code === 'number' ? error.code : error === null ? 0 : 1;
      resolve({ exit, text: `${stdout}${stderr}` });
    });
  });
}

const HEAD = `import { expect, describe } from 'vitest';\nimport { simTest } from ${JSON.stringify(SIM_TEST)};\n`;

function writeTest(name: string, code: string): void {
  writeFileSync(join(folder, name), `${HEAD}${code}`);
}

/** Adds one in two steps, between which another may come. */
const COUNTER = (name: string, between: string): string => `
simTest('${name}', { load: () => import('./counter.ts'), operations: { add: { times: 2, at: [0, 9] } } }, (sim, { add, count }) => {
  let added = 0;
  return {
    add: async () => { await add(${between}); added += 1; },
    finally: () => expect(count()).toBe(added),
  };
});
`;

describe('simTest', () => {
  let failed: Ran = { exit: -1, text: '' };

  beforeAll(async () => {
    writeFileSync(
      join(folder, 'counter.ts'),
      `let value: number = 0;
export const count = (): number => value;
export async function add(isSafe: boolean): Promise<void> {
  const before = value;
  if (!isSafe) await new Promise((resolve) => setTimeout(resolve, 5));
  value = before + 1;
}
`,
    );
    writeTest('lost.test.ts', COUNTER('counts', 'false'));
    writeTest(
      'sound.test.ts',
      `describe('a suite', () => {${COUNTER('counts', 'true')}});
simTest.skip('not this one', {}, () => expect(1).toBe(2));
simTest.each([1, 2])('takes %i', { runs: 3 }, (sim, module, n) => expect(module).toBe(undefined) ?? void n);
simTest('asserts', { runs: 20, operations: { look: { times: 5 } } }, () => {
  expect.assertions(0);
  return { look: () => expect(1).toBe(1) };
});
simTest('a mutex', { load: () => import('async-mutex'), operations: { go: { times: 3 } } }, (sim, { Mutex }) => {
  const mutex = new Mutex();
  return { go: () => mutex.runExclusive(() => sim.sleep(3)) };
});
`,
    );
    failed = await vitest([]);
  });

  it("fails with vitest's own difference and code frame, and the story of the run", () => {
    expect(failed.exit).toBe(1);
    expect(failed.text).toContain('AssertionError: expected 1 to be 2');
    expect(failed.text).toMatch(/- Expected\s+\+ Received\s+- 2\s+\+ 1/);
    expect(failed.text).toMatch(/❯ .*lost\.test\.ts:8:\d+/);
    expect(failed.text).toContain('finally: () => expect(count()).toBe(added)');
    expect(failed.text).toMatch(/replay {2}SIM_SEED=\d+ npx vitest run lost\.test\.ts -t '\^counts\$'/);
  });

  it('is green in a suite, skipped, with cases, with a number of assertions, and with a package', () => {
    expect(failed.text).toMatch(/Tests {2}1 failed \| 5 passed \| 1 skipped/);
  });

  it('replays by the line that it tells, in threads as well', async () => {
    const [, seed = '', pattern = ''] =
      /SIM_SEED=(\d+) npx vitest run lost\.test\.ts -t '(.*)'/.exec(failed.text) ?? [];
    const again = await vitest(['lost.test.ts', '-t', pattern, '--pool=threads'], { SIM_SEED: seed });
    expect(again.exit).toBe(1);
    expect(again.text).toContain(`simulated: seed ${seed}\n`);
  });

  it('replays files of a pattern in the tests that they name', async () => {
    const kept = join(folder, '__sim__/lost.test.ts');
    expect(readdirSync(kept)).toEqual(['counts.yaml']);
    mkdirSync(join(folder, 'regressions'));
    renameSync(join(kept, 'counts.yaml'), join(folder, 'regressions/lost.yaml'));
    writeTest('fixed.test.ts', `${COUNTER('counts', 'true')}simTest.replay('regressions/*.yaml');\n`);
    const { exit, text } = await vitest(['fixed.test.ts']);
    expect(text).toContain('replays regressions/lost.yaml');
    expect(text).toContain('is fixed: expectation was expected to be violated, but holds');
    expect(exit).toBe(0);
  });
});
