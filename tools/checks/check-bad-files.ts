/**
 * `node dist/tools/checks/check-bad-files.js [--only N]`, in the project's root, after a build: gives each damaged scenario
 * file, or N of them, to the command as it is installed. The command must end by itself with 64 within two seconds. It must
 * print one line per mistake, with a place where there is one, and never a stack.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCount } from '../../sim/cli/arguments/values.ts';
import { readOptions } from '../options.ts';
import type { DamagedFile } from './damaged-file.ts';
import { damagedFiles, writeDamaged } from './damaged-files.ts';

const SIM = 'bin/sim/cli/main.js';
const LIMIT_MS = 2000;
const STACK = /\bat [^\n]*\.[jt]s:\d|\.[jt]s:\d+:\d+|node:internal/;

const all = await damagedFiles();
const only = readOptions({ only: { type: 'string' } }, (values) =>
  values.only === undefined ? all.length : parseCount('--only', values.only, all.length),
);
// Spread over all of them, so that a few show every kind of damage.
const files = Array.from({ length: only }, (_, i) => all[Math.floor((i * all.length) / only)]).filter(
  (file) => file !== undefined,
);

const folder = mkdtempSync(join(tmpdir(), 'bad-files-'));
try {
  const faults = writeDamaged(folder, files).flatMap((path, i) => faultsOf(path, files[i], i));
  for (const fault of faults) {
    console.error(fault);
  }
  console.log(`${files.length} damaged files given to the command: ${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}

function given(args: readonly string[]) {
  const beganMs = performance.now();
  const ended = spawnSync(process.execPath, [SIM, ...args], {
    encoding: 'utf8',
    timeout: 10 * LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  return { ...ended, tookMs: Math.round(performance.now() - beganMs) };
}

/** Each command that reads scenario files gets every third file. */
function faultsOf(path: string, file: DamagedFile | undefined, i: number): readonly string[] {
  const small = join(folder, 'small.yaml');
  const commands = [
    ['replay', path],
    ['run', '--scenario', path],
    ['shrink', '--scenario', path, '--output', small],
  ];
  const args = commands[i % commands.length] ?? [];
  const { status, signal, stdout, stderr, tookMs } = given(args);
  const said = stdout + stderr;
  const faults = [
    ...(status === 64 ? [] : [`ended with ${signal ?? status}`]),
    ...(tookMs <= LIMIT_MS ? [] : [`took ${tookMs} ms`]),
    ...(existsSync(small) ? ['wrote a file'] : []),
    ...(STACK.test(said) ? ['showed a stack'] : []),
    ...(file?.placed === true && !new RegExp(`${file.name}:\\d+:\\d+: `).test(said) ? ['named no place'] : []),
  ];
  return faults.map((fault) => `sim ${args[0]} ${file?.name}: ${fault}: ${said.slice(0, 500)}`);
}
