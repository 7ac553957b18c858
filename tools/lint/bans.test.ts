/** Every ban of the linter is seen to fire, on planted files: those on the host in all that is simulated, and those on escapes. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';

const PROJECT = join(import.meta.dirname, '../..');
const SIMULATED = ['src/node', 'sim/kernel', 'mesh', 'sim/faults', 'sim/scenario'];

const GLOBAL = 'lint/style/noRestrictedGlobals';
const IMPORT = 'lint/style/noRestrictedImports';
const MEMBER = 'lint/nursery/noJsRestrictedProperties';
const PLUGIN = 'plugin';

/** What may not be reached during a run: a line of code and the rule that stops it. */
const HOST = [
  ['export const x = Date.now();', GLOBAL],
  ['export const x = new Date();', GLOBAL],
  ['export const clock = Date;', GLOBAL],
  ['export const x = performance.now();', GLOBAL],
  ['setTimeout(() => undefined, 1);', GLOBAL],
  ['setInterval(() => undefined, 1);', GLOBAL],
  ['setImmediate(() => undefined);', GLOBAL],
  ['queueMicrotask(() => undefined);', GLOBAL],
  ['export const x = AbortSignal.timeout(1);', GLOBAL],
  ['export const x = crypto.randomUUID();', GLOBAL],
  ['export const x = new WeakRef({});', GLOBAL],
  ['export const x = new FinalizationRegistry(() => undefined);', GLOBAL],
  ['export const x = new Intl.NumberFormat();', GLOBAL],
  ['export const x = globalThis.Date;', GLOBAL],
  ["import { setTimeout as wait } from 'node:timers/promises';\nexport const x = wait(1);", IMPORT],
  ["import { hrtime } from 'node:process';\nexport const x = hrtime();", IMPORT],
  ["import { performance as p } from 'node:perf_hooks';\nexport const x = p.now();", IMPORT],
  ["import { randomBytes } from 'node:crypto';\nexport const x = randomBytes(1);", IMPORT],
  ["import * as everything from 'node:crypto';\nexport const x = everything;", IMPORT],
  ["import { deflateSync } from 'node:zlib';\nexport const x = deflateSync('');", IMPORT],
  ["import { threadId } from 'node:worker_threads';\nexport const x = threadId;", IMPORT],
  ["import { inspect } from 'node:util';\nexport const x = inspect({});", IMPORT],
  ["import { readdirSync } from 'node:fs';\nexport const x = readdirSync('.');", IMPORT],
  ["export const x = import('node:os');", IMPORT],
  ['export const x = Math.random();', MEMBER],
  ['export const x = Math.pow(2, 3);', MEMBER],
  ['export const x = Math.sin(1);', MEMBER],
  ['export const x = Math.round(1.5);', MEMBER],
  ['export const x = [1].map(Math.log);', MEMBER],
  ['export const { pow } = Math;', PLUGIN],
  ['export const alias = Math;', PLUGIN],
  ['export const x = (base: number) => base ** 3;', PLUGIN],
  ['export const x = (base: number) => {\n  let power = base;\n  power **= 2;\n  return power;\n};', PLUGIN],
  ['export const x = Promise.race([]);', MEMBER],
  ["export const x = 'a'.localeCompare('b');", MEMBER],
  ['export const x = (1).toLocaleString();', MEMBER],
  ["export const x = 'a'.toLocaleUpperCase();", MEMBER],
  ["console.log('x');", 'lint/suspicious/noConsole'],
] as const;

/** What may not be written anywhere. */
const EVERYWHERE = [
  ['export default 1;', 'lint/style/noDefaultExport'],
  ['export const x = (y: any) => y;', 'lint/suspicious/noExplicitAny'],
  ['export const x = (y?: string) => y!.length;', 'lint/style/noNonNullAssertion'],
  ['export const x = (y: string) => y as unknown as number;', PLUGIN],
  ['// @ts-ignore\nexport const x: number = 1;', 'lint/suspicious/noTsIgnore'],
  ["export { join } from 'node:path';", 'lint/performance/noBarrelFile'],
  ["export * from 'node:path';", 'lint/performance/noReExportAll'],
  ['var x = 1;\nexport const y = x;', 'lint/suspicious/noVar'],
  ['export enum E {\n  A = 1,\n}', 'lint/style/noEnum'],
  ['export const x = async () => 1;\nx();', 'lint/nursery/noFloatingPromises'],
  ["import { join } from 'path';\nexport const x = join('a');", 'lint/style/useNodejsImportProtocol'],
] as const;

/** Files that nothing may be said against: what the bans leave open. */
const CLEAN: Readonly<Record<string, string>> = {
  'src/node/allowed.ts':
    "import { createHash, type Hash } from 'node:crypto';\nimport { crc32 } from 'node:zlib';\n\nexport const x = Math.floor(Math.sqrt(crc32('')));\nexport const y: Hash = createHash('sha256');\nexport const z = Promise.all([]);\n",
  'src/runtime/node.ts': 'export const x = Date.now();\nexport const y = process.hrtime();\n',
  'src/node/allowed.test.ts': 'export const x = Math.random() ** 2;\nexport const y = Promise.race([]);\n',
  'sim/cli/allowed.ts': 'export const x = Date.now();\n',
  'vitest.config.ts': 'export default {};\n',
};

let root: string;
let found: Map<string, string[]>;

beforeAll(() => {
  root = scratchFolder();
  cpSync(join(PROJECT, 'biome.json'), join(root, 'biome.json'));
  cpSync(join(PROJECT, 'tools/lint'), join(root, 'tools/lint'), { recursive: true });
  HOST.forEach(([text], n) => {
    for (const folder of SIMULATED) {
      write(`${folder}/host-${n}.ts`, text);
    }
  });
  EVERYWHERE.forEach(([text], n) => {
    write(`sim/cli/everywhere-${n}.ts`, text);
  });
  write('src/node/process.ts', 'export const x = process.hrtime();');
  for (const [path, text] of Object.entries(CLEAN)) {
    write(path, text);
  }
  found = lint();
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The rules that fired as errors, by file. */
function lint(): Map<string, string[]> {
  const biome = join(PROJECT, 'node_modules/.bin/biome');
  const args = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', '--colors=off', '.'];
  const { stdout } = spawnSync(biome, args, { cwd: root, encoding: 'utf8' });
  const byFile = new Map<string, string[]>();
  for (const [, rule = '', file = ''] of stdout.matchAll(/^::error title=([^,]+),file=([^,]+),/gm)) {
    const path = file.replace(`${root}/`, '');
    byFile.set(path, [...(byFile.get(path) ?? []), rule]);
  }
  return byFile;
}

describe('the linter', () => {
  it.each(HOST.map(([text, rule], n) => ({ text, rule, n })))(
    'stops `$text` in all that is simulated',
    ({ rule, n }) => {
      for (const folder of SIMULATED) {
        expect(found.get(`${folder}/host-${n}.ts`), folder).toContain(rule);
      }
    },
  );

  it.each(EVERYWHERE.map(([text, rule], n) => ({ text, rule, n })))('stops `$text` anywhere', ({ rule, n }) => {
    expect(found.get(`sim/cli/everywhere-${n}.ts`)).toContain(rule);
  });

  it('stops `process` in the control plane', () => {
    expect(found.get('src/node/process.ts')).toContain('lint/correctness/noProcessGlobal');
  });

  it.each(Object.keys(CLEAN))('has nothing against %s, which keeps to what is allowed', (path) => {
    expect(found.get(path)).toBeUndefined();
  });
});
