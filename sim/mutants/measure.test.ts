/** Measurements on this project's own checkout, small ones: what a sweep of the mesh finds is what they are for. */
import { join } from 'node:path';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { Checkout, ownRoot } from './checkout.ts';
import { type Measurement, measure } from './measure.ts';
import type { Mutant } from './mutant.ts';
import { readMutant } from './read.ts';
import { mutantsJson, mutantsText, oneLine, summaryOf } from './report.ts';

const root = ownRoot();
const checkout = new Checkout(root);
const own = (id: string): Mutant => readMutant(join(root, `mutants/${id}.yaml`));
const canary = own('canary');

/** A change that nothing in a run can tell. */
const harmless: Mutant = {
  ...canary,
  id: 'harmless',
  file: 'src/chain/frame.ts',
  find: 'PAYLOAD_BYTES_MAX = 16 * 1024 * 1024',
  replace: 'PAYLOAD_BYTES_MAX = 15 * 1024 * 1024',
};

function measured(mutants: readonly Mutant[], bird: Mutant, runsMax: number): Promise<Measurement> {
  return measure(mutants, bird, {
    checkout,
    world: { path: 'sim/mesh/world.js', name: 'meshWorld' },
    conform: { command: 'sim/cli/main.js', vectors: join(root, 'test-data/vectors') },
    trials: 2,
    probeRuns: 3,
    shrinkMs: 30_000,
    runsMax,
    jobs: 2,
  });
}

const plain = (measurement: Measurement): string => mutantsText(measurement, picocolors.createColors(false));

/** Each builds several workers: a second or two, and many on a machine that does other things besides. */
describe('a measurement', { timeout: 120_000 }, () => {
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
    expect(plain(result)).toContain('harmless: missed. 3 of 3 runs reached it, and none went another way for it.');
    expect(plain({ ...result, mutants: result.mutants.slice(0, 1) })).toContain('\n1 of 1 mutant detected; ');
    expect(ring && oneLine(ring)).toMatch(
      /^ring-one-too-many: seen in 2 of 2 trials; runs \(worst\): [1-3.]+ \([1-3]\)$/,
    );
    expect(JSON.parse(mutantsJson(result))).toMatchObject({
      void: false,
      mutants: [{ id: 'ring-one-too-many' }, {}, {}],
    });
  });

  it('is void where the canary is not seen, and then measures nothing', async () => {
    const result = await measured([own('ring-one-too-many')], { ...harmless, id: 'canary' }, 1);
    expect(result).toMatchObject({ void: true, mutants: [] });
    expect(plain(result)).toMatch(/^void: the canary/);
  });

  it('is void where the canary is seen by another invariant than the one it names', async () => {
    const other: Mutant = {
      ...canary,
      detector: { kind: 'sweep', invariant: 'settle', profile: 'swarm', semantics: 'strict' },
    };
    expect(await measured([], other, 1)).toMatchObject({ void: true });
  });

  it('plants nothing if a single text does not match', async () => {
    const gone: Mutant = { ...harmless, id: 'gone', find: 'no such text' };
    await expect(measured([own('ring-one-too-many'), gone], canary, 1)).rejects.toThrow(
      'gone: its text does not stand',
    );
  });
});
