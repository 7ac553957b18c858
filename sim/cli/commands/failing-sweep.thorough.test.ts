/** What `sim sweep` says and writes where runs fail, all of it of one sweep: it shrinks five failures, which takes its time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { type Ended, printed, sim as simIn } from '../testing/command.testing.ts';

const cwd = scratchFolder();
const sim = (line: string): Promise<Ended> => simIn(line.split(' '), { cwd });

let swept: Ended;

beforeAll(async () => {
  swept = await sim('sweep --from 8 --runs 2 --semantics netMesh021 --json');
  expect(swept.status).toBe(1);
}, 120_000);

describe('a sweep with runs that fail', () => {
  it('gives an estimate of how many do', () => {
    const { failed, violation } = JSON.parse(swept.out);
    expect(violation).toMatchObject({ runs: 2, failed, estimate: failed / 2 });
    expect(swept.err).toMatch(
      /^violations {2}[0-9]+ of 2 runs: [0-9.]+ % \[.*\] of runs like these violate an invariant/m,
    );
  });

  it('names a failing seed of each invariant with a command that, run as printed, fails the same way', async () => {
    const { failures } = JSON.parse(swept.out);
    const [failure] = failures;
    for (const invariant of new Set(failures.map((one: { readonly invariant: string }) => one.invariant))) {
      expect(swept.err).toMatch(new RegExp(`^${invariant}: \\d+ seeds?\\n  at .*\\n  npx sim run --seed \\d+`, 'm'));
    }
    const command = new RegExp(`^ {2}npx sim (run --seed ${failure.seed}( .*)?)$`, 'm').exec(swept.err)?.[1];
    const run = await sim(`${command} --json`);
    expect(run.status).toBe(1);
    expect(JSON.parse(run.out).violations[0].invariant).toBe(failure.invariant);
  });

  it('writes small scenarios, of distinct invariants first, that replay as printed', async () => {
    const { failures } = JSON.parse(swept.out);
    const written = failures.filter(({ scenario }: { scenario: string | null }) => scenario !== null);
    expect(written.length).toBeGreaterThan(1);
    expect(written.length).toBeLessThanOrEqual(5);
    expect(readdirSync(join(cwd, 'reports/sweep-1/failures'))).toHaveLength(written.length);
    const all = new Set(failures.map(({ invariant }: { invariant: string }) => invariant));
    const shrunk = new Set(written.map(({ invariant }: { invariant: string }) => invariant));
    expect(shrunk.size).toBe(Math.min(all.size, 5));
    for (const { seed, invariant, scenario } of written) {
      expect(scenario).toBe(`reports/sweep-1/failures/${invariant}-seed-${seed}.yaml`);
      expect(readFileSync(join(cwd, scenario), 'utf8')).toContain(`violates: ${invariant}`);
    }
    expect(await sim(`replay ${written[0].scenario}`)).toMatchObject({ status: 0 });
    for (const label of ['replay', 'next'] as const) {
      expect((await sim(printed(swept.err, label))).status).toBe(0);
    }
    expect((await sim('replay reports')).status).toBe(0);
  });
});
