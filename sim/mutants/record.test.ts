import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chanceOf } from '../statistics/chance.ts';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import type { Measured, Measurement } from './measure.ts';
import type { Mutant } from './mutant.ts';
import { buildDigest, RECORD_PATH, readRecord, recordOf, recordText } from './record.ts';
import type { Trial } from './trial.ts';

const folder = scratchFolder();
const mutant = (id: string): Mutant => ({
  id,
  title: 't',
  file: 'src/a.ts',
  find: 'a',
  replace: 'b',
  why: 'w',
  origin: 'o',
  historic: false,
  detector: { kind: 'sweep', invariant: 'i', profile: 'swarm', semantics: 'strict' },
  smoke: false,
});

const trial = (runs: number): Trial => ({
  from: 1n,
  runs,
  events: 1,
  seen: { seed: 1n, first: ['i'], atMs: 1, message: 'm' },
  troubles: 0,
  trouble: null,
});

function measured(id: string, ...runs: readonly number[]): Measured {
  const chance = chanceOf(1, 10);
  const probe = { runs: 1, reached: 1, triggered: 1 };
  const trials = runs.map(trial);
  return {
    mutant: mutant(id),
    detected: true,
    sweep: { trials, detections: runs.length, asExpected: runs.length, chance, probe },
  };
}

const measurement: Measurement = {
  canary: measured('canary', 1),
  void: false,
  mutants: [measured('a', 1, 9, 2), { mutant: mutant('b'), detected: false }, measured('c', 6, 6, 7)],
  trials: 3,
  runsMax: 2000,
  seconds: 12.3,
};

/** A root with a build of two modules, and a record of it. */
function rootOf(name: string): string {
  const root = join(folder, name);
  for (const path of ['dist/src/a.js', 'dist/mesh/deep/b.js', 'dist/sim/cli/c.js', RECORD_PATH]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `of ${path}`);
  }
  const when = { day: '2026-11-20', commit: '0123456789abcdef', build: buildDigest(root) };
  writeFileSync(join(root, RECORD_PATH), recordText(recordOf(measurement, when)));
  return root;
}

describe('the record of a measurement', () => {
  it('says how many planted bugs were found, after how many runs, and when', () => {
    expect(readRecord(rootOf('read'))).toEqual({
      mutants: 3,
      detected: 2,
      missed: ['b'],
      trials: 3,
      runsMax: 2000,
      medianRuns: 4,
      worstRuns: 9,
      on: '2026-11-20 (commit 0123456)',
      sameBuild: true,
    });
  });

  it.each(['src/a.js', 'mesh/deep/b.js'])('is of another build once %s changes', (path) => {
    const root = rootOf(`changed-${path.length}`);
    writeFileSync(join(root, 'dist', path), 'something else');
    expect(readRecord(root)?.sameBuild).toBe(false);
  });

  it('is of another build once a module is moved', () => {
    const root = rootOf('moved');
    cpSync(join(root, 'dist/src/a.js'), join(root, 'dist/src/z.js'));
    rmSync(join(root, 'dist/src/a.js'));
    expect(readRecord(root)?.sameBuild).toBe(false);
  });

  it('is of the same build when what changes makes no run', () => {
    const root = rootOf('command');
    writeFileSync(join(root, 'dist/sim/cli/c.js'), 'other words');
    writeFileSync(join(root, 'dist/src/a.d.ts'), 'types');
    expect(readRecord(root)?.sameBuild).toBe(true);
  });

  it('may be missing', () => {
    expect(readRecord(join(folder, 'none'))).toBeUndefined();
  });
});
