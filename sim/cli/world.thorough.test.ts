/** A world whose module loops while it is loaded: the command waits as long as a load may take. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { sim } from './testing/command.testing.ts';

it('a module that never comes to its end is a mistake of its author', async () => {
  const cwd = scratchFolder();
  writeFileSync(join(cwd, 'loops.mjs'), 'for (;;);\n');
  const { status, out, err } = await sim(['run', '--world', 'loops.mjs', '--run-limit', '1s'], { cwd });
  expect([status, out]).toEqual([70, '']);
  expect(err).toMatch(/^sim: world-error: what comes before a run did not end: the module of the world .*\n$/);
}, 180_000);
