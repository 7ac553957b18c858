/** Detectors that are commands: does a copy with a bug in it still pass them? */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { undoneAtExit } from './at-exit.ts';

/** A command that takes longer than this does not end. */
const COMMAND_WALL_MS = 120_000;
/** Limits what a bug can make grow, so that it does not take the machine down. */
const HEAP_MB_MAX = 1024;
const CONFORM_FAILED = 1;

/** Whether a build passes the recorded vectors. */
export async function conforms(command: string, vectors: string): Promise<boolean> {
  const { status, stdout, stderr } = await run(process.execPath, [command, 'conform', vectors], process.cwd());
  if (status !== 0 && status !== CONFORM_FAILED) throw new Error(`conform ended with ${status}: ${stdout}${stderr}`);
  return status === 0;
}

/** Whether sources pass one of their test files. */
export async function passesTest(folder: string, test: string): Promise<boolean> {
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const { stdout, stderr } = await run(process.execPath, [vitest, 'run', '--reporter=json', test], folder);
  const report: { readonly numTotalTests?: number; readonly numFailedTests?: number } = parsed(stdout);
  if (report.numTotalTests === undefined || report.numTotalTests === 0) {
    throw new Error(`${test}: no test was run: ${stdout}${stderr}`);
  }
  return report.numFailedTests === 0;
}

function parsed(text: string): object {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

interface Ended {
  /** Null if it was ended. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group, so that what it started ends with it.
      detached: true,
      env: { ...process.env, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB_MAX}` },
    });
    const { pid } = child;
    let running = true;
    const end = undoneAtExit(() => {
      if (running && pid !== undefined) process.kill(-pid, 'SIGKILL');
    });
    const tooLong = setTimeout(end, COMMAND_WALL_MS);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(tooLong);
      running = false;
      end();
      resolve({ status, stdout, stderr });
    });
  });
}
