/**
 * Scenario files on the host's disk: the one place of this folder that reaches for it. A path may name anything (a folder,
 * a pipe, a device, a file of 50 GB), and none of it may make a command wait or fill the memory: only regular files are
 * read, and no more of one than a scenario may have.
 */

import type { Stats } from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** No scenario comes near this; a file that does is something else. */
export const FILE_BYTES_MAX = 4 * 1024 * 1024;
const READ_BYTES = 64 * 1024;
const EXTENSIONS = ['.yaml', '.yml', '.json'];

export type Found<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** The bytes of a regular file. */
export function readRegularFile(path: string): Found<Uint8Array> {
  try {
    const problem = notRegular(statSync(path));
    if (problem !== undefined) return { ok: false, problem };
    // What stands at the path may be another thing by now: opening must not wait, and what was opened is asked again.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const opened = notRegular(fstatSync(file));
      return opened === undefined ? readAll(file) : { ok: false, problem: opened };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { ok: false, problem: hostProblem(error) };
  }
}

/**
 * Of files and folders, the scenario files, each once: folders are searched, in order of code points; whatever else a path
 * names, or a folder in which there are none, is taken as it is, for reading to say what is wrong with it.
 */
export function findScenarioFiles(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => filesAt(path)))];
}

function filesAt(path: string): readonly string[] {
  try {
    const inside = statSync(path).isDirectory() ? scenarioFilesIn(path) : [];
    return inside.length > 0 ? inside : [path];
  } catch {
    return [path];
  }
}

function scenarioFilesIn(folder: string): readonly string[] {
  const files: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => byCodePoint(a.name, b.name))) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...scenarioFilesIn(path));
    else if (EXTENSIONS.some((extension) => entry.name.endsWith(extension))) files.push(path);
  }
  return files;
}

/** Order by code points, which a plain comparison of UTF-16 units is not. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function notRegular(stats: Stats): string | undefined {
  if (stats.isDirectory()) return 'expected a scenario file (.yaml, .yml or .json); found a folder';
  if (!stats.isFile()) return 'expected a scenario file; found a pipe, a socket or a device';
  return stats.size > FILE_BYTES_MAX ? tooLong(`${stats.size}`) : undefined;
}

function readAll(file: number): Found<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = new Uint8Array(READ_BYTES);
    const count = readSync(file, chunk);
    if (count === 0) return { ok: true, value: Buffer.concat(chunks) };
    length += count;
    // Some files give more than they say they have.
    if (length > FILE_BYTES_MAX) return { ok: false, problem: tooLong('more') };
    chunks.push(chunk.subarray(0, count));
  }
}

function tooLong(found: string): string {
  return `expected at most ${FILE_BYTES_MAX} bytes; found ${found}`;
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
