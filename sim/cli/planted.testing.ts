/** Commands beside code that is planted in the system. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { copyOfBuild } from './command.testing.ts';

/** The command of a copy of the build in which this is done first with all that a replica receives. */
export function planted(code: string): string {
  const copy = copyOfBuild();
  const file = join(copy, 'dist/src/chain/replica.js');
  const source = readFileSync(file, 'utf8');
  const place = 'receive(frame, nowMs) {';
  expect(source).toContain(place);
  writeFileSync(file, source.replace(place, `${place}\n${code}`));
  return join(copy, 'dist/sim/cli/main.js');
}
