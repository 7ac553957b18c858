/** Folders for tests to write in. */
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In the temporary folder of each test file. What is listed here may be left. */
export const SCRATCH = 'scratch';

/** A new folder, which is removed when the file's tests have ended (`left-behind.testing.ts`). */
export function scratchFolder(): string {
  const scratch = join(tmpdir(), SCRATCH);
  if (!existsSync(scratch)) mkdirSync(scratch);
  return mkdtempSync(join(scratch, 'f-'));
}
