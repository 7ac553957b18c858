/**
 * The command as the package has it, and processes like the one that its workers run in, for benchmarks of what a user
 * gets.
 */
import { execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HOST_OPTIONS } from '../sim/cli/process/host.ts';
import { lastWord } from '../sim/sweep/workers/last-word.ts';

/** This module runs from dist/bench/. */
export const SIM = fileURLToPath(new URL('../../bin/sim/cli/main.js', import.meta.url));

/** `sim sweep` over the first seeds, from the start of the process to its end. Throws unless all of them ran and held. */
export async function commandSweeps(runs: number, jobs: number): Promise<void> {
  const args = [SIM, 'sweep', '--runs', String(runs), '--jobs', String(jobs), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const result: { readonly runs: number; readonly failed: number } = JSON.parse(stdout);
  if (result.runs !== runs || result.failed > 0) {
    throw new Error(`of ${runs} runs ${result.runs} ended and ${result.failed} did not hold`);
  }
}

/**
 * What the module sends once, when it is started with these arguments in a process of its own, as the command starts its
 * host.
 */
export function fromHost<T>(module: string, args: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(module), [...args], { execArgv: [...HOST_OPTIONS] });
    child.on('message', (message: T) => resolve(message));
    child.on('error', reject);
    // Its message may be read after its exit, but not after its channel has closed.
    child.on('disconnect', () => reject(new Error(`${module} sent nothing: it let go`)));
  });
}

/** Sends it, if `fromHost` started this process for the module. */
export async function inHost<T>(module: string, send: (args: readonly string[]) => Promise<T>): Promise<void> {
  if (process.argv[1] !== fileURLToPath(module) || process.send === undefined) return;
  lastWord(await send(process.argv.slice(2)));
}
