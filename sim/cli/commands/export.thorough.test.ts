/** Failures of simulated tests as scripts that Node alone runs. */
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { program, sim } from '../testing/command.testing.ts';

const cwd = scratchFolder();
const modules = join(cwd, 'node_modules');

const TESTS = `import { describe, expect as expected } from 'vitest';
import { simTest } from 'meshos-sim/vitest';
import { oneMore, type Count } from './count.js';

const operations = { add: { times: 2, at: [0, 20] } } as const;
const assert = 'a name that the script has a use for, too';

describe('a counter', () => {
  simTest('counts', { operations }, (sim) => {
    let count: Count = 0;
    let wanted: Count = 0;
    return {
      add: async () => { const had = count; await sim.sleep(10); count = oneMore(had); wanted += 1; expected(count, assert).toBe(wanted); },
    };
  });
  simTest('waits', { operations, faults: 'none' }, () => ({ add: () => new Promise<void>(() => {}) }));
  simTest('stops', { operations: { wait: { at: 0 } }, faults: ['abort'] }, (sim) => ({
    wait: async ({ signal }) => {
      signal.addEventListener('abort', () => { throw new Error('nobody listens'); });
      await sim.sleep(200);
    },
  }));
  simTest('crashes', { operations, faults: ['node-crash'] }, (sim) => {
    let up = 0;
    sim.node('server', () => { up += 1; });
    return { finally: () => expected(up).toBe(1), add: () => {} };
  });
});
`;

/** A small scenario file of a test, as the command makes it. */
async function keptOf(test: string): Promise<string> {
  const world = `count.test.ts#a counter ${test}`;
  const swept = await sim(['sweep', '--world', world, '--runs', '200', '--max-failures', '1', '--out', test], { cwd });
  const [, path] = /(\S+\.yaml)/.exec(swept.out) ?? [];
  if (path === undefined) throw new Error(swept.out + swept.err);
  return path;
}

const exported = (test: string, ...args: readonly string[]) =>
  sim(['export', '--world', `count.test.ts#a counter ${test}`, ...args], { cwd });

beforeAll(() => {
  mkdirSync(modules);
  symlinkSync(resolve('.'), join(modules, 'meshos-sim'));
  for (const name of ['vitest', 'rolldown']) symlinkSync(resolve('node_modules', name), join(modules, name));
  writeFileSync(join(cwd, 'count.test.ts'), TESTS);
  writeFileSync(
    join(cwd, 'count.ts'),
    'export type Count = number;\nexport const oneMore = (n: Count): Count => n + 1;\n',
  );
  writeFileSync(join(cwd, 'count.js'), 'export const oneMore = (n) => n + 1;\n');
});

describe('a plain script', () => {
  it.each([
    ['counts', /^failed: add\d:\nAssertionError.*: expected 1 toBe 2/],
    ['waits', /^failed: add1(?:, add2)? never settled: nothing is left to do/],
    ['stops', /^failed: thrown outside of a caller:\nError: nobody listens/],
  ])('fails as the simulated test %s did, without any package', async (test, message) => {
    const kept = await keptOf(test);
    const { out, status } = await exported(test, '--plain', kept, '-o', `${test}.mjs`);
    expect(out).toBe(`${test}.mjs\n\nit failed in 3 of 3 tries here\nrun: node ${test}.mjs\n`);
    expect(status).toBe(0);
    expect(readFileSync(join(cwd, `${test}.mjs`), 'utf8')).not.toContain('meshos');
    renameSync(modules, `${modules}-away`);
    const ran = await program(process.execPath, [`${test}.mjs`], { cwd });
    renameSync(`${modules}-away`, modules);
    expect(ran.err).toMatch(message);
    expect(ran.status).toBe(1);
    expect((await exported(test, '--plain', kept, '-o', `${test}.mjs`)).status).toBe(64);
  });

  it('is not written of a test whose nodes crash, nor of a scenario that holds', async () => {
    const kept = await keptOf('crashes');
    const crashes = await exported('crashes', '--plain', kept, '-o', 'crashes.mjs');
    expect(crashes).toMatchObject({ status: 64, out: '' });
    expect(crashes.err).toMatch(/: a plain script is one process, and cannot do node-crash\n$/);
    await sim(['new', '--world', 'count.test.ts#a counter stops', 'calm'], { cwd });
    const calm = await exported('stops', '--plain', 'calm.yaml', '-o', 'calm.mjs');
    expect(calm.err).toBe('sim: calm.yaml: held: there is no failure to write a script of\n');
    expect(existsSync(join(cwd, 'calm.mjs')) || existsSync(join(cwd, 'crashes.mjs'))).toBe(false);
  });
});
