/**
 * Whose exception it is: the harness's own, if its innermost frame in a file is one of the harness's; else the system's.
 * What the harness was given and could not take is the system's as soon as the system stands anywhere in the stack.
 */

import { InjectedError } from '../faults/injected-error.ts';
import { MisuseError } from '../kernel/misuse.ts';

/** Folder of the harness, with a slash at its end. */
const HARNESS = new URL('../', import.meta.url).href;
const HARNESS_PATH = new URL('../', import.meta.url).pathname;
const FRAME_FILE = /(?:\(|at |async )((?:file:\/\/)?\/[^():]*):\d+:\d+/;

export function blame(error: unknown): 'harness' | 'system' {
  if (error instanceof InjectedError) return 'system';
  if (!(error instanceof Error) || error.stack === undefined) return 'system';
  const misuse = error instanceof MisuseError;
  for (const line of error.stack.split('\n')) {
    const file = FRAME_FILE.exec(line)?.[1];
    if (file === undefined) continue;
    if (!file.startsWith(HARNESS) && !file.startsWith(HARNESS_PATH)) return 'system';
    if (!misuse) return 'harness';
  }
  return misuse ? 'harness' : 'system';
}

/** Name and message of whatever was thrown, on one line. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replace(/\s*\n\s*/g, ' ');
}
