/** Folders that are to be read. */
import { statSync } from 'node:fs';
import { UsageError } from '../arguments/values.ts';

/** Refuses what is there and is no folder; of what is not there, or may not be looked at, whoever reads it has the word. */
export function checkFolder(path: string): void {
  let stats: ReturnType<typeof statSync>;
  try {
    stats = statSync(path);
  } catch {
    return;
  }
  if (stats.isDirectory()) return;
  throw new UsageError(
    `${path}: expected a folder; found ${stats.isFile() ? 'a file' : 'a pipe, a socket or a device'}`,
  );
}
