/** `sim mutants` as a process, and folders of mutants for it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { MAIN } from './command.testing.ts';

export function mutants(...args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, 'mutants', ...args], { encoding: 'utf8' });
}

export const BY_CONFORM = { detector: 'conform' };
const BY_SWEEP = { detector: 'sweep', invariant: 'settle' };

/** A folder with one mutant, which replaces `find` in a file by `replace`. */
export function folderOf(
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
