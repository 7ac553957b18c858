import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../examples/toy-world.ts';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { MutantError } from './mutant.ts';
import { readMutant, readMutants } from './read.ts';

const folder = scratchFolder();

const SOUND = {
  title: 'one too many',
  file: 'src/ring/bounded-ring.ts',
  find: 'a < b',
  replace: 'a <= b',
  why: 'why not',
  origin: 'section 2',
  detector: 'sweep',
  invariant: 'ring-fifo',
};

/** Another detector, which goes by no invariant. */
const BY_TEST = { detector: 'property', invariant: undefined };

function file(name: string, content: object | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('a mutant', () => {
  it('is read from YAML or JSON, and known by the name of its file', () => {
    expect(readMutant(file('one-too-many.json', SOUND))).toEqual({
      ...SOUND,
      id: 'one-too-many',
      historic: false,
      smoke: false,
      invariant: undefined,
      detector: { kind: 'sweep', invariant: 'ring-fifo', profile: 'swarm', semantics: 'strict' },
    });
    const yaml = 'title: t\nfile: src/a.ts\nfind: |-\n  a\n    b\nreplace: c\nwhy: w\norigin: o\ndetector: conform\n';
    expect(readMutant(file('b.yaml', yaml))).toMatchObject({ id: 'b', find: 'a\n  b', detector: { kind: 'conform' } });
    const byTest = { ...SOUND, ...BY_TEST, test: 'src/chain/log.test.ts' };
    expect(readMutant(file('c.json', byTest)).detector).toEqual({ kind: 'property', test: 'src/chain/log.test.ts' });
  });

  it.each([
    ['has a field that is none', { ...SOUND, invariants: 'ring-fifo' }],
    ['names no invariant for the sweep', { ...SOUND, invariant: undefined }],
    ['names a file outside of the sources', { ...SOUND, file: 'sim/world.ts' }],
    ['climbs out of the sources', { ...SOUND, file: 'src/../sim/world.ts' }],
    ['replaces a text by itself', { ...SOUND, replace: SOUND.find }],
    ['looks for nothing', { ...SOUND, find: '' }],
    ['has a detector that is none', { ...SOUND, detector: 'luck' }],
    ['is for a test that is not there', { ...SOUND, ...BY_TEST, test: 'src/nope.test.ts' }],
    ['is for a test outside of the project', { ...SOUND, ...BY_TEST, test: 'src/../../x.test.ts' }],
    ['is for what is no test', { ...SOUND, ...BY_TEST, test: 'src/chain/log.ts' }],
    ['is no map', '- 1'],
    ['is no YAML', 'title: [1'],
    ['names an anchor again', 'title: &a t\nfile: *a\n'],
  ])('that %s is refused in one line that names its file', (_what, content) => {
    const path = file('bad.yaml', content);
    expect(() => readMutant(path)).toThrow(MutantError);
    expect(() => readMutant(path)).toThrow(/^[^\n]*bad\.yaml[^\n]*$/);
  });

  it.each([
    ['detector', { ...SOUND, detector: 'luck' }, /detector: expected one of sweep, conform, property; found "luck"$/],
    [
      'invariant',
      { ...SOUND, invariant: 'togehter' },
      /invariant: expected together \(nearest of 4\); found "togehter"$/,
    ],
    [
      'test',
      { ...SOUND, ...BY_TEST, test: 'nope.test.ts' },
      /:1:[0-9]+: test: expected a test file of this project; found "nope.test.ts"$/,
    ],
    ['semantics', { ...SOUND, invariant: 'together', semantics: 'x' }, /expected one of resend, forget; found "x"$/],
  ])('with another %s than there are is told what was expected and found, and where', (_what, content, told) => {
    const path = file('names.json', content);
    expect(() => readMutant(path, toyWorld)).toThrow(told);
    expect(() => readMutant(path, toyWorld)).toThrow(`${path}:1:`);
  });
});

describe('a folder of mutants', () => {
  it('is refused where it cannot be read', () => {
    expect(() => readMutants(join(folder, 'nowhere'))).toThrow(MutantError);
  });

  it('is refused where it holds none', () => {
    const empty = scratchFolder();
    writeFileSync(join(empty, 'README.md'), '');
    expect(() => readMutants(empty)).toThrow(`${empty}: holds no mutants (.yaml, .yml or .json)`);
  });

  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a pipe, which it does not wait for', (path: string) => execFileSync('mkfifo', [path])],
  ])('is refused where one is %s', (_what, make) => {
    const odd = scratchFolder();
    make(join(odd, 'y.YAML'));
    expect(() => readMutants(odd)).toThrow(`${join(odd, 'y.YAML')}: expected a file; found a`);
  });

  it('is refused where two have one name', () => {
    const twins = scratchFolder();
    for (const ending of ['yaml', 'json']) writeFileSync(join(twins, `twin.${ending}`), JSON.stringify(SOUND));
    expect(() => readMutants(twins)).toThrow('two mutants named twin');
  });
});
