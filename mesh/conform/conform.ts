/**
 * Runs this build against a folder of recorded vectors. Every line of every file goes to the checker of its file;
 * differences are reported by file and case.
 */
import { basename, join } from 'node:path';
import { describeError } from '../../sim/scenario/blame/thrown.ts';
import { type Found, readFolder, readRegularFile } from '../../sim/scenario/file/disk.ts';
import type { VectorChecker } from './checker.ts';
import { vectorCheckers } from './vector-files.ts';

export interface CaseFailure {
  readonly case: string;
  readonly message: string;
}

export interface FileReport {
  /** The file's name in the folder. */
  readonly file: string;
  readonly passed: number;
  readonly failures: readonly CaseFailure[];
}

export interface ConformReport {
  /** In order of file name. */
  readonly files: readonly FileReport[];
  readonly passed: number;
  readonly failed: number;
}

/** The vectors themselves cannot be used: a folder without any, a file without a checker, a line that is no vector. */
export class ConformError extends Error {
  override readonly name = 'ConformError';
}

/** The longest recorded file has 1.3 MB. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

/** Checks every vector file (`*.jsonl`) of a folder. Throws a `ConformError` where there is nothing sound to check. */
export async function conform(dir: string): Promise<ConformReport> {
  const names = wanted(dir, readFolder(dir)).flatMap(({ name }) => (name.endsWith('.jsonl') ? [name] : []));
  if (names.length === 0) throw new ConformError(`${dir}: no vector files (*.jsonl)`);
  const files: FileReport[] = [];
  for (const path of names.map((name) => join(dir, name))) {
    const text = new TextDecoder().decode(wanted(path, readRegularFile(path, FILE_BYTES_MAX)));
    files.push(await conformFile(path, text.split('\n')));
  }
  return {
    files,
    passed: files.reduce((sum, file) => sum + file.passed, 0),
    failed: files.reduce((sum, file) => sum + file.failures.length, 0),
  };
}

/** Checks the lines of one vector file by the checker for its name. Blank lines are skipped. */
export async function conformFile(path: string, lines: readonly string[]): Promise<FileReport> {
  const file = basename(path);
  const checker = vectorCheckers.get(file);
  if (checker === undefined) throw new ConformError(`${path}: no checker for this file`);
  const failures: CaseFailure[] = [];
  let passed = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const vector = parseLine(line, `${path}:${index + 1}`);
    const message = await differenceIn(checker, vector);
    if (message === null) passed += 1;
    else failures.push({ case: vector.name, message });
  }
  if (passed + failures.length === 0) throw new ConformError(`${path}: holds no vectors`);
  return { file, passed, failures };
}

function wanted<T>(path: string, found: Found<T>): T {
  if (!found.ok) throw new ConformError(`${path}: ${found.problem}`);
  return found.value;
}

function parseLine(line: string, where: string): { readonly name: string } {
  const vector = parseJson(line, where);
  if (typeof vector !== 'object' || vector === null || !('name' in vector) || typeof vector.name !== 'string') {
    throw new ConformError(`${where}: not a vector with a name`);
  }
  return { ...vector, name: vector.name };
}

function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ConformError(`${where}: not JSON`);
  }
}

/** A checker that throws has met code that throws where it must not. That fails this case, and does not end the others. */
async function differenceIn(checker: VectorChecker, vector: unknown): Promise<string | null> {
  try {
    return await checker(vector);
  } catch (error) {
    return `threw ${describeError(error)}`;
  }
}
