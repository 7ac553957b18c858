/** The first failures of a sweep of the world that is not MeshOS, as files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeScenario } from '../scenario/file/write.ts';
import { shrinkNamed } from '../shrink/named.ts';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { NOTHING_SEEN } from './result.testing.ts';
import type { SweepResult } from './result.ts';
import type { ShrinkFailuresOptions } from './shrink-failures.ts';
import { shrinkFailures } from './shrink-failures.ts';
import { loadWorld } from './source.ts';
import { timeLimit } from './time-limit.ts';

const address = { module: new URL('../examples/toy-world.ts', import.meta.url).href, name: 'toyWorld' };
const world = await loadWorld(address);

/** Of the toy world's seeds, all of which lose something; no run is made in a thread. */
function swept(failures: SweepResult['failures']): SweepResult {
  return {
    ...NOTHING_SEEN,
    source: { world: address, profile: 'storm', semantics: 'forget' },
    failed: failures.length,
    failures,
  };
}

const failure = (seed: bigint, invariant = 'together') => ({ seed, invariant, atMs: 1, message: '' });

function options(folder: string, more: Partial<ShrinkFailuresOptions> = {}): ShrinkFailuresOptions {
  const made = (): string => {
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const write: ShrinkFailuresOptions['write'] = async (scenario, path) =>
    writeFileSync(path, await writeScenario(world, scenario), { flag: 'wx' });
  return { world, folder: made, write, ...more };
}

const empty = (): string => join(scratchFolder(), 'deep');

describe('the failures of a sweep', () => {
  it('become small scenario files, with a name, a reason and where they were found', async () => {
    const folder = empty();
    const [one, ...others] = await shrinkFailures(swept([failure(5n)]), options(folder, { commit: 'abc' }));
    expect(others).toEqual([]);
    expect(one?.path).toBe(join(folder, 'together-seed-5.yaml'));
    const text = readFileSync(one?.path ?? '', 'utf8');
    expect(text).toContain('name: together-seed-5\n');
    expect(text).toMatch(/why: .*found with seed 5 \(storm, forget\)\. Shrunk from 20 operations, 1 fault, /);
    expect(text).toMatch(/Required: a[0-9]+, f1\./);
    expect(text).toContain('  commit: abc\n');
  });

  it('are chosen so that every invariant has one before any has two', async () => {
    const told: string[] = [];
    const failures = [failure(3n), failure(4n), failure(5n, 'never-ahead'), failure(6n)];
    const chosen = options(empty(), {
      failuresMax: 3,
      onBegin: ({ seed, invariant }) => told.push(`${seed} ${invariant}`),
    });
    const shrunk = await shrinkFailures(swept(failures), chosen);
    expect(told).toEqual(['3 together', '5 never-ahead', '4 together']);
    // What does not fail again in this thread has no file.
    expect(shrunk.map(({ seed }) => seed)).toEqual([3n, 4n]);
  });

  it('are five at most', async () => {
    const folder = empty();
    const shrunk = await shrinkFailures(
      swept([1n, 2n, 3n, 4n, 5n, 6n, 7n].map((seed) => failure(seed))),
      options(folder),
    );
    expect(shrunk).toHaveLength(5);
    expect(readdirSync(folder)).toHaveLength(5);
  });

  it('make no folder where there are none', async () => {
    const folder = empty();
    expect(await shrinkFailures(swept([]), options(folder))).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('are left as they are when the sweep is interrupted', async () => {
    const folder = empty();
    const signal = AbortSignal.abort();
    expect(await shrinkFailures(swept([failure(5n)]), options(folder, { signal }))).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('end with the first that cannot be written, and it is told how many were before', async () => {
    const folder = empty();
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const told: unknown[] = [];
    const write: ShrinkFailuresOptions['write'] = async ({ name }) => {
      if (name !== 'together-seed-5') throw full;
    };
    const failures = swept([failure(5n), failure(6n), failure(7n)]);
    const onUnwritten = (error: unknown, written: number) => told.push(error, written);
    const shrunk = await shrinkFailures(failures, options(folder, { write, onUnwritten }));
    expect(shrunk.map(({ seed }) => seed)).toEqual([5n]);
    expect(told).toEqual([full, 1]);
    await expect(shrinkFailures(failures, options(folder, { write }))).rejects.toBe(full);
  });
});

describe('a search bounded in time', () => {
  it('says of its result that it may not be the smallest', async () => {
    const scenario = world.generate(5n, 'storm', 'forget');
    const shrunk = await shrinkNamed(world, scenario, { outOfTime: timeLimit(0) });
    expect(shrunk?.minimal).toBe(false);
    expect(shrunk?.scenario.why).toContain('Time ran out');
    expect(shrunk?.scenario).toMatchObject({ workload: scenario.workload, faults: scenario.faults });
  });

  it('ends when it is interrupted, and lets the host do what waits to be done', async () => {
    const controller = new AbortController();
    const over = timeLimit(60_000, controller.signal);
    setTimeout(() => controller.abort(), 100);
    let asked = 0;
    while (!(await over())) asked += 1;
    expect(asked).toBeGreaterThan(0);
  });
});
