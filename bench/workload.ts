/**
 * The committed default workload: scenarios that the generator once made of default (swarm) seeds. They are kept as data,
 * so that a benchmark of today does the work of one of last year. Each line of the file is a scenario in the form of a
 * scenario file, with ids above 2^53 as decimal strings. The numbers that it must come to are in the file beside it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { MeshConfig, MeshFault, MeshOperation } from '../mesh/scenario/scenario.ts';
import { config, fault, operation } from '../mesh/scenario/schemas.ts';
import type { Scenario } from '../sim/world.ts';

export type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/** What the workload comes to, whatever runs it. */
export interface WorkloadNumbers {
  readonly scenarios: number;
  readonly operations: number;
  /** Submissions among them, not counting those of bursts. */
  readonly submissions: number;
  readonly faults: number;
}

const seed = z
  .string()
  .regex(/^[0-9]{1,20}$/)
  .transform((digits) => BigInt(digits));

const scenario = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  world: z.literal('mesh'),
  semantics: z.literal('strict'),
  seed,
  config,
  workload: z.array(operation),
  faults: z.array(fault),
  found: z.strictObject({ seed: z.string(), commit: z.string().optional() }).optional(),
});

const numbers = z.strictObject({
  scenarios: z.int(),
  operations: z.int(),
  submissions: z.int(),
  faults: z.int(),
});

/** The workload of that name, checked against its numbers. */
export function readWorkload(name: string): readonly MeshScenario[] {
  const lines = readFileSync(workloadFile(`${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  const scenarios = lines.map(scenarioFrom);
  const expected = numbers.parse(JSON.parse(readFileSync(workloadFile(`${name}.json`), 'utf8')));
  const found = numbersOf(scenarios);
  for (const key of ['scenarios', 'operations', 'submissions', 'faults'] as const) {
    if (found[key] !== expected[key]) {
      throw new Error(`the workload ${name} has ${found[key]} ${key}, and should have ${expected[key]}`);
    }
  }
  return scenarios;
}

export function numbersOf(scenarios: readonly MeshScenario[]): WorkloadNumbers {
  const operations = scenarios.flatMap(({ workload }) => workload);
  return {
    scenarios: scenarios.length,
    operations: operations.length,
    submissions: operations.filter(({ kind }) => kind === 'submit').length,
    faults: scenarios.reduce((sum, { faults }) => sum + faults.length, 0),
  };
}

/** The scenario in a line of the file. Throws if it is none. */
export function scenarioFrom(line: string): MeshScenario {
  return scenario.parse(JSON.parse(line));
}

/** A scenario as a line of the file. */
export function scenarioLine(scenario: MeshScenario): string {
  return JSON.stringify(scenario, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/** Beside the sources, also when this is run from the build. */
export function workloadFile(file: string): URL {
  const beside = new URL(`./workloads/${file}`, import.meta.url);
  return existsSync(new URL('./workloads/', import.meta.url))
    ? beside
    : new URL(`../../bench/workloads/${file}`, import.meta.url);
}
