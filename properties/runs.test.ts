/** Whole runs of the mesh, as `sim run` and `sim sweep` make them from seeds. */
import fc from 'fast-check';
import { meshWorld } from '../mesh/world.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import { assertHeld } from './held.testing.ts';
import { testProperty } from './property.testing.ts';
import { scenarioOf } from './scenario-arbitrary.testing.ts';

testProperty(
  'every invariant holds in a run from any seed',
  fc.asyncProperty(scenarioOf(meshWorld), async (drawn) => {
    assertHeld(await runScenario(meshWorld, await drawn.scenario()));
  }),
);
