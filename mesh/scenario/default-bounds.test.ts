/** That the bound of what waits for a node is where the specification has it, in a run: generated ones have a smaller one. */
import { expect, it } from 'vitest';
import { runScenario } from '../../sim/scenario/run/run.ts';
import { meshWorld } from '../world.ts';
import { MESH_EXAMPLE } from './example.ts';

it('4,096 messages wait for a node that is paused, and the next one finds its buffer full', {
  timeout: 120_000,
}, async () => {
  const { nodes, codecs, ...config } = MESH_EXAMPLE.config;
  const scenario = {
    ...MESH_EXAMPLE,
    config: { ...config, nodes, codecs, reRequestMs: 1, network: { minMs: 1, maxMs: 1 } },
    workload: [],
    // The other node asks each millisecond.
    faults: [{ key: 'f1', at: 100, kind: 'node-pause', node: 1, forMs: 4200 }] as const,
    witness: [],
  };
  const result = await runScenario(meshWorld, scenario, { keepTrace: true });
  expect(result.verdict).toBe('held');
  const trace = result.trace ?? [];
  const paused = trace.findIndex(({ kind }) => kind === 'pause');
  const resumed = trace.findIndex(({ kind }) => kind === 'resume');
  const arrived = trace
    .slice(paused, resumed)
    .flatMap(({ kind, fields }) => (kind === 'deliver' && fields.to === 1 ? [fields.accepted] : []));
  expect(arrived.indexOf(false)).toBe(4096);
  expect(arrived.slice(4096)).not.toContain(true);
});
