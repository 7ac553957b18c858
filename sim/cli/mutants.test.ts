/** `sim mutants` as a process: what it refuses, and the exit statuses that scripts depend on. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../scratch-folder.testing.ts';
import { MAIN, sim } from './command.testing.ts';

const OWN = fileURLToPath(new URL('../../mutants', import.meta.url));
const folder = scratchFolder();

function mutants(...args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, 'mutants', ...args], { encoding: 'utf8' });
}

const BY_CONFORM = { detector: 'conform' };
const BY_SWEEP = { detector: 'sweep', invariant: 'settle' };

/** A folder with one mutant, which replaces `find` in a file by `replace`. */
function folderOf(
  id: string,
  find: string,
  replace: string,
  file = 'src/chain/frame.ts',
  detector: object = BY_SWEEP,
): string {
  const dir = scratchFolder();
  const mutant = {
    title: 't',
    file,
    find,
    replace,
    why: 'w',
    origin: 'o',
    ...detector,
  };
  writeFileSync(join(dir, `${id}.json`), JSON.stringify(mutant));
  return dir;
}

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

  it('looks for the mutants of another folder beside its own canary, and says with its status that one was missed', () => {
    const dir = folderOf('found', '#nextSeq = 1n;', '#nextSeq = 2n;', 'src/node/journal.ts');
    cpSync(folderOf('missed', 'PAYLOAD_BYTES_MAX = 16', 'PAYLOAD_BYTES_MAX = 15'), dir, { recursive: true });
    const { status, stdout } = mutants('--dir', dir, '--trials', '1', '--runs', '3', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      void: false,
      canary: { id: 'canary', detected: true },
      mutants: [
        { id: 'found', detected: true },
        { id: 'missed', detected: false },
      ],
    });
  });

  it('says what it measured when it is interrupted, leaves no folder behind, and ends with 130', async () => {
    const dir = folderOf('found', 'supported: this.version }', 'supported: seen }', 'src/chain/wire.ts', BY_CONFORM);
    cpSync(folderOf('missed', 'PAYLOAD_BYTES_MAX = 16', 'PAYLOAD_BYTES_MAX = 15'), dir, { recursive: true });
    const scratch = scratchFolder();
    const { status, out, err } = await sim(
      ['mutants', '--dir', dir, '--trials', '1', '--runs', '100000', '--jobs', '1', '--json'],
      {
        env: { TMPDIR: scratch },
        during: async (child) => {
          // The second stands when the first was measured.
          while (!readdirSync(scratch).some((name) => name.startsWith('mutant-missed-'))) await setTimeout(50);
          child.kill('SIGTERM');
        },
      },
    );
    expect(status).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ void: false, mutants: [{ id: 'found', detected: true }] });
    expect(err).toContain('sim: interrupted: 1 of 2 mutants were measured\n');
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('says that nothing it measured counts where the canary is not seen', () => {
    const dir = folderOf('canary', 'PAYLOAD_BYTES_MAX = 16', 'PAYLOAD_BYTES_MAX = 15');
    const { status, stdout } = mutants('--dir', dir, '--trials', '1', '--runs', '1', '--json');
    expect(status).toBe(70);
    expect(JSON.parse(stdout)).toMatchObject({ void: true, mutants: [] });
  });

  it('has a canary of its own, which is not to be chosen', () => {
    expect(mutants('--only', 'canary').stderr).toContain('--only: canary is looked for every time');
    expect(readFileSync(join(OWN, 'canary.yaml'), 'utf8')).toContain('failure-seq');
  });
});
