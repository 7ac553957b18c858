/** `sim shrink` under way: it goes on from what it wrote, is interrupted, runs out of time, and ends where nothing can be made small. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import {
  copyOfBuild,
  type Ended,
  MAIN,
  printed,
  program,
  signalledInRuns,
  sim as simIn,
} from '../testing/command.testing.ts';

const cwd = scratchFolder();
const sim = (line: string, folder = cwd): Promise<Ended> => simIn(line.split(' '), { cwd: folder });

/** A scenario that needs all of its many operations, so that no part of them is found to do. */
function slowToShrink(): string {
  const text = readFileSync(
    new URL('../../../scenarios/known-in-net-mesh-0.21.0/hook-throws-021.yaml', import.meta.url),
    'utf8',
  );
  const scenario = parse(text);
  const [operation] = scenario.workload;
  const workload = Array.from({ length: 2000 }, (_, i) => ({ ...operation, key: `k${i}` }));
  const config = { ...scenario.config, inboxCapacity: 5000, queueCapacity: 5000, backpressureOn: 2000 };
  return JSON.stringify({ ...scenario, workload, config });
}

describe('sim shrink', () => {
  it('does what `sim run` says can be done next', async () => {
    const run = await sim('run --seed 14 --semantics netMesh021');
    expect(run.status).toBe(1);
    expect((await sim(printed(run.out, 'replay'))).out).toBe(run.out);
    const shrunk = await sim(printed(run.out, 'next'));
    expect(shrunk.status).toBe(0);
    expect((await sim('replay seed-14.yaml')).out).toMatch(/^violated as expected/);
  });

  it('goes on from a file, and gives one JSON document', async () => {
    const where = scratchFolder();
    await sim('shrink --seed 12 --semantics netMesh021 --time 1ms -o long.yaml', where);
    const { status, out, err } = await sim('shrink --scenario long.yaml -o short.yaml --json', where);
    expect(status).toBe(0);
    expect(err).toContain('written to short.yaml');
    const told = JSON.parse(out);
    expect(told).toMatchObject({ seed: '12', scenario: 'short.yaml', minimal: true, from: { operations: 165 } });
    expect(told.required).toHaveLength(told.to.operations + told.to.faults + told.to.choices);
    expect(told.indifferent.length).toBeGreaterThan(0);
    expect((await sim('replay short.yaml', where)).status).toBe(0);
  });

  it('is bounded in time, writes what it found by then, and says that it may not be the smallest', async () => {
    const { status, out } = await sim('shrink --seed 12 --semantics netMesh021 --time 1ms -o early.yaml');
    expect(status).toBe(0);
    expect(out).toContain('time was up');
    expect((await sim('replay early.yaml')).out).toMatch(/^violated as expected/);
  });

  it('writes the best so far when it is interrupted, and ends with 130', async () => {
    const where = scratchFolder();
    writeFileSync(join(where, 'slow.json'), slowToShrink());
    const words = 'shrink --scenario slow.json -o best.yaml'.split(' ');
    const { status, out } = await simIn(words, { cwd: where, env: signalledInRuns('SIGINT', 10) });
    expect(status).toBe(130);
    expect(out).toMatch(/^Interrupted before it was certain that nothing more can be removed\.$/m);
    expect(out).toContain('(interrupted: maybe not minimal)');
    expect(readFileSync(join(where, 'best.yaml'), 'utf8')).toMatch(/^why: .* Interrupted before it was certain /m);
    expect((await sim('replay best.yaml', where)).out).toMatch(/^violated as expected/);
  });

  it('says why a run came to nothing that could be made small', async () => {
    const copy = copyOfBuild();
    const file = join(copy, 'dist/src/action/action-id.js');
    const source = readFileSync(file, 'utf8');
    expect(source).toContain('const id = this.#next;');
    writeFileSync(file, source.replace('const id = this.#next;', '$& Math.random();'));
    const args = [join(copy, 'dist/sim/cli/main.js'), 'shrink', '--seed', '1', '-o', 'x.yaml'];
    const { status, out, err } = await program(process.execPath, args, { cwd: copy });
    expect({ status, out }).toEqual({ status: 3, out: '' });
    expect(err).toMatch(/^sim: seed 1: nondeterminism: Math\.random reached .*; so there is nothing to shrink\n$/);
    expect(existsSync(join(copy, 'x.yaml'))).toBe(false);
  });
});

describe('the small scenarios of a sweep', () => {
  it('leave no file behind that could not be written whole', async () => {
    const where = scratchFolder();
    // Of no file may there be more than 0 bytes.
    const line = 'ulimit -f 0; exec "$NODE" "$MAIN" sweep --from 12 --runs 1 --semantics netMesh021';
    const env = { NODE: process.execPath, MAIN };
    const { status, err } = await program('bash', ['-c', line], { cwd: where, env });
    expect(status).toBe(1);
    expect(err).toMatch(
      /^sim: no scenarios written: reports\/sweep-1\/failures\/\S+\.yaml cannot be written \(EFBIG\)$/m,
    );
    expect(readdirSync(join(where, 'reports/sweep-1/failures'))).toEqual([]);
  });
});

it('do not cost the result where they cannot be written', async () => {
  const where = scratchFolder();
  writeFileSync(join(where, 'reports'), 'a file');
  const { status, out, err } = await sim('sweep --from 12 --runs 1 --semantics netMesh021 --json', where);
  expect(status).toBe(1);
  expect(JSON.parse(out).failures[0].scenario).toBeNull();
  expect(err).toContain('sim: no scenarios written: reports/sweep-1/failures cannot be written (ENOTDIR)\n');
});
