/**
 * The error that a failed test throws: the one that was thrown in the run, with its difference and with a stack that begins
 * at the author's line, and below its message the story. Where nothing was thrown, it is made of the violation.
 */
import type { Violation } from '../invariant/invariant.ts';
import { frameOf, isOfHarness } from '../scenario/blame/frames.ts';
import { framesOnly, type Site } from './author-mistake.ts';

/** A simulated run failed in a way that no exception stands for. */
class SimulationError extends Error {
  override name = 'SimulationError';
}

const PLACE = /\bat ((?:file:\/\/)?\/[^\s]+?:\d+:\d+)/;

/** `thrown`: what came out of the run, if anything did. */
export function simulatedError(thrown: unknown, violation: Violation, story: readonly string[]): Error {
  const below = `\n\n${story.map((line) => `  ${line}`).join('\n')}\n`;
  if (thrown instanceof Error) return told(thrown, below);
  if (isErrorLike(thrown))
    return Object.assign(new SimulationError(`${thrown.message}${below}`), {
      ...thrown,
      message: `${thrown.message}${below}`,
    });
  const error = new SimulationError(`${violation.message}${below}`);
  const place = PLACE.exec(violation.message)?.[1];
  const frames = violation.stack === undefined ? [] : framesOf(violation.stack);
  const own = frames.length > 0 ? frames : place === undefined ? [] : [`    at ${place}`];
  error.stack = stackText(error, own);
  return error;
}

/** Of a run that says nothing about the system: the author's mistake, or what cannot be simulated. `site`: of the test. */
export function unfinishedError(problem: string, stack: string | undefined, { frames: declared }: Site): Error {
  const error = new SimulationError(problem);
  const place = PLACE.exec(problem)?.[1];
  const frames = stack === undefined ? [] : framesOf(stack);
  const own = place === undefined ? framesOf(declared) : [`    at ${place}`];
  error.stack = stackText(error, frames.length > 0 ? frames : own);
  return error;
}

/** The same error: whoever looks at it finds all that its class has. */
function told(error: Error, below: string): Error {
  const frames = framesOf(error.stack ?? '');
  try {
    error.message = `${error.message}${below}`;
    error.stack = stackText(error, frames);
    return error;
  } catch {
    // It is frozen.
    return new SimulationError(`${error.message}${below}`, { cause: error });
  }
}

function stackText(error: Error, frames: readonly string[]): string {
  return `${error.name}: ${error.message}\n${frames.join('\n')}`;
}

/** The frames that are neither the harness's nor Node's own. */
function framesOf(stack: string): readonly string[] {
  return framesOnly(stack)
    .split('\n')
    .filter((line) => {
      const frame = frameOf(line);
      return frame !== undefined && !isOfHarness(frame.file);
    });
}

/** What vitest makes of a soft error. */
function isErrorLike(value: unknown): value is { readonly message: string } {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}
