/** The command as the package has it, for benchmarks of what a user gets. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** This module runs from dist/bench/. */
export const SIM = fileURLToPath(new URL('../../bin/sim/cli/main.js', import.meta.url));

/** `sim sweep` over the first seeds, from the start of the process to its end; throws unless all of them ran and held. */
export async function commandSweeps(runs: number, jobs: number): Promise<void> {
  const args = [SIM, 'sweep', '--runs', String(runs), '--jobs', String(jobs), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const result: { readonly runs: number; readonly failed: number } = JSON.parse(stdout);
  if (result.runs !== runs || result.failed > 0) {
    throw new Error(`of ${runs} runs ${result.runs} ended and ${result.failed} did not hold`);
  }
}
