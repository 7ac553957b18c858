/** Files and folders that flags name for results: found to be good before the work is done, and written whole or not at all. */
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../arguments/values.ts';

/** A file that is as it was until all of its lines are written, and stays so if they cannot be. */
export interface OutputFile {
  writeLines<T>(items: Iterable<T>, line: (item: T) => string): void;
}

const CHUNK_CHARS = 1 << 16;

/** Names of what is open already; where they lead, it is not for anybody to put another file. */
const OPEN_FILE = /^\/(?:dev|proc)\/(?:.*\/)?(?:fd\/\d+|stdout|stderr)$/;

/** Refuses a file that cannot be written, and one of `inputs`, which are files that the command reads; touches neither. */
export function outputFile(flag: string, path: string, inputs: readonly string[] = []): OutputFile {
  const attempt = <T>(act: () => T): T => attempting(`${flag}: ${path}`, act);
  const stats = attempt(() => statSync(path, { throwIfNoEntry: false }));
  if (stats?.isDirectory() === true) throw new UsageError(`${flag}: ${path} is a folder`);
  if (stats?.isFile() === true && inputs.some((input) => isSameFile(input, path))) {
    throw new UsageError(`${flag}: ${path} is read by this command, and is not written over`);
  }
  if (stats?.isFile() === false || OPEN_FILE.test(resolve(path))) {
    const file = attempt(() => openSync(path, 'a'));
    return { writeLines: (items, line) => attempt(() => writeLines(file, items, line)) };
  }
  const target = stats === undefined ? path : attempt(() => realpathSync(path));
  attempt(() => {
    if (stats !== undefined) accessSync(target, constants.W_OK);
    tryFolder(dirname(target));
  });
  return {
    writeLines: (items, line) => attempt(() => replaceFile(target, (draft) => writeLines(draft, items, line))),
  };
}

/** Refuses a file that is there already or cannot be written. */
export function checkNewFile(flag: string, path: string): void {
  if (isThere(path)) throw new UsageError(`${path} is there already`);
  attempting(`${flag}: ${path}`, () => tryFolder(dirname(path)));
}

/** Writes a file that must not be there yet. */
export function writeNewFile(path: string, text: string): void {
  if (isThere(path)) throw new UsageError(`${path} is there already`);
  attempting(path, () => {
    const file = openSync(path, 'wx');
    try {
      writeAll(file, text);
    } catch (error) {
      rmSync(path);
      throw error;
    } finally {
      closeSync(file);
    }
  });
}

/**
 * The folder for the scenarios of a sweep, made when it is asked for: in the one that was given, which must hold no sweep,
 * or in the next under reports/.
 */
export function sweepFolder(given: string | undefined): () => string {
  if (given !== undefined) {
    if (existsSync(join(given, 'failures'))) throw new UsageError(`--out: ${given} holds a sweep already`);
    attempting(`--out: ${given}`, () => tryFolder(nearestThere(resolve(given))));
  }
  return () => {
    const folder = join(given ?? nextSweepFolder(), 'failures');
    attempting(folder, () => {
      makeFolder(dirname(resolve(folder)));
      mkdirSync(folder);
    });
    return folder;
  };
}

/** The first that is not there. */
function nextSweepFolder(): string {
  for (let n = 1; ; n += 1) {
    const folder = join('reports', `sweep-${n}`);
    if (!existsSync(folder)) return folder;
  }
}

function nearestThere(folder: string): string {
  return isThere(folder) ? folder : nearestThere(dirname(folder));
}

/** One after another, as Node's own way to make several at once does not end where one cannot be made below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Whether there is anything by that name, be it a link that leads nowhere: nothing new can take its place. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** Throws if no file can be made in a folder. */
function tryFolder(folder: string): void {
  const draft = draftIn(folder);
  closeSync(openSync(draft, 'wx'));
  rmSync(draft);
}

/** Puts a new file in the place of one, if all goes well. */
function replaceFile(path: string, write: (draft: number) => void): void {
  const draft = draftIn(dirname(path));
  try {
    write(openSync(draft, 'wx'));
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function draftIn(folder: string): string {
  return join(folder, `.sim-${randomUUID()}`);
}

/** Closes the file, too. */
function writeLines<T>(file: number, items: Iterable<T>, line: (item: T) => string): void {
  try {
    let chunk = '';
    for (const item of items) {
      chunk += `${line(item)}\n`;
      if (chunk.length < CHUNK_CHARS) continue;
      writeAll(file, chunk);
      chunk = '';
    }
    writeAll(file, chunk);
  } finally {
    closeSync(file);
  }
}

/** A write to a pipe or a full disk may take less than it was given. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}

/** What the host refuses is a mistake of whoever named `what`, the path with its flag before it. */
function attempting<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new UsageError(`${what} cannot be written (${code})`);
  }
}
