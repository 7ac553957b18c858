/** The commands on a world that is not ours, as its author starts them: TypeScript as it is, in a folder of its own. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { type Ended, sim } from './testing/command.testing.ts';

const PAGE = readFileSync('docs/your-own-world.md', 'utf8');
const [, COUNTERS = ''] = /^`counters\.ts`:\n\n```ts\n(.*?)^```$/ms.exec(PAGE) ?? [];
/** What is only about MeshOS. */
const OURS = /mesh|netMesh|mutant|planted|conform|strict/i;

const folder = scratchFolder();
const FORGET = ['--world', 'counters.ts', '--semantics', 'forget'];
const run = (...args: readonly string[]): Promise<Ended> => sim(args, { cwd: folder });
const file = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** The words of a printed command, as a shell takes them. */
function wordsOf(text: string, command: RegExp): readonly string[] {
  const [, line = ''] = command.exec(text) ?? [];
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/meshos-sim'), 'dir');
  for (const name of ['zod', 'vitest']) symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'counters.ts'), COUNTERS);
});

describe("a sweep of a world of the user's", () => {
  let swept: Ended;

  beforeAll(async () => {
    swept = await run('sweep', ...FORGET, '--runs', '40', '--jobs', '2', '--out', 'swept');
  });

  it('finds what it breaks, in workers, and says nothing of MeshOS', () => {
    expect(swept.err).toBe('');
    expect(swept.status).toBe(1);
    expect(swept.out).toContain('together: ');
    expect(swept.out.replaceAll('meshos-sim', '')).not.toMatch(OURS);
  });

  it('prints commands that carry the world, and do again what they are printed for', async () => {
    const args = wordsOf(swept.out, /^ {2}replay *\n?npx sim (.+)$/m);
    expect(args.slice(0, 3)).toEqual(['replay', '--world', 'counters.ts']);
    const replayed = await run(...args);
    expect(replayed.out).toMatch(/^violated as expected/);
    expect(replayed.status).toBe(0);
    const [again] = /npx sim run --world counters\.ts --seed \d+ --semantics forget/.exec(swept.out) ?? [''];
    expect((await run(...again.split(' ').slice(2))).status).toBe(1);
  });

  it('writes files that name the world, and no schema of MeshOS', () => {
    const [, path = ''] = /(swept\/\S+\.yaml)/.exec(swept.out) ?? [];
    expect(file(path)).toContain('world: counters\n');
    expect(file(path)).not.toContain('schema');
  });
});

describe('the other commands', () => {
  it('shrink, write a scenario to start from, and replay it', async () => {
    expect(await run('shrink', ...FORGET, '--seed', '1', '-o', 'small.yaml')).toMatchObject({ status: 0 });
    expect(file('small.yaml')).toContain('violates: together');
    const made = await run('new', '--world', 'counters.ts#counters', 'first');
    expect(made.out).toContain('npx sim replay --world counters.ts#counters first.yaml');
    const replayed = await run('replay', '--world', 'counters.ts#counters', 'first.yaml', 'small.yaml');
    expect(replayed.out).toMatch(/^held +first\.yaml\nviolated as expected +small\.yaml/);
  });

  it('say which world a file wants and which is loaded', async () => {
    writeFileSync(join(folder, 'other.yaml'), 'format: 1\nworld: ../evil.mjs\n');
    const { status, out } = await run('replay', '--world', 'counters.ts', 'other.yaml');
    expect(status).toBe(64);
    expect(out).toContain('other.yaml:2:8: world: expected "counters", the world that is loaded; found "../evil.mjs"');
  });

  it('take the world of package.json, which printed commands need not repeat', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    writeFileSync(join(inner, 'package.json'), '{ "sim": { "world": "../counters.ts" } }');
    const ran = await sim(['run', '--seed', '1', '--semantics', 'forget'], { cwd: inner });
    expect(ran.status).toBe(1);
    expect(ran.out).toContain('npx sim run --seed 1 --semantics forget');
    expect((await sim(['--help'], { cwd: inner })).out).not.toMatch(/mutants|conform/);
  });

  it('help without a word on MeshOS', async () => {
    for (const command of ['run', 'sweep', 'replay', 'shrink', 'new']) {
      const { out } = await run(command, '--world', 'counters.ts', '--help');
      expect(out).toContain('--world');
      expect(out.replace('or else MeshOS', '')).not.toMatch(OURS);
    }
  });

  it('tell a mistake in the world in one line', async () => {
    writeFileSync(join(folder, 'broken.ts'), 'const a: number = 1;\nexport const counters = { name: String(a) };\n');
    for (const args of [['run'], ['sweep', '--runs', '3'], ['shrink', '--seed', '1', '-o', 'x.yaml'], ['new', 'x']]) {
      const { status, out, err } = await run(...args, '--world', 'broken.ts#counters');
      expect([status, out]).toEqual([70, '']);
      expect(err).toMatch(/^sim: world-error: \/.*\/broken\.ts:2:8: counters is no World: it has no semantics, .*\n$/);
    }
    expect((await run('run', '--world', 'gone.ts')).status).toBe(64);
  });

  it('tell what a member throws outside of a run in one line', async () => {
    const generate = `generate: () => { throw new Error('mine'); }`;
    writeFileSync(
      join(folder, 'throws.ts'),
      `import { counters } from './counters.js';\nexport const thrower = { ...counters, ${generate} };`,
    );
    const { status, err } = await run('shrink', '--world', 'throws.ts#thrower', '--seed', '1', '-o', 'y.yaml');
    expect(status).toBe(70);
    expect(err).toMatch(/^sim: world-error: \/.*\/throws\.ts:2:\d+: Error: mine\n$/);
  });
});

describe('a simulated test', () => {
  const NAME = 'lost.test.ts#a counter counts';

  beforeAll(() => {
    writeFileSync(
      join(folder, 'lost.test.ts'),
      `import { beforeEach, describe, expect, it } from 'vitest';
      import { simTest } from 'meshos-sim/vitest';
      import { simulate } from 'meshos-sim';
      beforeEach(() => { throw new Error('no hook runs'); });
      it('is no simulation', () => { throw new Error('no test runs'); });
      const operations = { add: { times: 3, at: [0, 20] } } as const;
      describe.concurrent('a counter', () => {
        simTest('counts', { operations }, (sim) => {
          let count = 0;
          return { add: async () => { const had: number = count; await sim.sleep(10); count = had + 1; expect(count).toBeLessThan(2); } };
        });
        it.skip('holds', simulate({ operations }, () => ({ add: () => {} })));
      });`,
    );
  });

  it('is swept by its name, and its files are replayed', async () => {
    const swept = await run('sweep', '--world', NAME, '--runs', '30', '--out', 'tests');
    expect(swept.err).toBe('');
    expect(swept.status).toBe(1);
    const replayed = await run(...wordsOf(swept.out, /^npx sim (replay .+)$/m));
    expect(replayed.out).toMatch(/^violated as expected/);
  });

  it('is named where it is not: with all that there are', async () => {
    expect((await run('run', '--world', 'lost.test.ts')).err).toMatch(
      /lost\.test\.ts: has 2 worlds \(a counter counts, a counter holds\); name one, as '#a counter counts'\n$/,
    );
    expect((await run('run', '--world', 'lost.test.ts#a counter holds', '--seed', '1')).status).toBe(0);
  });
});
