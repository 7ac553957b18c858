/** The command as a process, for tests: bundled as users start it, by the build, which `npm test` makes first. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const MAIN = join(ROOT, 'bin/sim/cli/main.js');

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** May do something to the process on the way. */
  readonly during?: (child: ChildProcess) => unknown;
}

/** Has each process and each worker thread run this first. */
export function withPreloaded(code: string): { readonly NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}

/** Has a command be signalled when it asks the thread of its runs for so many of them. */
export function signalledInRuns(signal: NodeJS.Signals, nthJob: number): { readonly NODE_OPTIONS: string } {
  return withPreloaded(`import { isMainThread } from 'node:worker_threads';
    let jobs = 0;
    if (isMainThread) process.on('worker', (worker) => {
      const post = worker.postMessage;
      worker.postMessage = (...given) => {
        jobs += 1;
        if (jobs === ${nthJob}) process.kill(Number(process.env.SIM_HOST_OF ?? process.pid), '${signal}');
        return Reflect.apply(post, worker, given);
      };
    });`);
}

/** Has a process signal itself as soon as it has begun to listen for that. */
export function signalled(signal: NodeJS.Signals): { readonly NODE_OPTIONS: string } {
  const listening = `(event) => event === '${signal}' && setTimeout(() => process.kill(process.pid, event))`;
  return withPreloaded(`process.on('newListener', ${listening});`);
}

/** Runs a program to its end. */
export function program(
  file: string,
  args: readonly string[],
  { cwd, env, during }: Surroundings = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, GITHUB_ACTIONS: '', ...env },
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out, err }));
    Promise.resolve(during?.(child)).catch(reject);
  });
}

/** A folder with a copy of the build, to be changed; its command is `dist/sim/cli/main.js`. */
export function copyOfBuild(): string {
  const copy = scratchFolder();
  for (const part of ['src', 'sim', 'mesh']) {
    cpSync(join(ROOT, 'dist', part), join(copy, 'dist', part), {
      recursive: true,
      filter: (path) => extname(path) === '' || path.endsWith('.js'),
    });
  }
  cpSync(join(ROOT, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
  return copy;
}

/** Runs `sim` to its end. */
export function sim(args: readonly string[], surroundings?: Surroundings): Promise<Ended> {
  return program(process.execPath, [MAIN, ...args], surroundings);
}

/** A command of a message, by its label; it stands behind it, or alone in the next line where it is long. */
export function printed(text: string, label: 'replay' | 'next'): string {
  const command = new RegExp(`^ {2}${label} *\\n?npx sim (.+)$`, 'm').exec(text)?.[1];
  if (command === undefined) throw new Error(`no command labelled ${label} in: ${text}`);
  return command;
}
