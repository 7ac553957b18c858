/**
 * `node dist/tools/checks/check-shrinking.js [--only ID,…] [--replays N]`, in the project's root, after a build: takes
 * every mutant that a sweep finds from the failing seed to the end, with the commands as people type them. The build with
 * the bug shrinks the seed. The file must be small, and must replay as violated in every one of N processes (20). Without
 * any single part of it, it must not be violated any more, nor by the build without the bug. The message must fit a screen.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseCount } from '../../sim/cli/arguments/values.ts';
import { Checkout, ownRoot } from '../../sim/mutants/checkout.ts';
import { runTrials } from '../../sim/mutants/measure.ts';
import type { Mutant } from '../../sim/mutants/mutant.ts';
import { readMutants } from '../../sim/mutants/read.ts';
import type { ScenarioSize } from '../../sim/shrink/size.ts';
import { median } from '../../sim/statistics/median.ts';
import { knownNames, readOptions } from '../options.ts';

const WORLD = { path: 'mesh/world.js', name: 'meshWorld' };
const RUNS_MAX = 3000;
const LIMIT_SECONDS = 10;
/** What a person can still read, and what is usual. */
const WORST = { operations: 12, faults: 4 };
const MEDIAN = { operations: 6, faults: 2 };
const SCREEN = { lines: 25, columns: 100 };
const MESSAGE_PARTS = ['code', 'seed', 'shrunk', 'what led to it', 'replay', 'next'];

/** The parts of a scenario file that this check tries to take away. */
interface Parts {
  readonly workload: readonly { readonly key: string }[];
  readonly faults: readonly { readonly key: string; readonly target?: { readonly op?: string } }[];
  readonly seeded?: readonly string[];
  readonly choices?: Readonly<Record<string, number>>;
}

interface Shrunk {
  readonly to: ScenarioSize;
  readonly minimal: boolean;
  /** Seconds of one core, including the start. What a busy machine does meanwhile is not counted. */
  readonly seconds: number;
  readonly faults: readonly string[];
}

const mutants = readMutants('mutants').flatMap((mutant) =>
  mutant.detector.kind === 'sweep' ? [{ mutant, detector: mutant.detector }] : [],
);
const ids = mutants.map(({ mutant }) => mutant.id);
const { only, replays } = readOptions(
  { only: { type: 'string' }, replays: { type: 'string', default: '20' } },
  (values) => ({
    only: values.only === undefined ? ids : knownNames('--only', values.only.split(','), ids),
    replays: parseCount('--replays', values.replays),
  }),
);
const checkout = new Checkout(ownRoot());
const folder = mkdtempSync(join(tmpdir(), 'check-shrinking-'));
const shrunk: Shrunk[] = [];
let faults = 0;

