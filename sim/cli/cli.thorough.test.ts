/** The command as it is installed: what is shown by several whole runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { type Ended, MAIN, program, type Surroundings, sim as simIn } from './testing/command.testing.ts';

const folder = scratchFolder();

/** Runs `sim` to its end, in a folder of the test's own. */
function sim(args: readonly string[], during?: Surroundings['during']): Promise<Ended> {
  return simIn(args, { cwd: folder, ...(during === undefined ? {} : { during }) });
}

const words = (line: string): readonly string[] => (line === '' ? [] : line.split(' '));

describe('sim run', () => {
  it('takes the greatest seed in decimal and in hex as the same', async () => {
    const [decimal, hex] = await Promise.all([
      sim(words('run --json --seed 18446744073709551615')),
      sim(words('run --json --seed 0xffffffffffffffff')),
    ]);
    expect(JSON.parse(decimal.out).seed).toBe('18446744073709551615');
    expect(hex.out).toBe(decimal.out);
  });

  it('can write its events behind what it prints', async () => {
    const script = '"$NODE" "$MAIN" run --seed 3 --trace /dev/stdout >said';
    await program('bash', ['-c', script], { cwd: folder, env: { NODE: process.execPath, MAIN } });
    expect(readFileSync(join(folder, 'said'), 'utf8')).toMatch(/^seed 3 [^{]+(\{[^\n]+\n)+$/);
  });

  it('finds a run to be the same twice here and once in a fresh process', async () => {
    const { status, out } = await sim(words('run --seed 8 --check-determinism --json'));
    expect(JSON.parse(out)).toMatchObject({ verdict: 'held' });
    expect(status).toBe(0);
  });
});

describe('wrong use', () => {
  it.concurrent.each([
    'run --seed 18446744073709551616',
    'run --seed --json',
    'run --seed=',
    'run --json=no',
    'run -- extra',
    'run --profile wild',
    'run --semantics lax',
    'run --until 0',
    'sweep --runs abc',
    'sweep --time 60',
    'sweep --jobs 0',
    'conform',
    '--seed 1',
  ])('`sim %s` is one line on standard error and 64', async (line) => {
    const { status, out, err } = await sim(words(line));
    expect({ status, out }).toEqual({ status: 64, out: '' });
    expect(err).toMatch(/^sim: [^\n]+\n$/);
    expect(err).not.toMatch(/\.[jt]s:[0-9]/);
  });
});
