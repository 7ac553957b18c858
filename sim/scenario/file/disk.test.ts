import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { byCodePoint, FILE_BYTES_MAX, findScenarioFiles, readRegularFile } from './disk.ts';

let root: string;

beforeAll(() => {
  root = scratchFolder();
  for (const folder of ['b', 'a/deep', 'empty', '.hidden', 'odd.yaml', 'part/closed'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of [
    'b/2.yml',
    'b/10.json',
    'b/notes.md',
    'a/deep/x.yaml',
    'a/z.yaml',
    'a/Z.YML',
    'part/1.yaml',
    '.hidden/h.yaml',
    'odd.yaml/o.yaml',
  ]) {
    writeFileSync(join(root, file), `name: ${file}`);
  }
  execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
  symlinkSync('nowhere', join(root, 'dangling.yaml'));
  symlinkSync('b/2.yml', join(root, 'link.yaml'));
  symlinkSync('.', join(root, 'loop'));
  writeFileSync(join(root, 'huge'), '');
  truncateSync(join(root, 'huge'), 50 * 1024 * 1024);
  writeFileSync(join(root, 'full'), 'x'.repeat(FILE_BYTES_MAX));
});

const read = (path: string) => readRegularFile(join(root, path));

describe('reading', () => {
  it('gives the bytes of a regular file, behind a link too', () => {
    expect(read('b/2.yml')).toEqual({ ok: true, value: Buffer.from('name: b/2.yml') });
    expect(read('link.yaml')).toMatchObject({ ok: true });
    expect(read('full')).toMatchObject({ ok: true });
  });

  it.each([
    ['b', 'expected a file; found a folder'],
    ['pipe.yaml', 'expected a file; found a pipe, a socket or a device'],
    ['../../dev/zero', 'expected a file; found a pipe, a socket or a device'],
    ['huge', 'expected at most 4194304 bytes; found 52428800'],
    ['no-such', 'there is no such file or folder'],
    ['b/2.yml/x', 'there is no such file or folder'],
    ['dangling.yaml', 'there is no such file or folder'],
    ['x\0y', 'cannot be read (ERR_INVALID_ARG_VALUE)'],
  ])('says of %j what it is', (path, problem) => {
    expect(path.includes('zero') ? readRegularFile('/dev/zero') : read(path)).toEqual({ ok: false, problem });
  });

  it('takes no more of a file than a scenario may have, whatever size it says it has', () => {
    // Of size 0 by its own account.
    expect(readRegularFile('/proc/self/maps')).toMatchObject({ ok: true });
  });
});

/** What is found at paths of the folder, and after a dash why nothing is. */
function found(...paths: readonly string[]): readonly string[] {
  return findScenarioFiles(paths.map((path) => join(root, path))).map(({ path, problem }) =>
    [relative(root, path), ...(problem === undefined ? [] : [problem])].join(' - '),
  );
}

/** What an act gives to whom files may be forbidden, which they are not to root. */
function asAnybody<T>(act: () => T): T {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  try {
    return act();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

describe('looking for scenario files', () => {
  it('goes through folders in order of code points, and takes each file once', () => {
    expect(found('', 'b', 'b/notes.md')).toEqual([
      'a/Z.YML',
      'a/deep/x.yaml',
      'a/z.yaml',
      'b/10.json',
      'b/2.yml',
      'dangling.yaml',
      'link.yaml',
      'odd.yaml/o.yaml',
      'part/1.yaml',
      'pipe.yaml',
      'b/notes.md',
    ]);
  });

  it('leaves it to reading to say what is wrong with what was named', () => {
    expect(found('no-such', 'b/notes.md')).toEqual(['no-such', 'b/notes.md']);
  });

  it('says of a folder why it gives none, and of one within, beside what others give', () => {
    expect(found('empty')).toEqual(['empty - holds no scenario files (.yaml, .yml or .json)']);
    chmodSync(root, 0o755);
    chmodSync(join(root, 'part/closed'), 0);
    expect(asAnybody(() => found('part'))).toEqual(['part/1.yaml', 'part/closed - may not be read']);
  });

  it('orders by code points, not by UTF-16 units', () => {
    expect(['\ufb01', '😀', 'z', 'Z', 'é'].sort(byCodePoint)).toEqual(['Z', 'z', 'é', '\ufb01', '😀']);
  });
});