try {
  for (const { mutant, detector } of mutants) {
    if (!only.includes(mutant.id)) continue;
    const one = await shrinkMutant(mutant, detector);
    if (one === null) {
      console.log(`${mutant.id}: not found in ${RUNS_MAX} runs`);
      faults += 1;
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
    bundle(scratch.build);
    const file = join(folder, `${mutant.id}.yaml`);
    const { profile, semantics } = detector;
    const run = ['--seed', `${trial.seen.seed}`, '--profile', profile, '--semantics', semantics];
    const made = timed(scratch.build, ['shrink', ...run, '-o', file, '--json']);
    const { to, minimal, invariant }: Pick<Shrunk, 'to' | 'minimal'> & { readonly invariant: string } = JSON.parse(
      made.stdout,
    );
    const faultsFound = [
      ...faultsOf(scratch.build, file, to),
      ...needless(scratch.build, file),
      ...messageFaults(made.stderr, invariant),
    ];
    if (!minimal) faultsFound.push('was not sure to be 1-minimal');
    if (made.seconds > LIMIT_SECONDS) faultsFound.push(`took more than ${LIMIT_SECONDS} s of one core`);
    return { to, minimal, seconds: made.seconds, faults: faultsFound };
  } finally {
    scratch.remove();
  }
}

/** Bundles the command with the bug in it, as the build does, because hundreds of processes start it. */
function bundle(build: string): void {
  const script = 'tools/build/bundle.js';
  cpSync(join(checkout.build, script), join(build, script));
  const { status, stderr } = spawnSync(process.execPath, [join(build, script)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
}

/** The bundled command of a build. */
function command(build: string, args: readonly string[]): readonly string[] {
  return [process.execPath, join(build, '../bin/sim/cli/main.js'), ...args];
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

/** Parts without which the file is violated as before. They should not be in it. */
function needless(build: string, file: string): readonly string[] {
  const variants = mkdtempSync(join(folder, 'without-'));
  for (const [i, without] of withoutEach(parse(readFileSync(file, 'utf8'))).entries()) {
    writeFileSync(join(variants, `${i}.json`), JSON.stringify(without));
  }
  mkdirSync(join(variants, 'whole'));
  writeFileSync(join(variants, 'whole', 'whole.json'), JSON.stringify(parse(readFileSync(file, 'utf8'))));
  const found = replayed(build, variants).filter(({ verdict }) => verdict === 'violated as expected');
  return found.length === 1 ? [] : [`${found.length - 1} of its parts can be taken away`];
}

/** The scenario with one part fewer, for each part, and without faults whose dispatch is gone. */
function withoutEach(scenario: Parts): readonly Parts[] {
  const { workload, faults, seeded = [], choices = {} } = scenario;
  const others = <T>(all: readonly T[], one: T): readonly T[] => all.filter((item) => item !== one);
  const isFor = (op: string | undefined, key: string): boolean => op === key || op?.startsWith(`${key}/`) === true;
  return [
    ...workload.map((one) => ({
      ...scenario,
      workload: others(workload, one),
      faults: faults.filter(({ target }) => !isFor(target?.op, one.key)),
    })),
    ...faults.map((one) => ({
      ...scenario,
      faults: others(faults, one).filter(({ target }) => !isFor(target?.op, one.key)),
    })),
    ...seeded.map((one) => ({ ...scenario, seeded: others(seeded, one) })),
    ...Object.keys(choices).map((one) => ({
      ...scenario,
      choices: Object.fromEntries(Object.entries(choices).filter(([name]) => name !== one)),
    })),
  ];
}

/** What the printed message lacks, or has too much of. */
function messageFaults(printed: string, invariant: string): readonly string[] {
  const all = printed.trimEnd().split('\n').slice(0, -1);
  const lines = all.slice(all.findIndex((line) => line.startsWith(`${invariant}: `)));
  const isTold = (part: string): boolean => lines.some((line) => line.startsWith(`  ${part}`));
  const tooWide = lines.filter((line) => line.length > SCREEN.columns && !line.startsWith('npx sim '));
  return [
    ...(lines.length <= SCREEN.lines ? [] : [`the message has ${lines.length} lines`]),
    ...tooWide.map((line) => `a line of the message has ${line.length} columns`),
    ...MESSAGE_PARTS.filter((part) => !isTold(part)).map((part) => `the message has nothing about: ${part}`),
  ];
}

function verdictOf(build: string, file: string): string {
  return replayed(build, file)[0]?.verdict ?? 'nothing';
}

function replayed(build: string, path: string): readonly { readonly verdict: string }[] {
  const { stdout } = sim(build, ['replay', '--json', path]);
  const told: { readonly files: readonly { readonly verdict: string }[] } = JSON.parse(stdout);
  return told.files;
}

function sim(build: string, args: readonly string[]) {
  const [program = '', ...rest] = command(build, args);
  return spawnSync(program, rest, { encoding: 'utf8', cwd: folder });
}

/** The same, with the seconds of a core that it took. */
function timed(
  build: string,
  args: readonly string[],
): { readonly stdout: string; readonly stderr: string; readonly seconds: number } {
  const measure = 'TIMEFORMAT="%U %S"; time "$@"';
  const { status, stdout, stderr } = spawnSync('bash', ['-c', measure, 'bash', ...command(build, args)], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (status !== 0) throw new Error(`sim ${args.join(' ')} ended with ${status}: ${stderr}`);
  const [user = 0, system = 0] = (stderr.trimEnd().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { stdout, stderr, seconds: user + system };
}
