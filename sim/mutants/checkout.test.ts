import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { Checkout, ownRoot } from './checkout.ts';
import { type Mutant, MutantError } from './mutant.ts';

/** A checkout of one source, which says `low < high` once and `high` twice. */
const root = scratchFolder();
const SOURCE = 'export const between = (low: number, high: number): boolean => low < high;\n';
const BUILT = 'export const between = (low, high) => low < high;\n';

for (const [path, text] of [
  ['src/a.ts', SOURCE],
  ['dist/src/a.js', BUILT],
  ['dist/src/a.d.ts', 'export declare const between: unknown;\n'],
  ['dist/sim/b.js', "export { between } from '../src/a.js';\n"],
  ['src/stale.ts', 'export const stale = 2;\n'],
  ['dist/src/stale.js', 'export const stale = 1;\n'],
] as const) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package.json'])
  cpSync(join(ownRoot(), file), join(root, file));
symlinkSync(join(ownRoot(), 'node_modules'), join(root, 'node_modules'));
const checkout = new Checkout(root);

function mutant(change: Partial<Mutant>): Mutant {
  return {
    id: 'm',
    title: 't',
    file: 'src/a.ts',
    find: 'low < high',
    replace: 'low <= high',
    why: 'w',
    origin: 'o',
    historic: false,
    smoke: false,
    detector: { kind: 'conform' },
    ...change,
  };
}

describe('planting a bug', () => {
  it('puts it into a copy of the build, where everything that is built sees it', () => {
    const scratch = checkout.plant(mutant({}));
    try {
      const script = `import { between } from ${JSON.stringify(join(scratch.build, 'sim/b.js'))}; console.log(between(1, 1));`;
      expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe(
        'true\n',
      );
      expect(readFileSync(scratch.planted, 'utf8').slice(scratch.offset)).toBe('= high;\n');
    } finally {
      scratch.remove();
    }
    expect(existsSync(scratch.build)).toBe(false);
  });

  it('leaves sources and build as they were', () => {
    checkout.plant(mutant({})).remove();
    expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe(SOURCE);
    expect(readFileSync(join(root, 'dist/src/a.js'), 'utf8')).toBe(BUILT);
  });

  it('can be done in a copy of the sources instead', () => {
    const copy = checkout.plantInSources(mutant({}));
    try {
      expect(readFileSync(join(copy.folder, 'src/a.ts'), 'utf8')).toContain('low <= high');
    } finally {
      copy.remove();
    }
    expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe(SOURCE);
  });

  it.each([
    ['a text that does not stand there', { find: 'low > high' }, 'does not stand in src/a.ts'],
    ['a text that stands there twice', { find: 'high' }, 'stands in src/a.ts more than once'],
    ['a change that is no TypeScript', { replace: 'low <' }, 'does not compile'],
    ['a file that is not there', { file: 'src/none.ts' }, 'there is no src/none.ts'],
    ['a change that compiles to the same', { find: 'boolean', replace: 'true' }, 'makes no difference'],
    ['a build of other sources', { file: 'src/stale.ts', find: '2', replace: '3' }, 'was not built from src/stale.ts'],
  ])('is refused for %s', (_what, change, why) => {
    expect(() => checkout.plant(mutant(change))).toThrow(MutantError);
    expect(() => checkout.plant(mutant(change))).toThrow(why);
  });
});

it('is refused where there is no folder for the copy', () => {
  vi.stubEnv('TMPDIR', join(root, 'none'));
  try {
    expect(() => checkout.plant(mutant({}))).toThrow(MutantError);
  } finally {
    vi.unstubAllEnvs();
  }
});

it('counts a text that overlaps itself as standing there twice', () => {
  writeFileSync(join(root, 'src/overlap.ts'), 'export const dots = "....";\n');
  expect(() => checkout.check(mutant({ file: 'src/overlap.ts', find: '...' }))).toThrow('more than once');
});

it('cannot be done without sources', () => {
  expect(() => new Checkout(tmpdir())).toThrow(MutantError);
});
