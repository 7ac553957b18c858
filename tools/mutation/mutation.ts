/**
 * `npm run mutation [-- --only PART,…] [--force] [--compare] [--jobs N]`: changes the control plane and the invariants in small
 * ways, one at a time, and sees whether a test notices (Stryker). Part after part, so that an interrupted run keeps what
 * it had: the next tries only what changed since. `--force` tries everything anew, `--compare` nothing. In the end every
 * survivor has to be listed in `tools/mutation/survivors/`; the others are printed in the form of these lists.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCount } from '../../sim/cli/arguments/values.ts';
import { knownNames, readOptions } from '../options.ts';
import { compared, listText, percent, type Score } from './mutation-report.ts';

const RESULT = 'reports/mutation/incremental.json';
const SURVIVORS = 'tools/mutation/survivors';

/**
 * Parts whose files are tested by the same tests. The first run of these tests, without any mutation, is made once a part.
 */
const PARTS = [
  { name: 'src', files: ['src/*.ts', 'src/action/**/*.ts', 'src/ring/**/*.ts', 'src/executor/**/*.ts'] },
  { name: 'src/chain', files: ['src/chain/**/*.ts'] },
  { name: 'src/broadcast', files: ['src/broadcast/**/*.ts'] },
  { name: 'src/node', files: ['src/node/**/*.ts', 'src/runtime/**/*.ts'] },
  { name: 'invariants/model', files: ['mesh/invariants/model/**/*.ts'] },
  { name: 'invariants/executor', files: ['mesh/invariants/executor/*.ts'] },
  { name: 'invariants/chain', files: ['mesh/invariants/chain/*.ts'] },
  { name: 'invariants/others', files: ['mesh/invariants/{broadcast,node,ring}/*.ts'] },
];

const names = PARTS.map(({ name }) => name);
const chosen = readOptions(
  {
    only: { type: 'string' },
    force: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
  ({ only, jobs, ...rest }) => ({
    ...rest,
    only: only === undefined ? names : knownNames('--only', only.split(','), names),
    jobs: parseCount('--jobs', jobs),
  }),
);

const started = process.hrtime.bigint();
if (!chosen.compare) tryParts(chosen.only, chosen.force, chosen.jobs);

const lists = readdirSync(SURVIVORS).map((name) => readFileSync(join(SURVIVORS, name), 'utf8'));
const { folders, scored, unlisted, faults } = compared(readFileSync(RESULT, 'utf8'), lists);
console.log(row(['folder', 'killed', 'timed out', 'survived', 'uncovered', 'left out', 'score']));
for (const score of [...folders, ...scored]) {
  const { name, killed, timedOut, survived, uncovered, leftOut } = score;
  const counts = [killed, timedOut, survived, uncovered, leftOut].map(String);
  console.log(row([isWhole(score) ? `all of ${name}` : name, ...counts, `${percent(score).toFixed(1)} %`]));
}
if (unlisted.length > 0) console.log(`\n${listText(unlisted)}`);
for (const fault of faults) console.log(fault);
const minutes = Number(process.hrtime.bigint() - started) / 60e9;
console.log(`${faults.length} faults, after ${minutes.toFixed(1)} minutes`);
process.exitCode = faults.length === 0 ? 0 : 1;

function tryParts(only: readonly string[], force: boolean, jobs: number): void {
  if (!force) forgetStale();
  for (const { name, files } of PARTS) {
    if (!only.includes(name)) continue;
    console.log(`\n${name}`);
    const mutate = [...files, '!**/*.test.ts', '!**/*.testing.ts'].join(',');
    const args = [
      'stryker',
      'run',
      'tools/mutation/stryker.config.json',
      '--mutate',
      mutate,
      '--concurrency',
      String(jobs),
      ...(force ? ['--force'] : []),
    ];
    const { status, signal } = spawnSync('npx', args, { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${name}: the mutations were not all tried (${signal ?? `exit ${status}`})`);
  }
}

/**
 * Code that runs when a module is loaded has no tests of its own. So Stryker would not see that new tests might notice its
 * mutations.
 */
function forgetStale(): void {
  if (!existsSync(RESULT)) return;
  const kept: unknown = JSON.parse(readFileSync(RESULT, 'utf8'), (key, value) =>
    key === 'mutants' && Array.isArray(value) ? value.filter((one) => !one.static || one.status !== 'Survived') : value,
  );
  writeFileSync(RESULT, JSON.stringify(kept));
}

function isWhole(score: Score): boolean {
  return scored.includes(score);
}

function row([name = '', ...cells]: readonly string[]): string {
  return name.padEnd(32) + cells.map((cell) => cell.padStart(11)).join('');
}
