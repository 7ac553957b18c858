/** The code of `docs/your-own-world.md`, compiled against the build as a strict user would, and run. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';

const PAGE = readFileSync('docs/your-own-world.md', 'utf8');

it('the page on a world of your own compiles, and prints what it says', () => {
  const folder = scratchFolder();
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  symlinkSync(resolve('.'), join(modules, 'meshos-sim'), 'dir');
  for (const name of ['zod', 'rolldown', '@types/node'])
    symlinkSync(resolve('node_modules', name), join(modules, name), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const files = [...PAGE.matchAll(/^`([\w-]+\.ts)`:\n\n```ts\n(.*?)^```$/gms)];
  expect(files.map(([, name]) => name)).toEqual(['counters.ts', 'count.ts', 'fresh.ts', 'use.ts']);
  for (const [, name = '', code = ''] of files) writeFileSync(join(folder, name), code);
  const options = '--strict --target es2023 --module nodenext --types node'.split(' ');
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const run = (...args: readonly string[]): string =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  expect(run(tsc, ...options, ...files.map(([, name = '']) => name))).toBe('');
  const printed = [...PAGE.matchAll(/^It prints:\n\n```\n(.*?)^```$/gms)].map(([, text]) => text);
  expect([run('fresh.js'), run('use.js')]).toEqual(printed);
}, 120_000);
