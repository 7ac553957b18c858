/** Busy scenarios that are no livelock: what is asked for again and again, and what is long on its way. */
import { expect, it } from 'vitest';
import { runScenario } from '../../sim/scenario/run/run.ts';
import { meshWorld } from '../world.ts';
import { MESH_EXAMPLE } from './example.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';
import { stepBudget } from './step-budget.ts';

const NODES = [1, 2, 3, 4, 5];
const CONFIG: MeshConfig = {
  ...MESH_EXAMPLE.config,
  nodes: 5,
  codecs: NODES.map(() => 'msgpack' as const),
  inboxCapacity: 1024,
  queueCapacity: 1024,
};
const LINKS = NODES.flatMap((from) => NODES.filter((to) => to !== from).map((to) => ({ from, to })));
const heat = { kind: 'reduce_heat', blob: 1n, by: 1 } as const;

const RETRY = { reason: '', hintMs: 1, forMs: 3000 } as const;

function scenario(
  config: Partial<MeshConfig>,
  faults: readonly (MeshFault & { key: string; at: number })[] = [],
  operations = 100,
) {
  const workload = Array.from({ length: operations }, (_, i): MeshOperation & { key: string; at: number } => ({
    key: `k${i}`,
    at: 10 * i,
    kind: 'submit',
    node: 1 + (i % 5),
    action: heat,
  }));
  return { ...MESH_EXAMPLE, config: { ...CONFIG, ...config }, workload, faults };
}

it.each([
  ['asks for entries every millisecond', scenario({ reRequestMs: 1 }, [], 4)],
  ['asks for entries long before they can come', scenario({ reRequestMs: 1, network: { minMs: 100, maxMs: 100 } })],
  [
    'has entries on their way for seconds',
    scenario(
      { reRequestMs: 20 },
      LINKS.map((link, i) => ({
        key: `f${i}`,
        at: 0,
        kind: 'link-delay',
        ...link,
        forMs: 5000,
        percent: 100,
        extraMs: 2000,
      })),
      200,
    ),
  ],
  [
    'goes on for a quarter of an hour',
    scenario({ reRequestMs: 50 }, [{ key: 'f', at: 900_000, kind: 'node-pause', node: 1, forMs: 1 }], 1),
  ],
  [
    'has room for one early entry, and hundreds to catch up on',
    {
      ...scenario(
        {
          nodes: 2,
          codecs: ['msgpack', 'msgpack'],
          earlyEntriesMax: 1,
          maxDefers: 13,
          network: { minMs: 1, maxMs: 20 },
        },
        [
          { key: 'a', at: 0, kind: 'queue-burst', node: 1, actions: Array.from({ length: 32 }, () => heat) },
          { key: 'b', at: 0, kind: 'dispatch-retry', target: { node: 1, percent: 100 }, ...RETRY },
          { key: 'c', at: 0, kind: 'node-pause', node: 2, forMs: 3000 },
        ],
      ),
      workload: [],
    },
  ],
  [
    'is given a thousand actions at once',
    scenario({}, [
      { key: 'f', at: 0, kind: 'queue-burst', node: 1, actions: Array.from({ length: 1000 }, () => heat) },
    ]),
  ],
])('a mesh that %s is no livelock', async (_what, busy) => {
  expect(await runScenario(meshWorld, busy)).toMatchObject({ verdict: 'held', violations: [] });
});

it('has a hundred steps for each item at each node, and more for what goes back and forth', () => {
  const quiet = scenario({ network: { minMs: 0, maxMs: 0 }, reRequestMs: 1000 });
  expect(stepBudget(quiet)).toEqual({ fixed: 100 * 5 * 200, perMs: 0.2 + (25 * 106) / 1000 });
  const far = scenario({ network: { minMs: 0, maxMs: 1001 }, reRequestMs: 1000 });
  expect(stepBudget(far).fixed).toBe(3 * stepBudget(quiet).fixed);
});
