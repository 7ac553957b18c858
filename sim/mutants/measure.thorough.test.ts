/** Measurements on this project's own checkout, small ones: what a sweep of the mesh finds is what they are for. */
import { expect, it } from 'vitest';
import { canary, harmless, measured, own, plain } from './measure.testing.ts';
import { mutantsJson, oneLine, summaryOf } from './report.ts';

it('says of each mutant what saw it, how soon, and with what chance; and of one that nobody sees why', async () => {
  const result = await measured([own('ring-one-too-many'), harmless, own('wire-supported-is-default')], canary, 3);
  const [ring, none, conform] = result.mutants;
  expect(result.void).toBe(false);
  expect(ring).toMatchObject({
    detected: true,
    sweep: { detections: 2, asExpected: 2, probe: { runs: 3, reached: 3 } },
  });
  expect(ring?.sweep?.chance.low).toBeGreaterThan(0);
  expect(ring?.sweep?.shrunk?.to.operations).toBeLessThan(ring?.sweep?.shrunk?.from.operations ?? 0);
  expect(none).toMatchObject({
    detected: false,
    sweep: { detections: 0, chance: { estimate: 0 }, probe: { reached: 3, triggered: 0 } },
  });
  expect(none?.sweep?.trials.map(({ from, runs }) => [from, runs])).toEqual([
    [1n, 3],
    [4n, 3],
  ]);
  expect(conform).toMatchObject({ detected: true });
  expect(summaryOf(result)).toMatchObject({
    mutants: 3,
    detected: 2,
    trials: 4,
    sightings: 2,
    asExpected: 2,
    worstRuns: 3,
  });
  expect(plain(result)).toContain('harmless: missed. 3 of 3 runs reached it, and none differed because of it.');
  expect(plain({ ...result, mutants: result.mutants.slice(0, 1) })).toContain('\n1 of 1 mutant detected; ');
  expect(ring && oneLine(ring)).toMatch(
    /^ring-one-too-many: seen in 2 of 2 trials; runs \(worst\): [1-3.]+ \([1-3]\)$/,
  );
  expect(JSON.parse(mutantsJson(result))).toMatchObject({
    void: false,
    mutants: [{ id: 'ring-one-too-many' }, {}, {}],
  });
});
