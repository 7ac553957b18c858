/** `sim new`, `sim replay` and `sim run --scenario` as they are installed: what is printed, and the exit statuses. */
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../scratch-folder.testing.ts';
import { MAIN, program, signalledInRuns, sim } from './command.testing.ts';

let cwd: string;
const here = (args: readonly string[]) => sim(args, { cwd });

/** A scenario like the one `sim new` writes, with some of its texts replaced. */
function variant(path: string, ...edits: readonly (readonly [text: string, replacement: string])[]): void {
  let text = readFileSync(join(cwd, 'held.yaml'), 'utf8');
  for (const [part, replacement] of edits) {
    expect(text).toContain(part);
    text = text.replace(part, replacement);
  }
  writeFileSync(join(cwd, path), text);
}

const OLD = ['semantics: strict', 'semantics: netMesh021'] as const;
const expecting = (invariant: string) => ['expect: holds', `expect: { violates: ${invariant} }`] as const;

beforeAll(async () => {
  cwd = scratchFolder();
  mkdirSync(join(cwd, 'all/deep'), { recursive: true });
  mkdirSync(join(cwd, 'empty'));
  await here(['new', 'held']);
  variant('all/10-held.yml', ['name: held', 'name: again']);
  variant('all/9-held.yaml', ['name: held', 'name: and again']);
  variant('all/deep/expected.yaml', OLD, expecting('ring-equivalence'));
  variant('violated.yaml', OLD);
  variant('other.yaml', OLD, expecting('ring-fifo'));
  variant('fixed.yaml', expecting('ring-fifo'));
  variant('unwitnessed.yaml', ['  - dispatch.ok-after-retry', '  - crash.with-queued']);
  variant('uninjected.yaml', ['attempt: 1', 'attempt: 9'], ['witness:\n  - dispatch.ok-after-retry', 'witness: []']);
  variant('unmet.yaml', ['  - dispatch.ok-after-retry', '  - crash.with-queued'], expecting('ring-fifo'));
  variant('invalid.yaml', ['  nodes: 2', '  nodes: two']);
  variant('future.yaml', ['format: 1', 'format: 2']);
});

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
    ['held.yaml', 0, 0, /^held +held\.yaml$/],
    ['all/deep/expected.yaml', 0, 1, /^violated as expected +\S+: ring-equivalence at \d+ ms: /],
    ['violated.yaml', 1, 1, /^violated +violated\.yaml: ring-equivalence at \d+ ms: /],
    ['other.yaml', 1, 125, /^violated +other\.yaml: ring-equivalence at \d+ ms: /],
    ['fixed.yaml', 1, 0, /^fixed +fixed\.yaml: ring-fifo was expected to break and holds$/],
    ['unwitnessed.yaml', 2, 125, /^vacuous +unwitnessed\.yaml: crash\.with-queued was never reached$/],
    ['uninjected.yaml', 2, 125, /^vacuous +uninjected\.yaml: fault f1 \(dispatch-retry\) was never injected$/],
    ['unmet.yaml', 2, 125, /^vacuous +unmet\.yaml: crash\.with-queued was never reached$/],
    ['invalid.yaml', 64, 125, /^invalid +invalid\.yaml:\d+:10: config\.nodes: expected a whole number.*; found "two"$/],
    ['future.yaml', 64, 125, /^invalid +future\.yaml:\d+:9: format: expected 1, .*; found 2$/],
    ['no-such.yaml', 64, 125, /^invalid +no-such\.yaml: there is no such file or folder$/],
    ['empty', 64, 125, /^invalid +empty: holds no scenario files \(\.yaml, \.yml or \.json\)$/],
  ])('of %s ends with %i, and for bisecting with %i', async (path, status, bisect, line) => {
    const [replayed, bisected] = await Promise.all([here(['replay', path]), here(['replay', '--bisect', path])]);
    expect(replayed).toMatchObject({ status, err: '' });
    const [first, after] = replayed.out.split('\n');
    expect(first).toMatch(line);
    expect(after).toBe('');
    expect(bisected.status).toBe(bisect);
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

  it('ends with the worst of several', async () => {
    const statuses = async (...paths: readonly string[]) => (await here(['replay', ...paths])).status;
    expect(await statuses('held.yaml', 'unwitnessed.yaml')).toBe(2);
    expect(await statuses('held.yaml', 'unwitnessed.yaml', 'fixed.yaml')).toBe(1);
    expect(await statuses('invalid.yaml', 'unwitnessed.yaml', 'fixed.yaml')).toBe(64);
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

  it('says what it has replayed when it is interrupted, and ends with 130', async () => {
    mkdirSync(join(cwd, 'many'));
    for (let n = 0; n < 3000; n += 1) copyFileSync(join(cwd, 'held.yaml'), join(cwd, `many/${n}.yaml`));
    const args = ['replay', 'many', '--json', '--junit', 'many.xml'];
    const { status, out, err } = await sim(args, { cwd, env: signalledInRuns('SIGTERM', 20) });
    expect(status).toBe(130);
    const { status: told, files } = JSON.parse(out);
    expect(told).toBe(130);
    expect(files.length).toBeGreaterThan(0);
    expect(err).toMatch(new RegExp(`^sim: interrupted: ${files.length} of 3000 files were replayed$`, 'm'));
    expect(readFileSync(join(cwd, 'many.xml'), 'utf8')).toContain('<testsuite name="scenarios"');
  });

  it('is refused without a path', async () => {
    expect((await here(['replay'])).status).toBe(64);
    expect((await here(['replay', 'held.yaml', '--junit', 'no/such/folder/r.xml'])).status).toBe(64);
  });
});

describe('sim run --scenario', () => {
  it('has the verdict and the digest of a replay', async () => {
    for (const path of ['held.yaml', 'violated.yaml', 'unwitnessed.yaml', 'all/deep/expected.yaml', 'fixed.yaml']) {
      const [run, replayed] = await Promise.all([
        here(['run', '--json', '--scenario', path]),
        here(['replay', '--json', path]),
      ]);
      const { verdict, digest } = JSON.parse(run.out);
      expect(JSON.parse(replayed.out).files[0]).toMatchObject({ verdict, digest });
      expect(run.status).toBe(replayed.status);
    }
  });

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
