/** Everything under `sim/` but `mesh/` runs a world that is not MeshOS. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../scenario/run/run.ts';
import { toyWorld } from './toy-world.ts';

describe('the toy world', () => {
  it('holds when the link sends again what it lost', async () => {
    for (let seed = 1n; seed <= 50n; seed++) {
      const run = await runScenario(toyWorld, toyWorld.generate(seed, 'storm', 'resend'));
      expect(run).toMatchObject({ verdict: 'held', violations: [], operations: 20 });
    }
  });

  it('is seen to break when the link forgets', async () => {
    const run = await runScenario(toyWorld, toyWorld.generate(5n, 'storm', 'forget'));
    expect(run.verdict).toBe('violated');
    expect(run.violations.map(({ invariant }) => invariant)).toEqual(['together']);
    expect(run.faults).toEqual({ loss: { planned: 1, injected: 1 } });
  });

  it('gives the same digest every time, with the trace kept or not', async () => {
    const digests = new Set<string>();
    for (const keepTrace of [true, false, true]) {
      digests.add((await runScenario(toyWorld, toyWorld.generate(9n, 'swarm', 'resend'), { keepTrace })).digest);
    }
    expect(digests.size).toBe(1);
  });
});
