/** Where a command's words go: people's text, the one JSON document, files that were asked for. */
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Colors } from '../report/colors.ts';
import { colorsFor } from '../report/colors.ts';
import { UsageError } from './values.ts';

/** Prints a result: as JSON alone on standard output with the text on standard error, or as text. */
export function print(json: string | undefined, text: (colors: Colors) => string): void {
  const people = json === undefined ? process.stdout : process.stderr;
  if (json !== undefined) process.stdout.write(json);
  people.write(text(colorsFor(people, process.env)));
}

/** A file that a flag names, opened before the work is done whose result it is for. */
export interface OutputFile {
  writeLines<T>(items: Iterable<T>, line: (item: T) => string): void;
}

const CHUNK_CHARS = 1 << 16;

export function openFile(flag: string, path: string): OutputFile {
  const attempt = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw new UsageError(`${flag}: ${path} cannot be written: ${error instanceof Error ? error.message : error}`);
    }
  };
  const file = attempt(() => openSync(path, 'w'));
  return {
    writeLines: (items, line) =>
      attempt(() => {
        let chunk = '';
        for (const item of items) {
          chunk += `${line(item)}\n`;
          if (chunk.length < CHUNK_CHARS) continue;
          writeAll(file, chunk);
          chunk = '';
        }
        writeAll(file, chunk);
        closeSync(file);
      }),
  };
}

/**
 * The folder for what a sweep writes, made when it is asked for: the one that was given, which must hold no sweep, or the
 * next under reports/.
 */
export function sweepFolder(given: string | undefined): () => string {
  if (given !== undefined) {
    if (existsSync(join(given, 'failures'))) throw new UsageError(`--out: ${given} holds a sweep already`);
    return () => given;
  }
  return () => {
    mkdirSync('reports', { recursive: true });
    for (let n = 1; ; n += 1) {
      const folder = join('reports', `sweep-${n}`);
      if (existsSync(folder)) continue;
      mkdirSync(folder);
      return folder;
    }
  };
}

/** Refuses a file that is there already, before the work is done whose result it is for. */
export function refuseExisting(path: string): void {
  if (existsSync(path)) throw new UsageError(`${path} is there already`);
}

/** Writes a file that must not be there yet. */
export function writeNewFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new UsageError(code === 'EEXIST' ? `${path} is there already` : `${path} cannot be written (${code})`);
  }
}

/** A write to a pipe or a full disk may take less than it was given. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
