import { expect, it } from 'vitest';
import { runScenario } from '../../sim/scenario/run/run.ts';
import type { Scenario } from '../../sim/world.ts';
import { MESH_EXAMPLE } from '../scenario/example.ts';
import type { MeshConfig, MeshFault, MeshOperation } from '../scenario/scenario.ts';
import { meshWorld } from '../world.ts';

const LONG = 66_000;
/** A dozen of them fill what the writer holds, so that it asks for more. */
const RECORDS = 30;
const keys = Array.from({ length: RECORDS }, (_, i) => `k${i + 1}`);

/** Long records, each fed to a decoder with a bit turned over, which is nearly always one of its text. */
const LONG_RECORDS: Scenario<MeshConfig, MeshOperation, MeshFault> = {
  format: 1,
  name: 'n',
  world: 'mesh',
  semantics: 'strict',
  seed: 1n,
  config: { ...MESH_EXAMPLE.config, nodes: 1, codecs: ['msgpack'] },
  workload: keys.map((key, i) => ({
    key,
    at: 500 * i,
    kind: 'submit',
    node: 1,
    action: { kind: 'reduce_heat', blob: 1n, by: 1 },
  })),
  faults: [
    ...keys.map(
      (op, i) =>
        ({
          key: `e${i + 1}`,
          at: 0,
          kind: 'dispatch-error',
          target: { op, attempt: 1, times: 1 },
          forMs: 60_000,
          reason: 'x'.repeat(LONG),
        }) as const,
    ),
    { key: 'f', at: 0, kind: 'wire-damage', where: 'decoder', node: 1, damage: 'flip', percent: 100, forMs: 60_000 },
  ],
};

it('a decoder that writes what it read may need room for that, which is not told as what it allocates', async () => {
  const result = await runScenario(meshWorld, LONG_RECORDS, { keepTrace: true });
  expect(result).toMatchObject({ verdict: 'held', faults: { 'wire-damage': { injected: 1 } } });
  const read = (result.trace ?? []).filter(({ kind, fields: { bytes, outcome } }) => {
    return kind === 'probe' && bytes instanceof Uint8Array && bytes.length > LONG && outcome === 'record';
  });
  expect(read.length).toBeGreaterThan(RECORDS / 2);
});
