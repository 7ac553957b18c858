/** What is wrong with the module of a world is told in one line, with the place, and never as a finding. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { program } from '../../cli/testing/command.testing.ts';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';

const WHOLE = `{ name: 'w', semantics: ['s'], ambient: 'virtual', events: {}, marks: [], faultKinds: [], invariants: [],
  schemas() {}, generate() {}, settleBoundMs() {}, stepBudget() {}, build() {}, lane() {} }`;

/** Each a file with an address in it, and what is said of that. */
const CASES: readonly (readonly [what: string, file: string, text: string, name: string | undefined, said: string])[] =
  [
    ['a world', 'ok.ts', `export const w: object = ${WHOLE};`, 'w', 'loaded w'],
    [
      'its only world',
      'only.ts',
      `export const other = 1; export const w: object = ${WHOLE}; export { w as v };`,
      undefined,
      'loaded w',
    ],
    [
      'TypeScript that imports as compilers let it',
      'imports.ts',
      `import { w } from './ok.js'; import * as same from './ok'; export const both = same.w === w && w;`,
      'both',
      'loaded w',
    ],
    [
      'enums and properties of parameters, where Node strips no types',
      'enum.ts',
      `enum A { b } class C { constructor(public d: A) {} } export const w = { ...${WHOLE}, name: String(new C(A.b).d) };`,
      'w',
      'loaded 0',
    ],
    [
      'a syntax error',
      'syntax.mjs',
      'export const a = 1;\nexport const b = (1 + ;\n',
      'a',
      "DIR/syntax.mjs:2:23: SyntaxError: Unexpected token ';'",
    ],
    [
      'a syntax error in TypeScript',
      'syntax.ts',
      'export const a: number = 1;\n\nexport const b = (1 + ;\n',
      'a',
      'DIR/syntax.ts:3:23: Unexpected token',
    ],
    [
      'a module that throws',
      'throws.ts',
      'interface A {\n  b: 1;\n}\n\n  throw new Error("oh\\nno");',
      'a',
      'DIR/throws.ts:5:9: Error: oh no',
    ],
    ['a module that throws what is no error', 'null.mjs', 'throw null;', 'a', 'DIR/null.mjs: null'],
    [
      'an import of nothing',
      'import.ts',
      '\nimport "./nowhere.js";',
      'a',
      "DIR/import.ts:2:8: Error: Cannot find module 'DIR/nowhere.js' imported from DIR/import.ts",
    ],
    [
      'an import of no package',
      'package.ts',
      'export * from "no-package/b";',
      'a',
      "DIR/package.ts:1:15: Error: Cannot find package 'no-package' imported from DIR/package.ts",
    ],
    [
      'an import of no such name',
      'named.mjs',
      'import { a } from "./null-name.mjs";',
      'a',
      "DIR/named.mjs:1:10: SyntaxError: The requested module './null-name.mjs' does not provide an export named 'a'",
    ],
    ['no such export', 'none.mjs', 'export const a = 1, b = 2;', 'c', 'DIR/none.mjs: exports no c; it exports a, b'],
    ['nothing at all', 'null-name.mjs', '', 'c', 'DIR/null-name.mjs: exports no c; it exports nothing'],
    [
      'no world',
      'none.mjs',
      'export const a = 1, b = 2;',
      undefined,
      'DIR/none.mjs: exports no world; it exports a, b',
    ],
    [
      'two worlds',
      'two.mjs',
      `export const a = ${WHOLE}, b = ${WHOLE};`,
      undefined,
      "DIR/two.mjs: has 2 worlds (a, b); name one, as '#a'",
    ],
    [
      'a member too few',
      'few.ts',
      `\nexport const { schemas, build, ...few } = ${WHOLE};`,
      'few',
      'DIR/few.ts:2:1: few is no World: it has no schemas, no build',
    ],
    [
      'a member of another type',
      'type.ts',
      `\n  export const typed = { ...${WHOLE}, marks: 'a' };`,
      'typed',
      'DIR/type.ts:2:10: typed is no World: marks: expected an array, found string',
    ],
    [
      'a text',
      'text.mjs',
      'const text = "w"; export { text };',
      'text',
      'DIR/text.mjs:1:1: text is no World: expected an object, found string',
    ],
    [
      'a module that ends the process',
      'exit.mjs',
      '\nprocess.exit(0);',
      'a',
      'DIR/exit.mjs:2:9: Error: process.exit(0) was called while the world was loaded',
    ],
    [
      'a module that never ends',
      'never.mjs',
      '\nconst a = await new Promise(() => {});',
      'a',
      'DIR/never.mjs:2:1: Error: an await at the top level of a module never ends',
    ],
  ];

describe('the address of a world', () => {
  const folder = scratchFolder();
  let said: readonly string[] = [];

  // One process for all of them: Node itself loads them, and not what runs these tests.
  beforeAll(async () => {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(resolve('.'), join(folder, 'node_modules/meshos-sim'), 'dir');
    for (const [, file, text] of CASES) writeFileSync(join(folder, file), text);
    const addresses = CASES.map(([, file, , name]) => ({ module: pathToFileURL(join(folder, file)).href, name }));
    writeFileSync(
      join(folder, 'load-all.mjs'),
      `import { AuthorError, loadWorld } from 'meshos-sim';
      for (const address of ${JSON.stringify(addresses)}) {
        try { console.log('loaded', (await loadWorld(address)).name); }
        catch (error) { console.log(error instanceof AuthorError ? error.message : error); }
      }`,
    );
    const { out, err } = await program(process.execPath, [join(folder, 'load-all.mjs')]);
    expect(err).toBe('');
    said = out.trimEnd().replaceAll(folder, 'DIR').split('\n');
  });

  it.each(CASES.map(([what, , , , expected], at) => ({ what, expected, at })))(
    'with $what is told in one line',
    ({ expected, at }) => {
      expect(said[at]).toBe(expected);
    },
  );

  it('gives one line each', () => {
    expect(said).toHaveLength(CASES.length);
  });
});
