import { describe, expect, it } from 'vitest';
import { meshWorld } from '../mesh/world.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import { runBare } from './bare-run.ts';
import { numbersOf, readWorkload, scenarioFrom, scenarioLine } from './workload.ts';

describe('the committed default workload', () => {
  const scenarios = readWorkload('default');

  it('has the numbers that stand beside it', () => {
    expect(numbersOf(scenarios).scenarios).toBe(50);
    expect(numbersOf(scenarios.slice(1)).operations).toBeLessThan(numbersOf(scenarios).operations);
  });

  it('holds, and is carried out to the last operation by the bare control plane: its first runs', async () => {
    for (const scenario of scenarios.slice(0, 3)) {
      expect([scenario.name, (await runScenario(meshWorld, scenario)).verdict]).toEqual([scenario.name, 'held']);
      await runBare(scenario);
    }
  });
});

describe('a scenario of a workload', () => {
  it('is the same after it was written and read, and so is its run', async () => {
    const scenario = meshWorld.generate(7n, 'swarm', 'strict');
    const line = scenarioLine(scenario);
    const again = scenarioFrom(line);
    expect(again).toEqual(scenario);
    expect((await runScenario(meshWorld, again)).digest).toBe((await runScenario(meshWorld, scenario)).digest);
  });

  it('is refused where it says what no scenario says', () => {
    expect(() => scenarioFrom('{"format":2}')).toThrow();
  });
});
