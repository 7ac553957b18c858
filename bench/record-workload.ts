/**
 * Writes the committed default workload anew, from what the generator makes of the first seeds today. It is not part of a
 * benchmark. Run it when the default workload no longer represents default runs, and say so in the changelog.
 *
 *     npm run build && node dist/bench/record-workload.js
 */
import { writeFileSync } from 'node:fs';
import { meshWorld } from '../mesh/world.ts';
import { DEFAULT_WORKLOAD } from './default-workload.ts';
import { numbersOf, scenarioLine, workloadFile } from './workload.ts';

/** Enough that no single scenario decides the figure, and few enough to keep in the repository. */
const SCENARIOS = 50;

const scenarios = Array.from({ length: SCENARIOS }, (_, i) => meshWorld.generate(BigInt(i + 1), 'swarm', 'strict'));
writeFileSync(
  workloadFile(`${DEFAULT_WORKLOAD}.jsonl`),
  scenarios.map((scenario) => `${scenarioLine(scenario)}\n`).join(''),
);
writeFileSync(workloadFile(`${DEFAULT_WORKLOAD}.json`), `${JSON.stringify(numbersOf(scenarios), undefined, 2)}\n`);
