/** Whose exception it is: the harness's own, if its innermost frame in a file is one of the harness's; else the system's. */

import { InjectedError } from '../faults/injected-error.ts';

/** Folder of the harness, with a slash at its end. */
const HARNESS = new URL('../', import.meta.url).href;
const HARNESS_PATH = new URL('../', import.meta.url).pathname;
const FRAME_FILE = /(?:\(|at |async )((?:file:\/\/)?\/[^():]*):\d+:\d+/;

export function blame(error: unknown): 'harness' | 'system' {
  if (error instanceof InjectedError) return 'system';
  if (!(error instanceof Error) || error.stack === undefined) return 'system';
  for (const line of error.stack.split('\n')) {
    const file = FRAME_FILE.exec(line)?.[1];
    if (file === undefined) continue;
    return file.startsWith(HARNESS) || file.startsWith(HARNESS_PATH) ? 'harness' : 'system';
  }
  return 'system';
}

/** Name and message of whatever was thrown, on one line. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replace(/\s*\n\s*/g, ' ');
}
