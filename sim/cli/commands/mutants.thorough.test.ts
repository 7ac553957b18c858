/** What `sim mutants` says and ends with when it has measured, as a process. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { sim } from '../testing/command.testing.ts';
import { BY_CONFORM, folderOf, mutants } from '../testing/mutants.testing.ts';

/** Whether the bug of the second mutant stands in its copy of the build, which is the last thing that is done to plant it. */
function isPlanted(scratch: string): boolean {
  const copy = readdirSync(scratch).find((name) => name.startsWith('mutant-missed-'));
  const file = join(scratch, copy ?? '', 'dist/src/chain/frame.js');
  return existsSync(file) && readFileSync(file, 'utf8').includes('PAYLOAD_BYTES_MAX = 15');
}

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
        // The first was measured by then, and nothing keeps the process from hearing of the signal at once.
        while (!isPlanted(scratch)) await setTimeout(50);
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
