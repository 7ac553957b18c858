/** `sim new`, `sim replay` and `sim run --scenario` as they are installed: what is printed, and the exit statuses. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAIN, program, sim } from '../testing/command.testing.ts';
import { expectReplayed, folderOfScenarios } from '../testing/replay.testing.ts';

const cwd = await folderOfScenarios();
const here = (args: readonly string[]) => sim(args, { cwd });

describe('sim new', () => {
  it('writes a commented file that replays as held', async () => {
    const written = await here(['new', 'my-first']);
    expect(written).toMatchObject({ status: 0, err: '' });
    const text = readFileSync(join(cwd, 'my-first.yaml'), 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\S*schema\/scenario\.schema\.json\n# A run is/);
    expect(text.match(/^# |\S # /gm)?.length).toBeGreaterThan(30);
    const command = /^replay: npx sim (.+)$/m.exec(written.out)?.[1] ?? '';
    expect(await here(command.split(' '))).toEqual({
      status: 0,
      out: 'held                  my-first.yaml\n',
      err: '',
    });
  });

  it('writes nothing over a file that is there', async () => {
    const before = readFileSync(join(cwd, 'held.yaml'), 'utf8');
    expect(await here(['new', 'held'])).toEqual({ status: 64, out: '', err: 'sim: held.yaml is there already\n' });
    expect(readFileSync(join(cwd, 'held.yaml'), 'utf8')).toBe(before);
  });

  it.each(['', 'a b', 'no/such/folder/x', '..', 'x\u001b[2J'])('refuses the name %j', async (name) => {
    const { status, out, err } = await here(['new', name]);
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err).toMatch(/^sim: [^\p{Cc}]+\n$/u);
  });
});

describe('sim replay', () => {
  it.each([
    ['other.yaml', 1, 125, /^violated +other\.yaml: ring-equivalence at \d+ ms: /],
    ['invalid.yaml', 64, 125, /^invalid +invalid\.yaml:\d+:10: config\.nodes: expected a whole number.*; found "two"$/],
  ])('of %s ends with %i, and for bisecting with %i', async (path, status, bisect, line) => {
    await expectReplayed(cwd, path, { status, bisect, line });
  });

  it('goes through folders in order, and counts', async () => {
    const { status, out } = await here(['replay', 'all', 'held.yaml', 'all/9-held.yaml']);
    expect(out.split('\n').map((line) => line.replace(/ .*[ /](?=[\w-]+\.)/, ' ').replace(/: ring.*/, ''))).toEqual([
      'held 10-held.yml',
      'held 9-held.yaml',
      'violated expected.yaml',
      'held held.yaml',
      '4 files: 3 held, 1 violated as expected',
      '',
    ]);
    expect(status).toBe(0);
  });

  it('gives one JSON document', async () => {
    const { status, out, err } = await here(['replay', '--json', 'held.yaml', 'violated.yaml', 'invalid.yaml']);
    const { files, ...rest } = JSON.parse(out);
    expect(rest).toEqual({ status: 64 });
    expect(status).toBe(64);
    expect(files[0]).toMatchObject({ path: 'held.yaml', verdict: 'held', name: 'held', seed: '1', violations: [] });
    expect(files[0].digest).toMatch(/^[0-9a-f]{64}$/);
    expect(files[1]).toMatchObject({ verdict: 'violated', violations: [{ invariant: 'ring-equivalence' }] });
    expect(files[2]).toMatchObject({ verdict: 'invalid', mistakes: [{ column: 10, message: expect.any(String) }] });
    expect(err).toMatch(/^held .*\nviolated .*\ninvalid .*\n3 files: .*\n\nring-equivalence: safety, /);
  });

  it('writes a JUnit report of the scenarios and the invariants', async () => {
    expect((await here(['replay', 'held.yaml', 'violated.yaml', '--junit', 'r.xml'])).status).toBe(1);
    const xml = readFileSync(join(cwd, 'r.xml'), 'utf8');
    expect(xml).toContain('<testcase name="held.yaml" classname="scenarios" time="0"/>');
    expect(xml).toMatch(
      /<testcase name="violated.yaml" classname="scenarios" time="0">\s*<failure message="ring-equivalence at /,
    );
    expect(xml).toMatch(/<testcase name="ring-equivalence" classname="invariants" time="0">\s*<failure /);
    expect(xml).toContain('<testcase name="no-crash" classname="invariants" time="0"/>');
  });

  it('writes its report over no scenario, neither one that it replays nor one that a forgotten value makes of the first', async () => {
    const text = readFileSync(join(cwd, 'held.yaml'), 'utf8');
    symlinkSync('held.yaml', join(cwd, 'link'));
    const [read, forgotten, run] = await Promise.all([
      here(['replay', 'held.yaml', '--junit', 'link']),
      here(['replay', '--junit', 'held.yaml', 'fixed.yaml']),
      here(['run', '--scenario', 'held.yaml', '--trace', './held.yaml']),
    ]);
    expect([read.status, forgotten.status, run.status]).toEqual([64, 64, 64]);
    expect(read.err).toBe('sim: --junit: link is read by this command, and is not written over\n');
    expect(forgotten.err).toBe('sim: --junit: expected a file for XML; found held.yaml, a scenario by its name\n');
    expect(run.err).toBe('sim: --trace: ./held.yaml is read by this command, and is not written over\n');
    expect(readFileSync(join(cwd, 'held.yaml'), 'utf8')).toBe(text);
  });

  it('takes what stands behind -- for a path', async () => {
    writeFileSync(join(cwd, '-dashed.yaml'), readFileSync(join(cwd, 'held.yaml')));
    const { status, out } = await here(['replay', '--', '-dashed.yaml', 'held.yaml']);
    expect(out).toMatch(/^held +\.\/-dashed\.yaml\nheld +held\.yaml\n/);
    expect(status).toBe(0);
  });

  it.each([[[]], [['held.yaml', '--bogus']], [['held.yaml', '--junit', 'no/such/folder/r.xml']]])(
    'says that nothing can be told of a commit where it is used wrongly: %j',
    async (args) => {
      const { status, err } = await here(['replay', '--bisect', ...args]);
      expect(err).toMatch(/^sim: [^\n]+\n$/);
      expect(status).toBe(125);
    },
  );

  it('is refused without a path', async () => {
    expect((await here(['replay'])).status).toBe(64);
    expect((await here(['replay', 'held.yaml', '--junit', 'no/such/folder/r.xml'])).status).toBe(64);
  });
});

