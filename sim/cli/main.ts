#!/usr/bin/env node
import { describeError, stackOf } from '../scenario/blame/thrown.ts';
/**
 * The command `sim`. Node's own status for what nobody catches is 1, which here means that an invariant was violated: so this
 * listens before it loads what may throw, which is nearly all there is (`command.ts`).
 */
import { printableLines } from '../scenario/file/mistake.ts';
import { authorsMistake } from './authors-mistake.ts';
import { listenForInterrupts } from './process/signals.ts';
import { EXIT, type ExitStatus, statusOfFailure } from './status.ts';

listenForInterrupts();

/** Of files or processes, of memory, of disk. */
const NO_ROOM: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'EAGAIN',
  'ENOMEM',
  'ENOSPC',
  'ERR_WORKER_INIT_FAILED',
]);
const args = process.argv.slice(2);

for (const [name, stream] of Object.entries({ output: process.stdout, error: process.stderr })) {
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    // A reader that went away (`sim run | head -1`) is no error of anybody's.
    if (code !== 'EPIPE') fail(EXIT.usage, `standard ${name} cannot be written (${code})`);
  });
}

process.on('uncaughtException', failDefect);

try {
  process.cwd();
} catch {
  fail(EXIT.usage, 'the folder that it was called in is not there any more');
}
try {
  // Runs have a thread of their own, which starts while this one loads what reads the command line and writes the result.
  if (args[0] === 'run') (await import('./runs/command-runs.ts')).commandRuns();
  await (await import('./command.ts')).runCommand(args);
} catch (error) {
  failDefect(error);
}

function failDefect(error: unknown): never {
  // What the host refuses for want of room is for whoever called this to see to.
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NO_ROOM.has(code)) fail(EXIT.usage, `the host has no room for more (${code})`);
  const author = authorsMistake(error);
  if (author !== undefined) fail(EXIT.defect, `world-error: ${author}`);
  const what = stackOf(error) ?? describeError(error);
  return fail(EXIT.defect, `a defect of the harness itself: ${what}`);
}

function fail(status: ExitStatus, what: string): never {
  process.stderr.write(`sim: ${printableLines(what)}\n`);
  process.exit(statusOfFailure(status, args));
}
