/** What is given for a folder that is to be read, to the command and by itself. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { sim } from '../testing/command.testing.ts';
import { checkFolder } from './folder.ts';

describe('a folder to read', () => {
  it('may be none yet, as far as this goes', () => {
    const folder = scratchFolder();
    checkFolder(folder);
    checkFolder(join(folder, 'none'));
  });

  it.each([
    ['conform', 'README.md', 'a file'],
    ['conform', '/dev/null', 'a pipe, a socket or a device'],
    ['mutants --dir', 'README.md', 'a file'],
    ['mutants --dir', '/dev/null', 'a pipe, a socket or a device'],
  ])('is refused by %s where it is %s', async (words, path, found) => {
    const { status, out, err } = await sim([...words.split(' '), path]);
    expect({ status, out, err }).toEqual({
      status: 64,
      out: '',
      err: `sim: ${path}: expected a folder; found ${found}\n`,
    });
  });
});