describe('sim run --scenario', () => {
  it('says how to see it again, as it can be typed', async () => {
    writeFileSync(join(cwd, "it's $here.yaml"), readFileSync(join(cwd, 'violated.yaml')));
    const run = await here(['run', '--scenario', "it's $here.yaml"]);
    const command = /^ {2}replay {4}npx sim (.+)$/m.exec(run.out)?.[1];
    const again = await program('bash', ['-c', `"$NODE" "$MAIN" ${command}`], {
      cwd,
      env: { NODE: process.execPath, MAIN },
    });
    expect(again).toEqual(run);
    expect(run.status).toBe(1);
  });

  it('finds a scenario to be the same in a fresh process', async () => {
    const { status, out } = await here(['run', '--scenario', 'held.yaml', '--check-determinism', '--json']);
    expect(JSON.parse(out).verdict).toBe('held');
    expect(status).toBe(0);
  });

  it.each([
    ['--seed', '1'],
    ['--profile', 'calm'],
    ['--semantics', 'strict'],
  ])('is refused together with %s', async (flag, value) => {
    const { status, err } = await here(['run', '--scenario', 'held.yaml', flag, value]);
    expect(err).toBe(`sim: ${flag}: not together with --scenario, whose file decides it\n`);
    expect(status).toBe(64);
  });

  it('is refused for a file that is none', async () => {
    const { status, out, err } = await here(['run', '--scenario', 'invalid.yaml', '--json']);
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err).toMatch(/^sim: invalid\.yaml:\d+:10: config\.nodes: [^\n]+\n$/);
  });
});
