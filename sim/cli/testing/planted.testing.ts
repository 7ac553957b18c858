/** Commands beside code that is planted in the system. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { copyOfBuild, type Ended } from './command.testing.ts';

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

/** What `sim run --seed 42 --run-limit 5s --json` says of a loop that is planted in the replica. */
export function expectLoopTold({ status, out, err }: Ended): void {
  expect(JSON.parse(out)).toMatchObject({
    seed: '42',
    verdict: 'violated',
    violations: [
      { invariant: 'no-livelock', message: expect.stringMatching(/: at receive \(.*replica\.js:\d+:\d+\)/) },
    ],
  });
  expect(err).toContain('a loop did not end within 5 s of host time: at receive (');
  expect(status).toBe(1);
}
