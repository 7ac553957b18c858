/**
 * A mistake of whoever wrote the test: it is told with the place in the test where it was made, and says nothing about the
 * code under test.
 */
import { WorldError } from '../invariant/world-error.ts';
import { framesOf, isOfHarness, placeOf } from '../scenario/blame/frames.ts';
import { describeError, stackOf } from '../scenario/blame/thrown.ts';

const PACKAGES = '/node_modules/';

/** The test's own frames of a stack, the innermost first. */
export function testFrames(stack: string): ReturnType<typeof framesOf> {
  return framesOf(stack).filter(({ file }) => !isOfHarness(file) && !file.includes(PACKAGES));
}

/** Where a test calls the harness. */
export interface Site {
  /** `file:line:column`; empty if it is not known. */
  readonly place: string;
  readonly file: string;
  /** The lines of the stack from the test's own frame on. */
  readonly frames: string;
}

/** Of whoever called the caller of this. */
export function callerSite(): Site {
  const lines = framesOnly(new Error('site').stack ?? '').split('\n');
  const first = lines.findIndex((line) => testFrames(line).length > 0);
  const [frame] = testFrames(lines[first] ?? '');
  const frames = first === -1 ? '' : lines.slice(first).join('\n');
  return { place: frame === undefined ? '' : placeOf(frame), file: frame?.file ?? '', frames };
}

/** A mistake that was made where the test was declared. */
export function mistakeAt({ place, frames }: Site, message: string): WorldError {
  const error = new WorldError(place === '' ? message : `${message}, at ${place}`);
  error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}

/** The same within a run, which tells the place by itself. */
export function mistakeIn({ frames }: Site, message: string): WorldError {
  const error = new WorldError(message);
  error.stack = `${error.name}: ${error.message}\n${frames}`;
  return error;
}

/** A mistake that came out as an exception of the test's own code. */
export function mistakeOf(what: string, error: unknown): WorldError {
  const mistake = new WorldError(`${what} ${describeError(error)}`, { cause: error });
  const stack = stackOf(error);
  if (stack !== undefined) mistake.stack = `${mistake.name}: ${mistake.message}\n${framesOnly(stack)}`;
  return mistake;
}

/** The lines of a stack that are frames. */
export function framesOnly(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s*at /.test(line))
    .join('\n');
}

/** Whether somebody expected something that does not hold: `expect` of vitest and jest, and `node:assert`. */
export function isAssertion(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name.startsWith('AssertionError') || 'matcherResult' in error || 'showDiff' in error;
}
