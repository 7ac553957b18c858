/**
 * The command as it is installed: processes of the build (which `npm test` makes first), their standard output, standard
 * error and exit status.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { type Ended, MAIN, program, type Surroundings, sim as simIn } from './testing/command.testing.ts';

const VECTORS = fileURLToPath(new URL('../../test-data/vectors', import.meta.url));
const folder = scratchFolder();

/** Runs `sim` to its end, in a folder of the test's own. */
function sim(args: readonly string[], during?: Surroundings['during']): Promise<Ended> {
  return simIn(args, { cwd: folder, ...(during === undefined ? {} : { during }) });
}

const words = (line: string): readonly string[] => (line === '' ? [] : line.split(' '));

describe('wrong use', () => {
  it.concurrent.each([
    'run --seed 1e3',
    'run --seed -1',
    'run --seed',
    'run --seed 1 --seed 2',
    'run --seeds 1',
    'run extra',
    'run --trace /nowhere/at/all/trace.jsonl',
    'sweep --runs 0',
    'sweep --from 18446744073709551615 --runs 2',
    'sweep --require-marks no.such-mark',
    'conform /nowhere/at/all',
    `conform ${folder}`,
    'simulate',
    '',
  ])('`sim %s` is one line on standard error and 64', async (line) => {
    const { status, out, err } = await sim(words(line));
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err).toMatch(/^sim: [^\n]+\n$/);
    expect(err).not.toMatch(/\.[jt]s:[0-9]/);
  });
});

describe('sim run', () => {
  it('gives one JSON document, text on standard error, and a status that is its verdict', async () => {
    const { status, out, err } = await sim(words('run --seed 42 --json'));
    const { verdict, ...result } = JSON.parse(out);
    expect([verdict, status]).toEqual(['held', 0]);
    expect(result.seed).toBe('42');
    expect(result.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(result)).toEqual([
      'seed',
      'digest',
      'events',
      'operations',
      'virtualMs',
      'faults',
      'violations',
      'marks',
    ]);
    expect(err).toContain(`digest ${result.digest}`);
  });

  it('draws a seed where none was given, and prints it', async () => {
    const { out } = await sim(['run']);
    expect(out).toMatch(/^seed [0-9]{10,20} · swarm · strict\n/);
  });

  it('writes one JSON line an event', async () => {
    const path = join(folder, 'trace.jsonl');
    const { out } = await sim(['run', '--seed', '3', '--json', '--trace', path]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(JSON.parse(out).events);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ atMs: 0, kind: expect.any(String) });
  });

  it('says how it ended before it says that its events cannot be written', async () => {
    const { status, out, err } = await sim(words('run --seed 3 --trace /dev/full'));
    expect(out).toMatch(/^seed 3 /);
    expect(err).toBe('sim: --trace: /dev/full cannot be written (ENOSPC)\n');
    expect(status).toBe(64);
  });

  it('is inconclusive when it is told to stop early', async () => {
    const { status, out } = await sim(words('run --seed 3 --until 5 --json'));
    expect(JSON.parse(out)).toMatchObject({ verdict: 'inconclusive', problem: 'stopped at 5 ms' });
    expect(status).toBe(2);
  });

  it('says nothing when its reader goes away', async () => {
    const { err } = await sim(words('run --seed 1'), (child) => child.stdout?.destroy());
    expect(err).toBe('');
  });
});

describe('sim sweep', () => {
  it('gives one JSON document that does not depend on the number of workers', async () => {
    const [one, two] = await Promise.all([
      sim(words('sweep --runs 6 --profile calm --from 7 --json --jobs 1')),
      sim(words('sweep --runs 6 --profile calm --from 7 --json --jobs 2')),
    ]);
    const { seconds, runsPerSecond, ...result } = JSON.parse(one.out);
    expect(JSON.parse(two.out)).toMatchObject(result);
    expect(result).toMatchObject({ runs: 6, failed: 0, failures: [], unmetMarks: [] });
    expect(seconds).toBeGreaterThan(0);
    expect(runsPerSecond).toBeGreaterThan(0);
    expect([one.status, two.status]).toEqual([0, 0]);
  });

  it('is inconclusive when a required mark was not reached', async () => {
    const { status, out } = await sim(words('sweep --runs 1 --profile calm --require-marks all --json'));
    expect(JSON.parse(out).unmetMarks.length).toBeGreaterThan(0);
    expect(status).toBe(2);
  });
});

describe('sim conform', () => {
  it('passes all recorded vectors', async () => {
    const { status, out } = await sim(['conform', VECTORS]);
    expect(out).toMatch(/^[1-9][0-9]* passed, 0 failed\n$/);
    expect(status).toBe(0);
  });

  it('says the same as JSON', async () => {
    const { out, err } = await sim(['conform', VECTORS, '--json']);
    const { passed, failed, failures } = JSON.parse(out);
    expect({ failed, failures }).toEqual({ failed: 0, failures: [] });
    expect(err).toBe(`${passed} passed, 0 failed\n`);
  });
});

describe('a process that starts badly', () => {
  it.each([
    ['on a full disk', '"$NODE" "$MAIN" run --seed 1 >/dev/full', 'standard output cannot be written (ENOSPC)'],
    [
      'in a folder that is gone',
      'cd "$(mktemp -d)" && rmdir "$PWD" && "$NODE" "$MAIN" run --seed 1',
      'the folder that it was called in is not there any more',
    ],
  ])('says so in one line, and ends with 64: %s', async (_what, script, line) => {
    const ended = await program('bash', ['-c', script], { env: { NODE: process.execPath, MAIN } });
    expect(ended).toEqual({ status: 64, out: '', err: `sim: ${line}\n` });
  });

  it('ends with 64 where it cannot even say so', async () => {
    const script = '"$NODE" "$MAIN" run --seed 1 >/dev/full 2>/dev/full';
    const ended = await program('bash', ['-c', script], { env: { NODE: process.execPath, MAIN } });
    expect(ended).toEqual({ status: 64, out: '', err: '' });
  });
});

describe('sim', () => {
  it('shows the help whatever else is wrong', async () => {
    const { status, out, err } = await sim(words('run --help --seed x'));
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('--seed');
  });

  it('names what was typed as it was typed, in a line that moves no cursor', async () => {
    const [command, path] = await Promise.all([sim(words('runn --seed 1')), sim(['run', 'a  b\u001b[2J'])]);
    expect(command.err).toBe('sim: unknown command: runn; `sim --help` lists them\n');
    expect(path.err).toBe('sim: unknown argument: a  b\\u001b[2J\n');
  });

  it('explains itself', async () => {
    const [help, version] = await Promise.all([sim(['--help']), sim(['--version'])]);
    expect(help.out).toContain('sim sweep');
    expect(help.out.match(/^ +--?[a-z-]+ +[A-Z].*/gm)).toBeNull();
    expect(version.out).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+\n$/);
    expect([help.status, version.status]).toEqual([0, 0]);
  });
});
