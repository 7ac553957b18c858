/**
 * `npm run bench`: what the project's speed is, beside what it should be. `-- --json` prints the figures for machines,
 * `-- --long` adds those that take many minutes, `-- --only NAME` measures a part.
 */
import { parseArgs } from 'node:util';
import { benchDefaultWorkload } from './default-workload.ts';
import { type Figure, figuresJson, figuresTable } from './figure.ts';
import { benchKernel } from './kernel.ts';
import { benchMemory } from './memory.ts';
import { benchStartUp } from './start-up.ts';
import { benchTenThousand, benchWorkers } from './sweeps.ts';

type Bench = () => Promise<readonly Figure[]>;

const BENCHES: ReadonlyMap<string, Bench> = new Map([
  ['kernel', benchKernel],
  ['workload', benchDefaultWorkload],
  ['start-up', benchStartUp],
  ['workers', benchWorkers],
  ['ten-thousand', benchTenThousand],
]);
const LONG: ReadonlyMap<string, Bench> = new Map([['memory', benchMemory]]);

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, long: { type: 'boolean' }, only: { type: 'string', multiple: true } },
});
const known = new Map([...BENCHES, ...LONG]);
const chosen = values.only ?? [...BENCHES.keys(), ...(values.long === true ? LONG.keys() : [])];
const figures: Figure[] = [];
for (const name of chosen) {
  const bench = known.get(name);
  if (bench === undefined) throw new Error(`no benchmark ${name}: there are ${[...known.keys()].join(', ')}`);
  process.stderr.write(`${name} …\n`);
  figures.push(...(await bench()));
}
process.stdout.write(`${values.json === true ? figuresJson(figures) : figuresTable(figures)}\n`);
