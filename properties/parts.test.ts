/**
 * Parts of scenarios, which is what shrinking and people try: each is a scenario too, and has one result however it is
 * run. Beside whole runs because a part takes so little time that every one of them can be run twice.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MeshConfig, MeshFault, MeshOperation } from '../mesh/scenario/scenario.ts';
import { meshWorld } from '../mesh/world.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import type { Scenario } from '../sim/world.ts';
import { assertHeld } from './held.testing.ts';
import { testProperty } from './property.testing.ts';
import { scenarioOf } from './scenario-arbitrary.testing.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

/** Which operations and faults are left, by their places modulo how many there are. */
const places = fc.array(fc.nat({ max: 4095 }), { maxLength: 16 });

function partOf(scenario: MeshScenario, kept: readonly number[]): MeshScenario {
  const { workload, faults } = scenario;
  const items = [...workload, ...faults];
  const keys = new Set(kept.map((place) => items[place % Math.max(1, items.length)]?.key));
  return {
    ...scenario,
    workload: workload.filter(({ key }) => keys.has(key)),
    faults: faults.filter(({ key }) => keys.has(key)),
  };
}

const ofBothSemantics = fc.oneof(
  scenarioOf(meshWorld, 'storm', 'strict'),
  scenarioOf(meshWorld, 'storm', 'netMesh021'),
);

testProperty(
  'a part of a scenario has one result, however it is drained and watched, and draws no name twice',
  fc.asyncProperty(ofBothSemantics, places, async (drawn, kept) => {
    const part = partOf(await drawn.scenario(), kept);
    const plain = await runScenario(meshWorld, part);
    const watched = await runScenario(meshWorld, part, { checkNames: true, keepTrace: true, drain: 'documented' });
    if (part.semantics === 'strict') assertHeld(plain);
    assert.ok(plain.verdict === 'held' || plain.verdict === 'violated', plain.problem);
    const { trace, ...result } = watched;
    assert.deepEqual(result, plain);
    assert.equal(trace?.length, plain.events);
  }),
);
