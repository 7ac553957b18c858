/** The tests of `docs/your-own-system.md`, compiled as a strict user would, and run by vitest: they come out as the page says. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';

const PAGE = readFileSync('docs/your-own-system.md', 'utf8');
const files = [...PAGE.matchAll(/^`([\w-]+\.test\.ts)`:\n\n```ts\n(.*?)^```$/gms)];

/** A folder of a user's, with the page's tests in it. */
function userFolder(): string {
  const folder = scratchFolder();
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  symlinkSync(resolve('.'), join(modules, 'meshos-sim'), 'dir');
  for (const name of ['vitest', 'rolldown', 'async-mutex', '@types/node'])
    symlinkSync(resolve('node_modules', name), join(modules, name), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  for (const [, name = '', code = ''] of files) writeFileSync(join(folder, name), code);
  return folder;
}

function vitest(folder: string, file: string) {
  const { CI: _ci, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve('node_modules/vitest/vitest.mjs'), 'run', file],
    { cwd: folder, encoding: 'utf8', env: { ...env, NO_COLOR: '1', SIM_RUNS: '' } },
  );
  return { status, text: `${stdout}${stderr}` };
}

it('the tests compile', () => {
  expect(files.map(([, name]) => name)).toEqual(['mutex.test.ts', 'store.test.ts']);
  const options = '--strict --target es2023 --module nodenext --types node --skipLibCheck --noEmit'.split(' ');
  const args = [resolve('node_modules/typescript/bin/tsc'), ...options, ...files.map(([, name = '']) => name)];
  expect(execFileSync(process.execPath, args, { cwd: userFolder(), encoding: 'utf8' })).toBe('');
}, 120_000);

it('the fixed version of the library is green', () => {
  expect(vitest(userFolder(), 'mutex.test.ts')).toMatchObject({ status: 0 });
}, 120_000);

it('what a crash loses is found, kept, and fixed by what the page says', () => {
  const folder = userFolder();
  const found = vitest(folder, 'store.test.ts');
  expect(found.status).toBe(1);
  expect(found.text).toMatch(/to 1 operation, 1 fault, 0 pinned choices/);
  expect(found.text).toMatch(/node-crash \{ node: "server"/);
  const path = join(folder, 'store.test.ts');
  const code = readFileSync(path, 'utf8').replace(/ {4}buffer\.push\(id\);\n.*\n/, '    disk.add(id);\n');
  writeFileSync(path, code);
  const fixed = vitest(folder, 'store.test.ts');
  expect(fixed.status).toBe(0);
  expect(fixed.text).toMatch(/store\.test\.ts\/what was acknowledged survives a crash\.yaml is fixed/);
}, 120_000);
