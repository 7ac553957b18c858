/**
 * `npm run bench`: the project's speed, beside what it should be. `-- --json` prints the figures for machines, `-- --long`
 * adds figures that take many minutes, `-- --only NAME` measures a part.
 */
import { knownNames, readOptions } from '../tools/options.ts';
import { benchDefaultWorkload } from './default-workload.ts';
import { type Figure, figuresJson, figuresTable } from './figure.ts';
import { benchKernel } from './kernel.ts';
import { benchLoading, benchLoadingMemory } from './loading.ts';
import { benchMemory } from './memory.ts';
import { benchStartUp } from './start-up.ts';
import { benchTenThousand, benchWorkers } from './sweeps.ts';
import { benchVirtualHost } from './virtual-host.ts';

type Bench = () => Promise<readonly Figure[]>;

const BENCHES: ReadonlyMap<string, Bench> = new Map([
  ['kernel', benchKernel],
  ['virtual-host', benchVirtualHost],
  ['loading', benchLoading],
  ['workload', benchDefaultWorkload],
  ['start-up', benchStartUp],
  ['workers', benchWorkers],
  ['ten-thousand', benchTenThousand],
]);
const LONG: ReadonlyMap<string, Bench> = new Map([
  ['memory', benchMemory],
  ['loading-memory', benchLoadingMemory],
]);

const known = [...BENCHES, ...LONG];
const { names, json } = readOptions(
  { json: { type: 'boolean' }, long: { type: 'boolean' }, only: { type: 'string', multiple: true } },
  ({ json = false, long = false, only }) => {
    const every = known.map(([name]) => name);
    const usual = long ? every : [...BENCHES.keys()];
    return { json, names: only === undefined ? usual : knownNames('--only', only, every) };
  },
);
const figures: Figure[] = [];
for (const [name, bench] of known) {
  if (!names.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  figures.push(...(await bench()));
}
process.stdout.write(`${json ? figuresJson(figures) : figuresTable(figures)}\n`);
