/** A sweep that is under way, to be ended in one way or another. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { MAIN, withPreloaded } from './command.testing.ts';

/** A worker says that it has been started. */
export const TELL_WORKER =
  "import { isMainThread } from 'node:worker_threads'; if (!isMainThread) console.error('a worker');";

/** A worker says that it has been started, and then is in a call that does not return. */
export const waiting = (call: string): string => `import { execSync } from 'node:child_process';
  import { openSync, writeSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  if (!isMainThread) { writeSync(2, 'a worker'); ${call}; }`;

/** A long sweep that is under way in a process group of its own, as a shell starts it. */
export async function underWay(
  preloaded = TELL_WORKER,
  flags: readonly string[] = ['--time', '10m'],
): Promise<{ readonly child: ChildProcessWithoutNullStreams; readonly ended: Promise<EndedSweep> }> {
  const child = spawn(process.execPath, [MAIN, 'sweep', ...flags, '--json'], {
    detached: true,
    env: { ...process.env, ...withPreloaded(preloaded) },
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  // Which is when no process has its output open any more, so that the host is gone, too.
  const ended = once(child, 'close').then(([status, signal]) => ({ status, signal, out }));
  await once(child.stderr, 'data');
  return { child, ended };
}

interface EndedSweep {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}
