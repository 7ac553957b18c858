/**
 * Failures that are kept: scenario files beside the test, like snapshots, which are replayed before any seed.
 *
 *     __sim__/mutex.test.ts/waits.yaml
 *
 * In CI nobody would commit them, so they go where artefacts are collected from: `reports/sim/` of the current folder.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

const FOLDER = '__sim__';
const ARTEFACTS = 'reports/sim';
const NAME_CHARS_MAX = 100;
/** What a file system may not take, and a dot, which comes before the number. */
const UNFIT = /[^\p{L}\p{N} _,()+=-]+/gu;

/** The name of a test's files, without number and ending. */
function stemOf(test: string): string {
  const stem = test.replace(UNFIT, '_').slice(0, NAME_CHARS_MAX).trim();
  return stem === '' ? 'test' : stem;
}

/** Paths of the files that were kept for a test, in order. */
export function keptFiles(file: string, test: string): readonly string[] {
  const folder = folderBeside(file);
  if (!existsSync(folder)) return [];
  const stem = stemOf(test);
  const isIts = (name: string): boolean =>
    name.startsWith(`${stem}.`) && /^\.(?:\d+\.)?yaml$/.test(name.slice(stem.length));
  return readdirSync(folder)
    .filter(isIts)
    .sort()
    .map((name) => join(folder, name));
}

function folderBeside(file: string): string {
  return join(dirname(file), FOLDER, basename(file));
}

/** Where the next failure of a test goes; the folder is there then. */
function nextFile(file: string, test: string): string {
  const { CI = '' } = process.env;
  const isCi = CI !== '' && CI !== 'false';
  const fromHere = relative(process.cwd(), file);
  const artefacts = join(ARTEFACTS, fromHere.startsWith('..') ? basename(file) : fromHere);
  const folder = isCi ? artefacts : folderBeside(file);
  mkdirSync(folder, { recursive: true });
  const stem = stemOf(test);
  for (let n = 1; ; n += 1) {
    const path = join(folder, n === 1 ? `${stem}.yaml` : `${stem}.${n}.yaml`);
    if (!existsSync(path)) return path;
  }
}

/** Writes it, unless one that is there says the same. Undefined where no file can be written, in a container of CI, say. */
export function keep(file: string, test: string, text: string): string | undefined {
  try {
    const known = keptFiles(file, test).find((path) => readFileSync(path, 'utf8') === text);
    if (known !== undefined) return known;
    const path = nextFile(file, test);
    writeFileSync(path, text);
    return path;
  } catch {
    return undefined;
  }
}
