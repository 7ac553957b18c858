/**
 * Why a module could not be loaded, as one line with the place. Node does not tell where a syntax error is to whoever catches
 * it, only on standard error to whoever does not: so another process is asked to load the module and not to catch it.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isOfHarness } from '../../scenario/blame.ts';
import { type Frame, framesOf, placeOf } from '../../scenario/frames.ts';
import { describeError, isOf, stackOf } from '../../scenario/thrown.ts';
import { AuthorError } from './author-error.ts';

const ASK_MS = 10_000;
/** Node's picture of a syntax error: the place, the line, and marks under what is wrong in it. */
const PICTURE = /^(file:\/\/\/\S+|\/.*):(\d+)\n.*\n([ \t]*)\^/m;

/** What was thrown while `module`, a URL, was loaded. */
export function loadMistake(module: string, error: unknown): AuthorError {
  const path = module.startsWith('file:') ? fileURLToPath(module) : module;
  const said = describeError(error);
  // It begins with the place already.
  const told = /^\w*Error: (\/.*?:\d+:\d+: .*)$/.exec(said)?.[1];
  if (told !== undefined) return new AuthorError(told, { cause: error });
  const place = placeOfThrow(error) ?? (isOf(error, SyntaxError) ? placeInPicture(module) : undefined);
  return new AuthorError(`${place ?? path}: ${said}`, { cause: error });
}

/** The innermost frame in a file that is not the harness's. */
function placeOfThrow(error: unknown): string | undefined {
  const stack = stackOf(error);
  if (stack === undefined) return undefined;
  const frame: Frame | undefined = framesOf(stack).find(({ file }) => !isOfHarness(file));
  return frame === undefined ? pictured(stack) : placeOf(frame);
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
