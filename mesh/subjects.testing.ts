/** The messages of failures in real runs. */
import picocolors from 'picocolors';
import { expect } from 'vitest';
import { failureLines } from '../sim/report/model/failure.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import type { Profile } from '../sim/world.ts';
import { meshWorld } from './world.ts';

/**
 * Number of failures in the runs of seeds 1 to `seeds`. Each message must fit a screen and tell more than its last event.
 */
export async function failuresThatFit(profile: Profile, seeds: bigint): Promise<number> {
  const colors = picocolors.createColors(false);
  let failures = 0;
  for (let seed = 1n; seed <= seeds; seed += 1n) {
    const run = await runScenario(meshWorld, meshWorld.generate(seed, profile, 'netMesh021'), { keepTrace: true });
    for (const violation of run.violations) {
      failures += 1;
      const size = { operations: 12_345, faults: 67, choices: 'all' } as const;
      const path = `reports/sweep-12/failures/${violation.invariant}-seed-18446744073709551615.yaml`;
      const lines = failureLines(
        {
          run: { ...run, seed: 18_446_744_073_709_551_615n },
          violation,
          world: meshWorld,
          shrunk: { from: size, to: size, minimal: false },
          replay: `npx sim replay ${path}`,
          next: `npx sim run --scenario ${path}`,
        },
        colors,
      );
      expect(lines.length).toBeLessThanOrEqual(25);
      expect(lines.filter((line) => line.length > 100)).toEqual([]);
      const from = lines.indexOf('  what led to it');
      expect(lines.findIndex((line) => line.startsWith('  replay')) - from, violation.message).toBeGreaterThan(2);
    }
  }
  return failures;
}
