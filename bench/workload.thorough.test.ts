import { describe, expect, it } from 'vitest';
import { meshWorld } from '../mesh/world.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import { runBare } from './bare-run.ts';
import { readWorkload } from './workload.ts';

describe('the committed default workload', () => {
  const scenarios = readWorkload('default');

  it('holds in every run', async () => {
    for (const scenario of scenarios) {
      expect([scenario.name, (await runScenario(meshWorld, scenario)).verdict]).toEqual([scenario.name, 'held']);
    }
  });

  it('is carried out to the last operation by the bare control plane', async () => {
    for (const scenario of scenarios) await runBare(scenario);
  });
});
