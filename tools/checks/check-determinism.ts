/**
 * Same seed, same digest: in a process of its own under every supported version of Node, in other time zones and languages
 * while another core is kept busy, and within one sweep. It also checks that `--check-determinism` finds what is planted in
 * a scratch copy of the build.
 *
 * `node dist/tools/checks/check-determinism.js [--seeds N]`, in the project's root, after a build; 1,000 seeds by default.
 */
import { spawn, spawnSync } from 'node:child_process';
import { z } from 'zod';
import { parseCount } from '../../sim/cli/arguments/values.ts';
import { noteLine } from '../../sim/report/writers/progress.ts';
import { addDigests, digestTerm, digestText } from '../../sim/sweep/counts/digest-sum.ts';
import { readOptions } from '../options.ts';
import { NODE_VERSIONS, nodeOfVersion } from './node-versions.ts';
import { missedPlants } from './planted-nondeterminism.ts';

/** What users start, and the same with one file per module. */
const BUNDLED = 'bin/sim/cli/main.js';
const UNBUNDLED = 'dist/sim/cli/main.js';
const Run = z.object({ digest: z.string(), events: z.int().positive() });
const Sweep = z.object({ runs: z.int(), digest: z.string() });

/**
 * Host settings that no run may depend on: zones with odd offsets and a date line, languages that change case and digits.
 */
const SETTINGS = [
  { TZ: 'UTC', LANG: 'C' },
  { TZ: 'Asia/Kathmandu', LANG: 'de_DE.UTF-8' },
  { TZ: 'America/St_Johns', LANG: 'tr_TR.UTF-8' },
  { TZ: 'Pacific/Kiritimati', LANG: 'ar_EG.UTF-8' },
] as const;

const seeds = readOptions({ seeds: { type: 'string', default: '1000' } }, (values) =>
  parseCount('--seeds', values.seeds),
);

const nodes = NODE_VERSIONS.map((version) => ({ version, path: nodeOfVersion(version) }));

/** Keeps a core busy as long as this process lives, however it ends. */
spawn(process.execPath, ['-e', 'const { ppid } = process; while (process.ppid === ppid);'], {
  stdio: 'ignore',
}).unref();

const note = noteLine(process.stderr);
let faults = 0;

// The plants come first, because the runs of a thousand seeds take a quarter of an hour.
for (const missed of missedPlants()) report(missed);
compareRuns();
console.log(`${seeds} seeds under Node ${NODE_VERSIONS.join(', ')}: ${faults} faults`);
process.exit(faults === 0 ? 0 : 1);

function report(fault: string): void {
  note.clear();
  console.error(fault);
  faults += 1;
}

function compareRuns(): void {
  let sum = 0n;
  for (let seed = 1; seed <= seeds; seed++) {
    note.show(`seed ${seed}/${seeds}`);
    const digests: string[] = [];
    for (const [n, node] of nodes.entries()) {
      const { digest } = Run.parse(sim(node.path, BUNDLED, seed + n, ['run', '--seed', String(seed), '--json']));
      digests.push(digest);
    }
    if (new Set(digests).size > 1) {
      report(`seed ${seed}: ${nodes.map(({ version }, n) => `${version} ${digests[n]}`).join(', ')}`);
    }
    sum = addDigests(sum, digestTerm(BigInt(seed), digests[0] ?? ''));
  }
  for (const [n, { version, path }] of nodes.entries()) {
    note.show(`a sweep under ${version}`);
    const { runs, digest } = Sweep.parse(
      sim(path, UNBUNDLED, n, ['sweep', '--runs', String(seeds), '--from', '1', '--json']),
    );
    if (runs !== seeds || digest !== digestText(sum)) {
      report(`a sweep under ${version}: ${runs} runs, ${digest}; one by one: ${seeds}, ${digestText(sum)}`);
    }
  }
  note.clear();
}

/** The JSON document of a command, under one of the settings. Whatever the verdict, the digests must be equal. */
function sim(node: string, command: string, setting: number, args: readonly string[]): unknown {
  const { TZ = '', LANG = '' } = SETTINGS[setting % SETTINGS.length] ?? {};
  const env = { ...process.env, TZ, LANG, LC_ALL: LANG };
  const { stdout, stderr } = spawnSync(node, [command, ...args], { env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (stdout === '') {
    throw new Error(`sim ${args.join(' ')} printed nothing: ${stderr}`);
  }
  return JSON.parse(stdout);
}
