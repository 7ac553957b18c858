/**
 * A simulated test as a world: what sweeps, shrinks, replays and reports on it knows it only by this.
 *
 *     const world = await simulationWorld('waits', options, body);
 *     await runScenario(world, world.generate(42n, 'swarm', 'test'));
 */

import type { TraceEvent } from '../invariant/invariant.ts';
import type { FaultBase, Harness, KeyedFault, World } from '../world.ts';
import { callerSite, type Site } from './author-mistake.ts';
import { checkOptions } from './check-options.ts';
import { TEST_EVENTS, testInvariants } from './failures.ts';
import { bundleOf } from './load.ts';
import {
  type AnyBody,
  type AnyOptions,
  type Body,
  FAULT_KINDS,
  type OperationDeclarations,
  type SimulateOptions,
} from './options.ts';
import type { Asked, TestConfig, TestFault, TestScenario } from './scenario.ts';
import { testSchemas } from './schemas.ts';
import { consistent, testEdits } from './simplify.ts';
import { type SoftErrors, TestRun } from './test-run.ts';
import { generate, kindsOf } from './workload.ts';

export type SimulationWorld = World<TestConfig, Asked, TestFault> & {
  /** The run that was made last. */
  readonly latest: () => TestRun | undefined;
};

const SETTLE_MS = 30_000;

/**
 * The world of a test's options and body; `name` is what scenario files of it say.
 *
 * @throws {WorldError} where the options break a rule, or `load` cannot be read
 */
export function simulationWorld<const Ops extends OperationDeclarations = Record<never, never>, M = undefined>(
  name: string,
  options: SimulateOptions<Ops, M>,
  body: Body<NoInfer<Ops>, NoInfer<M>>,
): Promise<SimulationWorld>;
export function simulationWorld(name: string, options: AnyOptions, body: AnyBody): Promise<SimulationWorld> {
  return worldAt(callerSite(), name, options, body);
}

/** The same for a test that was declared there. */
export async function worldAt(
  site: Site,
  name: string,
  options: AnyOptions,
  body: AnyBody,
  assertions?: SoftErrors,
): Promise<SimulationWorld> {
  checkOptions(site, options, body);
  const { operations = {}, load, settleMs = SETTLE_MS, reach = [], faults } = options;
  const module = load === undefined ? undefined : await bundleOf(load, site);
  const plan = { site, operations, module, settleMs, reach, body, assertions };
  const declared = { name, operations, kinds: kindsOf(faults) };
  let latest: TestRun | undefined;
  return {
    name,
    semantics: ['test'],
    ambient: 'virtual',
    events: TEST_EVENTS,
    marks: reach,
    faultKinds: FAULT_KINDS,
    invariants: testInvariants,
    schemas: () => testSchemas(operations),
    generate: (seed, profile) => generate(declared, seed, profile),
    edits: (scenario) => testEdits(operations, scenario),
    listed: (scenario, drawn): TestScenario => ({
      ...scenario,
      config: {},
      faults: [...scenario.faults, ...drawn.filter(isTestFault)],
    }),
    consistent,
    settleBoundMs: () => settleMs,
    build: (scenario, harness: Harness<TraceEvent, TestFault>) => {
      latest = new TestRun(plan, scenario, harness);
      return latest;
    },
    latest: () => latest,
  };
}

/** The runs of a test draw no others. */
function isTestFault(fault: KeyedFault & FaultBase): fault is KeyedFault & TestFault {
  return FAULT_KINDS.some((kind) => kind === fault.kind);
}
