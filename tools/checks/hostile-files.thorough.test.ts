/** Scenario files that somebody might send to have their code run: none is, and nothing is written where nobody said. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { sim } from '../../sim/cli/testing/command.testing.ts';
import { scratchFolder } from '../../sim/testing/scratch-folder.testing.ts';

const FILES = 500;
const folder = scratchFolder();

/** What would write a file if it were ever loaded. */
const TRAP = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(folder, 'sprung'))}, '');
  export const counters = { name: 'counters' }; export default counters;`;
const trapUrl = pathToFileURL(join(folder, 'trap.mjs')).href;

/** Names of the trap, and of places to write to. */
const BAITS: readonly string[] = [
  './trap.mjs',
  './trap.mjs#counters',
  '../files/../trap.mjs',
  join(folder, 'trap.mjs'),
  trapUrl,
  `${trapUrl}#counters`,
  'trap',
  'trap/index.mjs#counters',
  `data:text/javascript,${encodeURIComponent(TRAP)}`,
  `import(${JSON.stringify(trapUrl)})`,
  `\${require(${JSON.stringify(join(folder, 'trap.mjs'))})}`,
  '$(touch sprung)',
  '`touch sprung`',
  '../../../sprung',
  '../sprung.yaml',
  join(folder, 'sprung'),
  `file://${folder}/sprung`,
  '__proto__',
  'constructor',
  'counters#../trap.mjs',
  '--world=trap.mjs',
  '-o sprung',
  '; touch sprung;',
  '| touch sprung',
  '\u0000trap.mjs',
];

const GOOD = `format: 1
name: kept
world: counters
semantics: forget
seed: "1"
config: {}
workload:
  - { key: a1, at: 0, kind: add, by: 2 }
faults:
  - { key: f1, at: 0, kind: loss, percent: 100, forMs: 200 }
expect:
  violates: together
`;

/** Where a bait is laid: a file of one that can be read as a scenario is as welcome as one of one that can't. */
const PLACES: readonly ((bait: string) => string)[] = [
  (bait) => GOOD.replace('world: counters', `world: ${bait}`),
  (bait) => GOOD.replace('world: counters', `world: [counters, ${bait}]`),
  (bait) => GOOD.replace('world: counters', `world: counters\nsim: { world: ${bait} }`),
  (bait) => GOOD.replace('world: counters', `world: counters\nmodule: ${bait}`),
  (bait) => GOOD.replace('name: kept', `name: ${bait}`),
  (bait) => GOOD.replace('name: kept', `name: kept\nwhy: ${bait}`),
  (bait) => GOOD.replace('semantics: forget', `semantics: ${bait}`),
  (bait) => GOOD.replace('config: {}', `config: { load: ${bait} }`),
  (bait) => GOOD.replace('config: {}', `config: ${bait}`),
  (bait) => GOOD.replace('key: a1', `key: ${bait}`),
  (bait) => GOOD.replace('kind: add', `kind: ${bait}`),
  (bait) => GOOD.replace('kind: loss', `kind: ${bait}`),
  (bait) => GOOD.replace('violates: together', `violates: ${bait}`),
  (bait) => `${GOOD}witness: [${bait}]\n`,
  (bait) => `${GOOD}choices: { ${bait}: 1 }\n`,
  (bait) => `${GOOD}seeded: [${bait}]\n`,
  (bait) => `${GOOD}found: { seed: ${bait}, commit: ${bait} }\n`,
  (bait) => `# yaml-language-server: $schema=${JSON.parse(bait)}\n${GOOD}`.replaceAll('\u0000', ''),
  (bait) => GOOD.replace('name: kept', `name: !!js/function ${bait}`),
  (bait) => GOOD.replace('name: kept', `<<: ${bait}\n!include ${bait}: ${bait}`),
];

function filesIn(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
}

it(`${FILES} hostile scenario files have nothing imported and nothing written`, async () => {
  const page = readFileSync('docs/your-own-world.md', 'utf8');
  const [, counters = ''] = /^`counters\.ts`:\n\n```ts\n(.*?)^```$/ms.exec(page) ?? [];
  writeFileSync(join(folder, 'counters.ts'), counters);
  writeFileSync(join(folder, 'trap.mjs'), TRAP);
  mkdirSync(join(folder, 'node_modules/trap'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/trap/package.json'), '{ "name": "trap", "main": "./index.mjs" }');
  writeFileSync(join(folder, 'node_modules/trap/index.mjs'), TRAP);
  symlinkSync(resolve('node_modules/zod'), join(folder, 'node_modules/zod'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/meshos-sim'));
  for (const name of ['files', 'out']) mkdirSync(join(folder, name));
  const texts = PLACES.flatMap((laid) => BAITS.map((bait) => laid(JSON.stringify(bait))));
  expect(texts).toHaveLength(FILES);
  for (const [n, text] of texts.entries()) writeFileSync(join(folder, 'files', `${n}.yaml`), text);
  const outside = (): readonly string[] =>
    filesIn(folder).filter((path) => !/^(?:node_modules\/(?:zod|meshos-sim)|out)\//.test(path));
  const before = outside();

  const replay = ['replay', '--world', 'counters.ts', 'files', '--junit', 'out/junit.xml', '--json'];
  const { status, out } = await sim(replay, { cwd: folder });
  expect(status).toBe(64);
  const { files }: { readonly files: readonly { readonly path: string; readonly verdict: string }[] } = JSON.parse(out);
  expect(files).toHaveLength(FILES);
  const verdicts = new Set(files.map(({ verdict }) => verdict));
  // Baits in texts for people do no harm, so those files are scenarios like any other.
  expect([...verdicts].sort()).toEqual(['invalid', 'violated as expected']);

  const readable = files.filter(({ verdict }) => verdict !== 'invalid');
  for (const [n, { path }] of readable.filter((_, i) => i % 20 === 0).entries()) {
    const shrink = ['shrink', '--world', 'counters.ts', '--scenario', path, '-o', `out/${n}.yaml`];
    expect((await sim(shrink, { cwd: folder })).status).toBe(0);
  }
  const sweep = ['sweep', '--world', 'counters.ts', '--semantics', 'forget', '--runs', '5', '--out', 'out/swept'];
  await sim(sweep, { cwd: folder });
  expect(outside()).toEqual(before);
}, 120_000);
