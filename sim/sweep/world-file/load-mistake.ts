/**
 * Why a module could not be loaded, as one line with the place. Node does not tell where a syntax error is to whoever catches
 * it, only on standard error to whoever does not: so another process is asked to load the module and not to catch it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Frame, framesOf, isOfHarness, placeOf } from '../../scenario/blame/frames.ts';
import { describeError, isOf, stackOf } from '../../scenario/blame/thrown.ts';
import { AuthorError, IdleError } from './author-error.ts';

const ASK_MS = 10_000;
/** Node's picture of a syntax error: the place, the line, and marks under what is wrong in it. */
const PICTURE = /^(file:\/\/\/\S+|\/.*):(\d+)\n(?:.*\n){1,4}?([ \t]*)\^/m;

/** An await at the top level, which begins its line or the value of a constant. */
const TOP_AWAIT = /^(?:export\s+)?(?:(?:const|let|var)\s[^=\n]*=\s*)?await\b/m;

/** What was thrown while `module`, a URL, was loaded. */
export function loadMistake(module: string, error: unknown): AuthorError {
  const path = module.startsWith('file:') ? fileURLToPath(module) : module;
  const said = describeError(error);
  // It begins with the place already.
  const told = /^\w*Error: (\/.*?:\d+:\d+: .*)$/.exec(said)?.[1];
  if (told !== undefined) return new AuthorError(told, { cause: error });
  const place =
    (isOf(error, IdleError) ? placeOfMatch(path, TOP_AWAIT) : undefined) ??
    placeOfImport(said) ??
    placeOfThrow(error) ??
    (isOf(error, SyntaxError) ? placeInPicture(module) : undefined);
  return new AuthorError(`${place ?? path}: ${said}`, { cause: error });
}

/** Where in the source of a module a name is exported; the module where that cannot be seen. */
export function placeOfExport(path: string, name: string): string {
  const word = `${name.replaceAll('$', '\\$')}(?![\\w$])`;
  const [declared, mentioned] = [`\\b(?:const|let|var|class|function)\\s+${word}`, `\\bexport\\b[^;]*?\\b${word}`];
  return placeOfMatch(path, new RegExp(declared)) ?? placeOfMatch(path, new RegExp(mentioned)) ?? path;
}

/** The import of what Node did not find. */
function placeOfImport(said: string): string | undefined {
  const [, missing = '', importer] = /Cannot find (?:module|package) '(.+?)' imported from (\/.+)$/.exec(said) ?? [];
  if (importer === undefined) return undefined;
  for (const match of sourceOf(importer).matchAll(/\b(?:from|import)\s*\(?\s*(['"])(.+?)\1/g)) {
    const [all, , specifier = ''] = match;
    const isMissing = specifier === missing || resolve(dirname(importer), specifier) === missing;
    if (isMissing || specifier.startsWith(`${missing}/`))
      return placeAt(importer, match.index + all.indexOf(specifier) - 1);
  }
  return undefined;
}

function placeOfMatch(path: string, pattern: RegExp): string | undefined {
  const match = pattern.exec(sourceOf(path));
  return match === null ? undefined : placeAt(path, match.index);
}

function placeAt(path: string, offset: number): string {
  const before = sourceOf(path).slice(0, offset).split('\n');
  return `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function sourceOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Where the stack says that a syntax error is, or its innermost frame in a file that is not the harness's. */
function placeOfThrow(error: unknown): string | undefined {
  const stack = stackOf(error);
  if (stack === undefined) return undefined;
  const frame: Frame | undefined = framesOf(stack).find(({ file }) => !isOfHarness(file));
  return pictured(stack) ?? (frame === undefined ? undefined : placeOf(frame));
}

function placeInPicture(module: string): string | undefined {
  const load = `await import(${JSON.stringify(module)})`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', load], {
    encoding: 'utf8',
    timeout: ASK_MS,
  });
  return pictured(stderr);
}

function pictured(text: string): string | undefined {
  const [, file, line, indent = ''] = PICTURE.exec(text) ?? [];
  if (file === undefined) return undefined;
  return `${file.startsWith('file:') ? fileURLToPath(file) : file}:${line}:${indent.length + 1}`;
}
