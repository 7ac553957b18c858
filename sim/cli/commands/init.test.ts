/** The first two tests of somebody who has none. */
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { program, sim } from '../testing/command.testing.ts';

const FILE = 'sim-example.test.ts';

it('init writes two tests, of which one passes and one fails, says what to run, and overwrites nothing', async () => {
  const cwd = scratchFolder();
  const made = await sim(['init'], { cwd });
  expect(made.status).toBe(0);
  expect(made.out).toContain(`npm install --save-dev meshos-sim vitest\n`);
  expect(made.out).toContain(`npx vitest run ${FILE}\n`);
  const text = readFileSync(join(cwd, FILE), 'utf8');
  expect(await sim(['init'], { cwd })).toEqual({ status: 64, out: '', err: `sim: ${FILE} is there already\n` });
  expect(readFileSync(join(cwd, FILE), 'utf8')).toBe(text);

  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(resolve('.'), join(cwd, 'node_modules/meshos-sim'));
  symlinkSync(resolve('node_modules/vitest'), join(cwd, 'node_modules/vitest'));
  const vitest = resolve('node_modules/vitest/vitest.mjs');
  const env = { NO_COLOR: '1', VITEST: '', VITEST_POOL_ID: '', VITEST_WORKER_ID: '' };
  const { status, out } = await program(process.execPath, [vitest, 'run'], { cwd, env });
  expect(out).toMatch(/Tests +1 failed \| 1 passed \(2\)/);
  expect(status).toBe(1);
}, 120_000);
