/**
 * The user's files on the host's disk. No other module of this folder reads the disk. A path may name anything (a folder, a
 * pipe, a device, a file of 50 GB), and none of it may make a command wait or fill the memory. So only regular files are
 * read, up to a bound.
 */

import type { Dirent, Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** No scenario comes near this size. */
export const FILE_BYTES_MAX = 4 * 1024 * 1024;
const READ_BYTES = 64 * 1024;
/** Extensions of YAML and JSON files. */
export const DATA_FILE = /\.(?:ya?ml|json)$/i;
const DATA_ENDINGS = '.yaml, .yml or .json';

export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** The bytes of a regular file. */
export function readRegularFile(path: string, bytesMax = FILE_BYTES_MAX): Found<Uint8Array> {
  try {
    const problem = notRegular(statSync(path), bytesMax);
    if (problem !== undefined) return { ok: false, problem };
    // Another thing may stand at the path by now. So opening must not wait, and the opened file is checked again.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const opened = notRegular(fstatSync(file), bytesMax);
      return opened === undefined ? readAll(file, bytesMax) : { ok: false, problem: opened };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { ok: false, problem: hostProblem(error) };
  }
}

/** What a folder holds, in order of code points. */
export function readFolder(path: string): Found<readonly Dirent[]> {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return { ok: true, value: entries.sort((a, b) => byCodePoint(a.name, b.name)) };
  } catch (error) {
    return { ok: false, problem: hostProblem(error) };
  }
}

/** A path to read a scenario from, or a folder that holds none, and why. */
export interface Candidate {
  readonly path: string;
  readonly problem?: string;
}

/**
 * The scenario files among files and folders, each once. Folders are searched, in order of code points. Whatever else a
 * path names is kept, so that reading it says what is wrong.
 */
export function findScenarioFiles(paths: readonly string[]): readonly Candidate[] {
  return [...new Map(paths.flatMap(candidatesAt).map((found) => [found.path, found])).values()];
}

function candidatesAt(path: string): readonly Candidate[] {
  if (!isFolder(path)) return [{ path }];
  const inside = candidatesIn(path);
  return inside.length > 0 ? inside : [{ path, problem: `holds no scenario files (${DATA_ENDINGS})` }];
}

function candidatesIn(folder: string): readonly Candidate[] {
  const entries = readFolder(folder);
  if (!entries.ok) return [{ path: folder, problem: entries.problem }];
  return entries.value
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return candidatesIn(path);
      return DATA_FILE.test(entry.name) ? [{ path }] : [];
    });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Order by code points, which a plain comparison of UTF-16 units does not give. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function notRegular(stats: Stats, bytesMax: number): string | undefined {
  if (stats.isDirectory()) return 'expected a file; found a folder';
  if (!stats.isFile()) return 'expected a file; found a pipe, a socket or a device';
  return stats.size > bytesMax ? tooLong(bytesMax, `${stats.size}`) : undefined;
}

function readAll(file: number, bytesMax: number): Found<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = new Uint8Array(READ_BYTES);
    const count = readSync(file, chunk);
    if (count === 0) return { ok: true, value: Buffer.concat(chunks) };
    length += count;
    // Some files have more bytes than they say.
    if (length > bytesMax) return { ok: false, problem: tooLong(bytesMax, 'more') };
    chunks.push(chunk.subarray(0, count));
  }
}

function tooLong(bytesMax: number, found: string): string {
  return `expected at most ${bytesMax} bytes; found ${found}`;
}

const HOST_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
  EACCES: 'may not be read',
  ELOOP: 'is a link that leads nowhere',
};

function hostProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return HOST_PROBLEMS[code] ?? `cannot be read (${code})`;
}
