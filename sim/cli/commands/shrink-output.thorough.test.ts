/** From a failing seed to a small scenario file, as commands: what is written, what is printed, and that it does as printed. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { type Ended, printed, sim as simIn } from '../testing/command.testing.ts';

const cwd = scratchFolder();
const sim = (line: string, folder = cwd): Promise<Ended> => simIn(line.split(' '), { cwd: folder });

describe('sim shrink', () => {
  it('writes a small file that breaks the same invariant, and says what it was and what of it matters', async () => {
    const { status, out, err } = await sim('shrink --seed 12 --semantics netMesh021 -o a.yaml');
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^[0-9]+ runs in [0-9.]+ s; written to a\.yaml\nRequired: k/);
    expect(out).toContain('Values that do not matter: config (');
    expect(out).toMatch(
      /shrunk {4}from 165 operations, 30 faults, all choices by seed\n {12}to [1-6] operations?, [01] faults?/,
    );
    const text = readFileSync(join(cwd, 'a.yaml'), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=.*scenario\.schema\.json\n/);
    expect(text.split('\n').length).toBeLessThan(60);
    for (const label of ['replay', 'next'] as const) {
      const again = await sim(printed(out, label));
      expect(again.status).toBe(0);
      expect(again.out).toContain('violated as expected');
    }
    expect(existsSync(join(cwd, 'trace.jsonl'))).toBe(true);
  });

  it.each([
    ['shrink --seed 2 --semantics netMesh021', /-o/],
    ['shrink -o x.yaml', /--seed or --scenario/],
    ['shrink --seed 1 --scenario a.yaml -o x.yaml', /not together with --scenario/],
    ['shrink --seed 1 -o x.yaml', /seed 1 breaks nothing/],
    ['shrink --seed 1 -o x.yaml --time 0s', /--time/],
    ['shrink --seed 1 -o x.yaml -o y.yaml', /more than once/],
    ['shrink --scenario nowhere.yaml -o x.yaml', /there is no such file/],
    ['shrink --seed 1 -o no/such/folder/x.yaml', /--output: no\/such\/folder\/x.yaml cannot be written \(ENOENT\)$/m],
  ])('is refused in a line: %s', async (line, message) => {
    const { status, out, err } = await sim(line);
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err).toMatch(/^sim: [^\n]+\n$/);
    expect(err).toMatch(message);
    expect(existsSync(join(cwd, 'x.yaml'))).toBe(false);
  });

  it('does not write over a file, and sees so before it begins', async () => {
    const where = scratchFolder();
    writeFileSync(join(where, 'mine.yaml'), 'mine');
    const { status, err } = await sim('shrink --seed 1 --semantics netMesh021 -o mine.yaml', where);
    expect([status, err]).toEqual([64, 'sim: mine.yaml is there already\n']);
    expect(readFileSync(join(where, 'mine.yaml'), 'utf8')).toBe('mine');
  });
});

describe('the small scenarios of a sweep', () => {
  it('go to the folder that was asked for, unless it holds some already', async () => {
    const where = scratchFolder();
    const line = 'sweep --from 12 --runs 1 --semantics netMesh021 --out here/deep';
    expect((await sim(line, where)).status).toBe(1);
    expect(readdirSync(join(where, 'here/deep/failures')).length).toBeGreaterThan(0);
    expect(existsSync(join(where, 'reports'))).toBe(false);
    const again = await sim(line, where);
    expect([again.status, again.err]).toEqual([64, 'sim: --out: here/deep holds a sweep already\n']);
  });

  it('are none where nothing failed, and no folder either', async () => {
    const where = scratchFolder();
    expect((await sim('sweep --runs 1 --profile calm', where)).status).toBe(0);
    expect(readdirSync(where)).toEqual([]);
  });
});
