/**
 * `node dist/scripts/check-shrinking.js [--only ID,…] [--replays N]`, in the project's root, after a build: takes every
 * mutant that a sweep finds to the end of its way, with the commands as people type them. The failing seed is shrunk by
 * the build with the bug in it, the file has to be small, to replay as violated in every one of N processes (20), and to
 * be told from the build without the bug.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Checkout, ownRoot } from '../sim/mutants/checkout.ts';
import { runTrials } from '../sim/mutants/measure.ts';
import type { Mutant } from '../sim/mutants/mutant.ts';
import { readMutants } from '../sim/mutants/read.ts';
import type { ScenarioSize } from '../sim/scenario/shrink/size.ts';
import { median } from '../sim/statistics/median.ts';

const WORLD = { path: 'sim/mesh/world.js', name: 'meshWorld' };
const RUNS_MAX = 3000;
const LIMIT_SECONDS = 10;
/** What a person can still read, and what is usual. */
const WORST = { operations: 12, faults: 4 };
const MEDIAN = { operations: 6, faults: 2 };

interface Shrunk {
  readonly to: ScenarioSize;
  readonly minimal: boolean;
  /** Of a core, start included: what a loaded machine does meanwhile is not counted. */
  readonly seconds: number;
  readonly faults: readonly string[];
}

const { values } = parseArgs({ options: { only: { type: 'string' }, replays: { type: 'string', default: '20' } } });
const only = values.only?.split(',');
const replays = Number(values.replays);
const checkout = new Checkout(ownRoot());
const folder = mkdtempSync(join(tmpdir(), 'check-shrinking-'));
const shrunk: Shrunk[] = [];
let faults = 0;

try {
  for (const mutant of readMutants('mutants')) {
    if (mutant.detector.kind !== 'sweep' || (only !== undefined && !only.includes(mutant.id))) continue;
    const one = await shrinkMutant(mutant, mutant.detector);
    if (one === null) {
      console.log(`${mutant.id}: not found in ${RUNS_MAX} runs`);
      continue;
    }
    shrunk.push(one);
    faults += one.faults.length;
    const { operations, faults: faultsLeft, choices } = one.to;
    console.log(
      `${mutant.id}: ${operations} operations, ${faultsLeft} faults, ${choices} choices in ${one.seconds.toFixed(1)} s`,
    );
    for (const fault of one.faults) console.log(`  ${fault}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

const operations = shrunk.map(({ to }) => to.operations);
const faultCounts = shrunk.map(({ to }) => to.faults);
console.log(
  `${shrunk.length} shrunk: operations ${median(operations)} in the median and ${Math.max(0, ...operations)} at most, ` +
    `faults ${median(faultCounts)} and ${Math.max(0, ...faultCounts)}, ` +
    `${Math.max(0, ...shrunk.map(({ seconds }) => seconds)).toFixed(1)} s at most; ${faults} faults`,
);
const asUsual = median(operations) <= MEDIAN.operations && median(faultCounts) <= MEDIAN.faults;
process.exitCode = shrunk.length > 0 && faults === 0 && asUsual ? 0 : 1;

/** Null if no run sees the bug. */
async function shrinkMutant(
  mutant: Mutant,
  detector: Extract<Mutant['detector'], { kind: 'sweep' }>,
): Promise<Shrunk | null> {
  const scratch = checkout.plant(mutant);
  try {
    const [trial] = await runTrials(scratch.build, detector, { world: WORLD, trials: 1, runsMax: RUNS_MAX });
    if (trial?.seen === null || trial === undefined) return null;
    const file = join(folder, `${mutant.id}.yaml`);
    const { profile, semantics } = detector;
    const run = ['--seed', `${trial.seen.seed}`, '--profile', profile, '--semantics', semantics];
    const made = timed(scratch.build, ['shrink', ...run, '-o', file, '--json']);
    const { to, minimal }: Pick<Shrunk, 'to' | 'minimal'> = JSON.parse(made.stdout);
    const faultsFound = [...faultsOf(scratch.build, file, to), ...(minimal ? [] : ['not 1-minimal'])];
    if (made.seconds > LIMIT_SECONDS) faultsFound.push(`took more than ${LIMIT_SECONDS} s of one core`);
    return { to, minimal, seconds: made.seconds, faults: faultsFound };
  } finally {
    scratch.remove();
  }
}

function faultsOf(build: string, file: string, to: ScenarioSize): readonly string[] {
  const found: string[] = [];
  if (to.operations > WORST.operations || to.faults > WORST.faults) found.push('too large to be read');
  const verdicts = Array.from({ length: replays }, () => verdictOf(build, file));
  const others = verdicts.filter((verdict) => verdict !== 'violated as expected');
  if (others.length > 0) found.push(`${others.length} of ${replays} replays were not violated: ${others[0]}`);
  const clean = verdictOf(checkout.build, file);
  if (clean !== 'fixed') found.push(`without the bug it is not fixed, but ${clean}`);
  return found;
}

function verdictOf(build: string, file: string): string {
  const { stdout } = sim(build, ['replay', '--json', file]);
  const told: { readonly files: readonly { readonly verdict: string }[] } = JSON.parse(stdout);
  return told.files[0]?.verdict ?? 'nothing';
}

function sim(build: string, args: readonly string[]) {
  return spawnSync(process.execPath, [join(build, 'sim/cli/main.js'), ...args], { encoding: 'utf8', cwd: folder });
}

/** The same, with the seconds of a core that it took. */
function timed(build: string, args: readonly string[]): { readonly stdout: string; readonly seconds: number } {
  const measure = 'TIMEFORMAT="%U %S"; time "$@"';
  const command = [process.execPath, join(build, 'sim/cli/main.js'), ...args];
  const { status, stdout, stderr } = spawnSync('bash', ['-c', measure, 'bash', ...command], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (status !== 0) throw new Error(`sim ${args.join(' ')} ended with ${status}: ${stderr}`);
  const [user = 0, system = 0] = (stderr.trimEnd().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { stdout, seconds: user + system };
}
