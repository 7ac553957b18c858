import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byCodePoint, FILE_BYTES_MAX, findScenarioFiles, readRegularFile } from './disk.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'disk-'));
  for (const folder of ['b', 'a/deep', 'empty', '.hidden', 'odd.yaml'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of [
    'b/2.yml',
    'b/10.json',
    'b/notes.md',
    'a/deep/x.yaml',
    'a/z.yaml',
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

afterAll(() => rmSync(root, { recursive: true }));

const read = (path: string) => readRegularFile(join(root, path));

describe('reading', () => {
  it('gives the bytes of a regular file, behind a link too', () => {
    expect(read('b/2.yml')).toEqual({ ok: true, value: Buffer.from('name: b/2.yml') });
    expect(read('link.yaml')).toMatchObject({ ok: true });
    expect(read('full')).toMatchObject({ ok: true });
  });

  it.each([
    ['b', 'expected a scenario file (.yaml, .yml or .json); found a folder'],
    ['pipe.yaml', 'expected a scenario file; found a pipe, a socket or a device'],
    ['../../dev/zero', 'expected a scenario file; found a pipe, a socket or a device'],
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

describe('looking for scenario files', () => {
  it('goes through folders in order of code points, and takes each file once', () => {
    const found = findScenarioFiles([root, join(root, 'b'), join(root, 'b/notes.md')]);
    expect(found.map((path) => path.slice(root.length + 1))).toEqual([
      'a/deep/x.yaml',
      'a/z.yaml',
      'b/10.json',
      'b/2.yml',
      'dangling.yaml',
      'link.yaml',
      'odd.yaml/o.yaml',
      'pipe.yaml',
      'b/notes.md',
    ]);
  });

  it('leaves it to reading to say what is wrong with what was named', () => {
    const named = [join(root, 'empty'), join(root, 'no-such')];
    expect(findScenarioFiles(named)).toEqual(named);
  });

  it('orders by code points, not by UTF-16 units', () => {
    expect(['\ufb01', '😀', 'z', 'Z', 'é'].sort(byCodePoint)).toEqual(['Z', 'z', 'é', '\ufb01', '😀']);
  });
});
