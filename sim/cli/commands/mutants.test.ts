/** `sim mutants` as a process: what it refuses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { folderOf, mutants } from '../testing/mutants.testing.ts';

const OWN = fileURLToPath(new URL('../../../mutants', import.meta.url));
const folder = scratchFolder();

/** Some build several workers: a second or two, and many on a machine that does other things besides. */
describe('sim mutants', { timeout: 120_000 }, () => {
  it.each([
    ['a folder that is not there', () => ['--dir', join(folder, 'none')]],
    ['a name that no mutant has', () => ['--only', 'nobody']],
    ['a text that matches nothing', () => ['--dir', folderOf('gone', 'no such text', 'x')]],
    ['a text that matches twice', () => ['--dir', folderOf('twice', 'seqNumber', 'x')]],
    [
      'a test that is not there',
      () => ['--dir', folderOf('t', 'a', 'b', 'src/a.ts', { detector: 'property', test: 'x' })],
    ],
    ['a file for a folder', () => ['--dir', 'README.md']],
    ['no trials', () => ['--trials', '0']],
    ['a record of some of them', () => ['--record', '--only', 'canary']],
    ['a record of those of others', () => ['--record', '--dir', folder]],
  ])('refuses %s in one line', (_what, args) => {
    const { status, stdout, stderr } = mutants(...args());
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toMatch(/^sim: [^\n]+\n$/);
  });

  it('has a canary of its own, which is not to be chosen', () => {
    expect(mutants('--only', 'canary').stderr).toContain('--only: canary is looked for every time');
    expect(readFileSync(join(OWN, 'canary.yaml'), 'utf8')).toContain('failure-seq');
  });
});
