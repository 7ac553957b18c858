/** Files for results, on this host's disk. */
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { UsageError } from '../arguments/values.ts';
import { checkNewFile, outputFile, sweepFolder, writeNewFile } from './output-file.ts';

let folder: string;
let there: string;

beforeEach(() => {
  folder = scratchFolder();
  there = join(folder, 'there');
  writeFileSync(there, 'mine');
});

const asIs = (text: string): string => text;
const read = (path: string): string => readFileSync(path, 'utf8');

const refused = (why: string) => new UsageError(why);

describe('a file for results', () => {
  it('is as it was until it is written, and is then whole, with nothing beside it', () => {
    const file = outputFile('--trace', there);
    expect(read(there)).toBe('mine');
    file.writeLines(['a', 'b'], asIs);
    expect(read(there)).toBe('a\nb\n');
    outputFile('--trace', join(folder, 'new')).writeLines(['a'.repeat(200_000), 'b'], asIs);
    expect(read(join(folder, 'new'))).toHaveLength(200_003);
    expect(readdirSync(folder)).toEqual(['new', 'there']);
  });

  it('stays as it was where it cannot be written to its end', () => {
    const broken = function* (): Generator<string> {
      yield 'a'.repeat(200_000);
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    const write = () => outputFile('--trace', there).writeLines(broken(), asIs);
    expect(write).toThrow(refused(`--trace: ${there} cannot be written (ENOSPC)`));
    expect(read(there)).toBe('mine');
    expect(readdirSync(folder)).toEqual(['there']);
  });

  it('is written where a link leads', () => {
    symlinkSync('there', join(folder, 'link'));
    outputFile('--trace', join(folder, 'link')).writeLines(['a'], asIs);
    expect(read(there)).toBe('a\n');
  });

  it('may be a device, which stays one', () => {
    outputFile('--trace', '/dev/null').writeLines(['a'], asIs);
    expect(statSync('/dev/null').isFile()).toBe(false);
  });

  it('is found to be full when it is written', () => {
    const file = outputFile('--trace', '/dev/full');
    expect(() => file.writeLines(['a'], asIs)).toThrow(refused('--trace: /dev/full cannot be written (ENOSPC)'));
  });

  it.each([
    ['in a folder that is not there', 'no/such', 'cannot be written (ENOENT)'],
    ['in a file', 'there/x', 'cannot be written (ENOTDIR)'],
    ['with a name that is too long', 'x'.repeat(256), 'cannot be written (ENAMETOOLONG)'],
    ['that is a folder', '.', 'is a folder'],
  ])('is refused before it is written: one %s', (_what, name, why) => {
    const path = `${folder}/${name}`;
    expect(() => outputFile('--junit', path)).toThrow(refused(`--junit: ${path} ${why}`));
    expect(readdirSync(folder)).toEqual(['there']);
  });

  it('is refused where it is read, by whatever name', () => {
    symlinkSync('there', join(folder, 'link'));
    linkSync(there, join(folder, 'other'));
    for (const path of [there, join(folder, 'link'), join(folder, 'other'), `${folder}/./there`]) {
      const open = () => outputFile('--trace', path, ['/no/such/file', there]);
      expect(open).toThrow(refused(`--trace: ${path} is read by this command, and is not written over`));
    }
    expect(() => outputFile('--trace', join(folder, 'new'), [there])).not.toThrow();
    expect(() => outputFile('--trace', '/dev/null', ['/dev/null'])).not.toThrow();
    expect(read(there)).toBe('mine');
  });
});

describe('a new file', () => {
  it('is refused where it is there or cannot be, and leaves nothing behind', () => {
    expect(() => checkNewFile('--output', there)).toThrow(refused(`${there} is there already`));
    const path = join(folder, 'no/x');
    expect(() => checkNewFile('--output', path)).toThrow(refused(`--output: ${path} cannot be written (ENOENT)`));
    checkNewFile('--output', join(folder, 'new'));
    expect(readdirSync(folder)).toEqual(['there']);
  });

  it('is not written over', () => {
    expect(() => writeNewFile(there, 'a')).toThrow(refused(`${there} is there already`));
    expect(() => writeNewFile(join(there, 'x'), 'a')).toThrow(UsageError);
    expect(read(there)).toBe('mine');
    writeNewFile(join(folder, 'new'), 'a');
    expect(read(join(folder, 'new'))).toBe('a');
  });
});

describe('the folder of a sweep', () => {
  it('is made when it is asked for, with those above it', () => {
    const make = sweepFolder(join(folder, 'a/b'));
    expect(readdirSync(folder)).toEqual(['there']);
    expect(make()).toBe(join(folder, 'a/b/failures'));
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['failures']);
  });

  it('is told of where it cannot be made any more', () => {
    const make = sweepFolder(join(folder, 'a'));
    make();
    expect(make).toThrow(refused(`${join(folder, 'a/failures')} cannot be written (EEXIST)`));
  });

  it('is refused at once where a link that leads nowhere stands in its place', () => {
    const link = join(scratchFolder(), 'link');
    symlinkSync('nowhere', link);
    expect(() => sweepFolder(link)).toThrow(refused(`--out: ${link} cannot be written (ENOENT)`));
    expect(() => checkNewFile('--output', link)).toThrow(refused(`${link} is there already`));
  });

  it('is refused at once where it cannot be made or holds a sweep', () => {
    const inFile = join(there, 'a/b');
    expect(() => sweepFolder(inFile)).toThrow(refused(`--out: ${inFile} cannot be written (ENOTDIR)`));
    expect(() => sweepFolder(there)).toThrow(refused(`--out: ${there} cannot be written (ENOTDIR)`));
    expect(() => sweepFolder('/proc/x/y')).toThrow('--out: /proc/x/y cannot be written (');
    mkdirSync(join(folder, 'failures'));
    expect(() => sweepFolder(folder)).toThrow(refused(`--out: ${folder} holds a sweep already`));
  });
});
