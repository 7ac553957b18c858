import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { SeededChooser } from '../kernel/choices/chooser.ts';
import { Kernel } from '../kernel/kernel.ts';
import { stackLines, withOriginalPlaces } from '../report/model/original-place.ts';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import { BundleError, bundleModule } from './bundle.ts';
import type { Exports } from './node-modules.ts';

/** A project with these files, and the URL of a file in it that could import them. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return pathToFileURL(join(folder, 'test.ts')).href;
}

async function exportsOf(files: Readonly<Record<string, string>>, specifier: string): Promise<Exports> {
  return (await bundleModule(specifier, folderOf(files))).evaluate();
}

describe('a fresh module', () => {
  test('has variables of its own in every evaluation, and so have the modules that it imports', async () => {
    const module = await bundleModule(
      './a.ts',
      folderOf({
        'a.ts': `import { deep } from './b.ts'; let count: number = 0; export const inc = (): string => [++count, deep()].join();`,
        'b.ts': 'let count = 0; export const deep = (): number => ++count;',
      }),
    );
    const inc = (exports: Exports): unknown => (typeof exports.inc === 'function' ? exports.inc() : undefined);
    const first = await module.evaluate();
    expect([inc(first), inc(first)]).toEqual(['1,1', '2,2']);
    expect(inc(await module.evaluate())).toBe('1,1');
  });

  test('gives its exports at once where nothing is awaited at the top level, and a promise where something is', async () => {
    const files = {
      'now.mjs': 'export const value = 1; async function f() { await 1; for await (const x of []); }',
      'later.mjs': 'export const value = await Promise.resolve(2);',
    };
    const importer = folderOf(files);
    expect((await bundleModule('./now.mjs', importer)).evaluate()).toMatchObject({ value: 1 });
    const later = (await bundleModule('./later.mjs', importer)).evaluate();
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toMatchObject({ value: 2 });
  });

  test('takes CommonJS, with the names that Node gives such a module, and JSON', async () => {
    const exports = await exportsOf(
      {
        'c.cjs': `'use strict'; exports.file = __filename; exports.dir = __dirname; exports.data = require('./d.json');
          exports.strict = (function () { return this === undefined; })(); exports.eol = require('os').EOL;`,
        'd.json': '{ "answer": 42 }',
      },
      './c.cjs',
    );
    expect(exports).toMatchObject({
      data: { answer: 42 },
      strict: true,
      eol: '\n',
      file: expect.stringMatching(/c\.cjs$/),
      default: { data: { answer: 42 } },
    });
    expect(exports.file).toBe(`${exports.dir}/c.cjs`);
  });

  test('takes CommonJS that declares its exports once more, as old packages do', async () => {
    const exports = await exportsOf({ 'c.cjs': 'var exports, b = 2; exports.value = b;' }, './c.cjs');
    expect(exports).toMatchObject({ value: 2 });
  });

  test('is strict where it was, and nowhere else', async () => {
    const exports = await exportsOf(
      {
        'a.mjs': `import sloppy from './sloppy.cjs'; import strict from './strict.cjs';
          export const thises = [sloppy.self(), strict.self(), (function () { return this; })()].map((self) => self === undefined);
          export const written = sloppy.write(); export const esm = sloppy.esm;`,
        'sloppy.cjs': `exports.self = function () { return this; }.bind(undefined); exports.strict = require('./strict.cjs');
          exports.write = function () { undeclared = 1; try { return undeclared; } finally { delete globalThis.undeclared; } };
          exports.esm = require('./b.mjs').b();`,
        'strict.cjs': `'use strict';\nexports.self = function () { return this; };\nexports.self = exports.self.bind(undefined);`,
        'b.mjs': 'export function b() { return (function () { return this; })() === undefined; }',
      },
      './a.mjs',
    );
    expect(exports).toMatchObject({ thises: [false, true, true], written: 1, esm: true });
  });

  test('evaluates what stands behind import() when it is first asked for, once', async () => {
    const exports = await exportsOf(
      {
        'a.mjs': `import { log } from './log.mjs'; export { log };
          export const load = async () => (await import('./lazy.mjs')).value;
          export const loadNode = async () => (await import('node:path')).sep;
          export const loadOther = (id) => import(id);`,
        'lazy.mjs': `import { log } from './log.mjs'; log.push('lazy'); export const value = 7;`,
        'log.mjs': 'export const log = [];',
      },
      './a.mjs',
    );
    const { log, load, loadNode, loadOther } = exports;
    expect(log).toEqual([]);
    if (typeof load !== 'function' || typeof loadNode !== 'function' || typeof loadOther !== 'function')
      throw new Error();
    expect([await load(), await load(), log]).toEqual([7, 7, ['lazy']]);
    expect(await loadNode()).toBe('/');
    await expect(loadOther('./other.mjs')).rejects.toThrow(/import\("\.\/other\.mjs"\).*literal/);
  });

  test('resolves packages by their subpath exports and conditions', async () => {
    const exports = await exportsOf(
      {
        'a.mjs': `import { way } from 'lib/sub'; import { createRequire } from 'node:module'; import cjs from './c.cjs';
          export { way, cjs }; export const version = createRequire(import.meta.url)('lib/package.json').version;
          export const code = () => createRequire(import.meta.url)('lib/sub');`,
        'c.cjs': `module.exports = require('lib/sub').way;`,
        'node_modules/lib/package.json': JSON.stringify({
          name: 'lib',
          version: '1.2.3',
          exports: { './sub': { import: './esm.mjs', require: './cjs.cjs' }, './package.json': './package.json' },
        }),
        'node_modules/lib/esm.mjs': `export const way = 'import';`,
        'node_modules/lib/cjs.cjs': `exports.way = 'require';`,
      },
      './a.mjs',
    );
    expect(exports).toMatchObject({ way: 'import', cjs: 'require', version: '1.2.3' });
    const { code } = exports;
    expect(code).toThrow(/require\("lib\/sub"\).*literal/);
  });

  test('tells code that can do without a package that it is not there', async () => {
    const exports = await exportsOf(
      { 'a.cjs': `try { require('no-such-package'); } catch ({ code }) { exports.code = code; }` },
      './a.cjs',
    );
    expect(exports.code).toBe('MODULE_NOT_FOUND');
  });

  test('tells every module its own address', async () => {
    const exports = await exportsOf(
      {
        'a.mjs': `export { meta } from './sub/b.mjs'; export const url = import.meta.url; export const dir = import.meta.dirname;`,
        'sub/b.mjs': 'export const meta = import.meta;',
      },
      './a.mjs',
    );
    expect(exports.url).toMatch(/^file:.*\/a\.mjs$/);
    expect(exports.meta).toMatchObject({
      filename: `${exports.dir}/sub/b.mjs`,
      dirname: `${exports.dir}/sub`,
    });
  });

  test('keeps modules that are imported for their effects alone, in the order of Node', async () => {
    const files = {
      'package.json': '{ "sideEffects": false }',
      'a.mjs': `import './one.mjs'; import './two.cjs'; import { log } from './log.mjs'; log.push('a'); export { log };`,
      'one.mjs': `import { log } from './log.mjs'; log.push('one');`,
      'two.cjs': `require('./log.cjs').push('two');`,
      'log.cjs': `module.exports = [];`,
      'log.mjs': `import log from './log.cjs'; export { log };`,
    };
    const importer = folderOf(files);
    const { log } = await (await bundleModule('./a.mjs', importer)).evaluate();
    const script = `import { log } from ${JSON.stringify(new URL('./a.mjs', importer))}; console.log(log.join());`;
    const nodes = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    expect(nodes).toBe('one,two,a\n');
    expect(log).toEqual(['one', 'two', 'a']);
  });

  test('points from its script to the line where the code was written', async () => {
    const importer = folderOf({
      'a.ts': `interface Shape { readonly side: number }\n\nexport function area({ side }: Shape): number {\n  if (side < 0) throw new RangeError('no side');\n  return side * side;\n}\n`,
    });
    const { area } = await (await bundleModule('./a.ts', importer)).evaluate();
    let stack = '';
    try {
      if (typeof area === 'function') area({ side: -1 });
    } catch (error) {
      if (error instanceof Error) stack = error.stack ?? '';
    }
    const [innermost] = stackLines(stack);
    expect(innermost).toBe(`at area (${fileURLToPath(new URL('./a.ts', importer))}:4:23)`);
  });

  test('is measured for coverage in the file that its author wrote', async () => {
    const importer = folderOf({
      'a.ts': `type A = 1;\n\nexport const used = () => 1;\nexport const unused = () => 2;\n`,
    });
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    const { used } = await (await bundleModule('./a.ts', importer)).evaluate();
    if (typeof used === 'function') used();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    session.disconnect();
    const script = result.find(({ url }) => url.endsWith('/a.ts.js'));
    const code = readFileSync(new URL(script?.url ?? ''), 'utf8');
    expect(code).toMatch(/\n\/\/# sourceMappingURL=a\.ts\.js\.map\n$/);
    const counts = (script?.functions ?? []).flatMap(({ functionName, ranges: [range] }) => {
      if (range === undefined || !/^(?:un)?used$/.test(functionName)) return [];
      const before = code.slice(0, range.startOffset).split('\n');
      const place = `${fileURLToPath(script?.url ?? '')}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
      return [`${withOriginalPlaces(place).replace(/^.*\//, '')} ${range.count}`];
    });
    expect(counts).toEqual(expect.arrayContaining(['a.ts:3:14 1', 'a.ts:4:14 0']));
  });

  test('keeps its script and map with the packages of its project, and once', async () => {
    const files = { 'project/a.mjs': 'export const a = 1;', 'project/node_modules/b/package.json': '{}' };
    const importer = new URL('./project/test.ts', folderOf(files)).href;
    const kept = new URL('./node_modules/.cache/meshos-sim/own/', importer);
    const names = (): string[] => readdirSync(kept, { recursive: true }).map(String).sort();
    await bundleModule('./a.mjs', importer);
    const [folder, ...both] = names();
    expect(both).toEqual([`${folder}/a.mjs.js`, `${folder}/a.mjs.js.map`]);
    await bundleModule('./a.mjs', importer);
    expect(names()).toEqual([folder, ...both]);
  });

  test('sees the same functions of Node however it imports them', async () => {
    const exports = await exportsOf(
      {
        'a.mjs': `import fs, { readFileSync as read } from 'node:fs'; import * as all from 'node:fs';
          export const same = fs.readFileSync === read && all.readFileSync === read && all.default === fs;`,
      },
      './a.mjs',
    );
    expect(exports).toMatchObject({ same: true });
  });

  test('is evaluated on virtual time, where it is first asked for inside a segment', async () => {
    const importer = folderOf({
      'a.mjs': 'export const at = Date.now(); export const wait = (ms) => new Promise((done) => setTimeout(done, ms));',
    });
    const module = await bundleModule('./a.mjs', importer);
    const kernel = new Kernel({ chooser: new SeededChooser(1n), ambient: 'virtual', epochMs: 5000 });
    const seen: unknown[] = [];
    kernel.root.spawn('test', async () => {
      for (let i = 0; i < 2; i++) {
        const { at, wait } = await module.evaluate();
        seen.push(at);
        if (typeof wait === 'function') await wait(100);
      }
    });
    expect(await kernel.run()).toEqual({ kind: 'idle' });
    expect(seen).toEqual([5000, 5100]);
  });

  test.each([
    ['a module that is not there', { 'a.mjs': `import './b.mjs';` }, './a.mjs', /b\.mjs/],
    ['a package that is not there', { 'a.mjs': `import 'no-such-package';` }, './a.mjs', /no package no-such-package/],
    ['an entry package that is not there', {}, 'no-such-package', /no package no-such-package/],
    ['an entry that is not there', {}, './a.mjs', /a\.mjs/],
    ['a file that is no JavaScript', { 'a.mjs': 'export const = 1;' }, './a.mjs', /a\.mjs|Unexpected|Expected/],
    [
      'a native add-on',
      { 'a.cjs': `module.exports = require('./b.node');`, 'b.node': 'x' },
      './a.cjs',
      /native add-on/,
    ],
  ])('is refused in one line: %s', async (_, files, specifier, message) => {
    const bundling = bundleModule(specifier, folderOf(files));
    await expect(bundling).rejects.toThrow(BundleError);
    await expect(bundling).rejects.toThrow(message);
    await expect(bundling).rejects.toThrow(/^[^\n]+$/);
  });
});
