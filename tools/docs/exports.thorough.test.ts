/** The examples at the head of the package's entry points, compiled as a strict user would, and run: they print what they say. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';

/** Each entry point, and the example in its first comment. */
const EXAMPLES = readdirSync('sim/exports').map((file) => {
  const head = /^\/\*\*(.*?)\*\//s.exec(readFileSync(join('sim/exports', file), 'utf8'))?.[1] ?? '';
  const code = /^ \* ```ts\n(.*?)^ \* ```$/ms.exec(head)?.[1] ?? '';
  return { name: basename(file, '.ts'), code: code.replace(/^ \* ?/gm, '') };
});

it('the head of every entry point is an example that compiles, and prints what it says', () => {
  const folder = scratchFolder();
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  symlinkSync(resolve('.'), join(modules, 'meshos-sim'), 'dir');
  for (const name of ['zod', '@types/node']) symlinkSync(resolve('node_modules', name), join(modules, name), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  for (const { name, code } of EXAMPLES) writeFileSync(join(folder, `${name}.ts`), code);
  const run = (...args: readonly string[]): string =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const options = '--strict --target es2023 --module nodenext --types node --skipLibCheck'.split(' ');
  expect(run(resolve('node_modules/typescript/bin/tsc'), ...options, ...EXAMPLES.map(({ name }) => `${name}.ts`))).toBe(
    '',
  );
  for (const { name, code } of EXAMPLES) {
    const says = [...code.matchAll(/; \/\/ (.*)$/gm)].map(([, text]) => `${text}\n`).join('');
    expect(says, name).not.toBe('');
    expect(run(`${name}.js`), name).toBe(says);
  }
}, 120_000);
