/**
 * Runs twenty sound libraries, each under a plain workload: all runs must hold, in both styles, and each seed must come to
 * the same digest in another order, with another number of workers and under other engines.
 *
 * `node dist/tools/libraries/check-libraries.js [--runs N] [--only NAME]… [--nodes [--node-runs N]]`, in the project's
 * root, after a build. By default it makes 2,000 runs of each library and style, in two settings: ascending in one process,
 * and shuffled in two. With `--nodes` it also makes 100 of them under each version of Node and under Bun.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { parseCount } from '../../sim/cli/arguments/values.ts';
import { noteLine } from '../../sim/report/writers/progress.ts';
import { BUN_VERSION, bun, NODE_VERSIONS, nodeOfVersion } from '../checks/node-versions.ts';
import { knownNames, readOptions } from '../options.ts';
import { differences, digestOf, redRuns, rowName, runIn, type Setting } from './compare.ts';
import { LIBRARIES } from './libraries.ts';
import { STYLES } from './world.ts';

const NAMES = LIBRARIES.map(({ name }) => name);
const require = createRequire(import.meta.url);

const { runs, nodeRuns, names, nodes } = readOptions(
  {
    runs: { type: 'string', default: '2000' },
    'node-runs': { type: 'string', default: '100' },
    only: { type: 'string', multiple: true, default: NAMES },
    nodes: { type: 'boolean', default: false },
  },
  (values) => ({
    runs: parseCount('--runs', values.runs),
    nodeRuns: parseCount('--node-runs', values['node-runs']),
    names: knownNames('--only', values.only, NAMES),
    nodes: values.nodes,
  }),
);

const [here, ...others] = settings();
const note = noteLine(process.stderr);
note.show(here.name);
const reference = await runIn(here, names);
const faults = [...redRuns(reference, here.runs)];
for (const setting of others) {
  note.show(setting.name);
  const table = await runIn(setting, names);
  faults.push(
    ...redRuns(table, setting.runs).map((fault) => `${setting.name}: ${fault}`),
    ...differences(setting.name, table, reference),
  );
}
note.clear();
for (const name of names) {
  const rows = STYLES.map((style) => {
    const found = reference.get(rowName(name, style)) ?? new Map();
    const held = [...found.values()].filter(({ verdict }) => verdict === 'held').length;
    return `${style} ${held}/${found.size} ${digestOf(found).slice(0, 16)}`;
  });
  console.log(`${`${name} ${versionOf(name)}`.padEnd(20)} ${rows.join('   ')}`);
}
for (const fault of faults) console.error(fault);
const told = [here, ...others].map((setting) => `${setting.runs} × ${setting.name}`).join(', ');
console.log(`${names.length} libraries, ${told}: ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);

function settings(): readonly [Setting, ...Setting[]] {
  const node = { executable: process.execPath, runs } as const;
  const all = Math.max(runs, nodes ? nodeRuns : 0);
  const other = { workers: 1, order: 'ascending', runs: nodeRuns } as const;
  return [
    { ...node, name: 'ascending in one process', workers: 1, order: 'ascending', runs: all },
    { ...node, name: 'shuffled in two processes', workers: 2, order: 'shuffled' },
    ...(nodes
      ? [
          ...NODE_VERSIONS.filter((version) => version !== process.versions.node).map(
            (version): Setting => ({ ...other, name: `Node ${version}`, executable: nodeOfVersion(version) }),
          ),
          { ...other, name: `Bun ${BUN_VERSION}`, executable: bun() },
        ]
      : []),
  ];
}

function versionOf(name: string): string {
  const { version }: { readonly version: string } = require(resolve('node_modules', name, 'package.json'));
  return version;
}
