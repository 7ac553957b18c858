/** What shrinking does to scenarios of the mesh: each edit keeps what it is not about. */
import { describe, expect, it } from 'vitest';
import { checkMeshScenario } from '../scenario/check.ts';
import { MESH_EXAMPLE } from '../scenario/example.ts';
import { meshWorld } from '../world.ts';
import { consistent } from './consistent.ts';
import type { Fault, MeshScenario } from './edit.ts';
import { meshEdits, meshShortcuts } from './edits.ts';
import { keepNodes, nodesUsed } from './renumber.ts';
import { meshVariations } from './variations.ts';

const submit = (key: string, at: number, node = 1) =>
  ({ key, at, kind: 'submit', node, action: { kind: 'pull_replica', chain: 7n, source: 2n } }) as const;

const scenario = (parts: Partial<MeshScenario>): MeshScenario => ({
  ...MESH_EXAMPLE,
  workload: [],
  faults: [],
  ...parts,
});

/** Everything that one edit alone makes of a scenario. */
const edited = (from: MeshScenario): readonly MeshScenario[] =>
  [...meshEdits(from)].map((edit) => edit(from)).filter((simpler) => simpler !== null);

const faultsOf = (from: readonly Fault[]): readonly (readonly Fault[])[] =>
  edited(scenario({ workload: [submit('k1', 0)], faults: from })).map(({ faults }) => faults);

describe('edits of a mesh scenario', () => {
  it('of generated scenarios give scenarios that a file may hold', () => {
    for (const seed of [1n]) {
      const from = meshWorld.generate(seed, 'swarm', 'strict');
      for (const to of edited(from)) expect(checkMeshScenario(to)).toEqual([]);
      for (const edit of meshShortcuts()) {
        const to = edit(from);
        if (to !== null) expect(checkMeshScenario(to)).toEqual([]);
      }
      for (const { scenario: varied } of meshVariations(from)) expect(checkMeshScenario(varied)).toEqual([]);
    }
  });

  it('take out nodes that nothing names, and number the others anew', () => {
    const config = { ...MESH_EXAMPLE.config, nodes: 3, codecs: ['msgpack', 'postcard', 'msgpack'] as const };
    const partition = { key: 'f1', at: 0, kind: 'partition', nodes: [3], oneWay: false, forMs: 9 } as const;
    const [first] = edited(scenario({ config, workload: [submit('k1', 0, 2)], faults: [partition] }));
    expect(first?.config).toMatchObject({ nodes: 2, codecs: ['postcard', 'msgpack'] });
    expect(first?.workload).toMatchObject([{ node: 1 }]);
    expect(first?.faults).toMatchObject([{ nodes: [2] }]);
  });

  it('make a burst of one an operation, and aim at it what was aimed at the burst', () => {
    const burst = { key: 'f1', at: 30, kind: 'queue-burst', node: 1, actions: [submit('', 0).action] } as const;
    const aimed = { key: 'f2', at: 0, kind: 'dispatch-slow', forMs: 5, extraMs: 1 } as const;
    const target = { op: 'f1/1', attempt: 1, times: 1 };
    const found = edited(scenario({ workload: [submit('k1', 90)], faults: [burst, { ...aimed, target }] }));
    const [asOperation] = found.filter(({ workload }) => workload.length === 2);
    expect(asOperation?.workload.map(({ key, at }) => [key, at])).toEqual([
      ['f1', 30],
      ['k1', 90],
    ]);
    expect(asOperation?.faults).toMatchObject([{ key: 'f2', target: { op: 'f1' } }]);
  });

  it('put an operation in the place of a fault that only makes the run longer', () => {
    const pause = { key: 'f1', at: 5, kind: 'node-pause', node: 1, forMs: 700 } as const;
    const jump = { key: 'f2', at: 9, kind: 'clock-jump', node: 1, byMs: 40 } as const;
    const found = edited(scenario({ workload: [submit('k1', 90)], faults: [pause, jump] }));
    const logged = found
      .filter(({ workload }) => workload.length === 2)
      .map(({ workload, faults }) => ({ workload, faults }));
    const log = { kind: 'log', node: 1, level: 'info', daemonId: null, message: 'm' };
    expect(logged).toEqual([
      { workload: [submit('k1', 90), { key: 'f1', at: 705, ...log }], faults: [jump] },
      { workload: [{ key: 'f2', at: 9, ...log }, submit('k1', 90)], faults: [pause] },
    ]);
  });

  it('put plainer faults in the place of others', () => {
    const target = { op: 'k1', attempt: 2, times: 9 };
    const retry = { key: 'f1', at: 5, kind: 'dispatch-retry', forMs: 700, target, reason: 'x', hintMs: 64 } as const;
    const found = faultsOf([retry]);
    expect(found).toContainEqual([{ key: 'f1', at: 5, kind: 'dispatch-error', target, forMs: 700, reason: 'down' }]);
    expect(found).toContainEqual([{ ...retry, target: { ...target, times: 1 } }]);
    expect(found).toContainEqual([{ ...retry, hintMs: 32 }]);
    expect(found).toContainEqual([{ ...retry, forMs: 350 }]);
    const torn = { key: 'f1', at: 5, kind: 'log-torn-tail', node: 1, forMs: 9 } as const;
    expect(faultsOf([torn])).toContainEqual([{ key: 'f1', at: 5, kind: 'node-crash', node: 1, forMs: 9 }]);
  });

  it('let a fault last all along, but for those that keep a node or a backend down', () => {
    const loss = { key: 'f1', at: 5, kind: 'link-loss', from: 1, to: 2, percent: 30, forMs: 9 } as const;
    expect(faultsOf([loss])).toContainEqual([{ ...loss, at: 0, forMs: 10_000 }]);
    const crash = { key: 'f1', at: 5, kind: 'node-crash', node: 1, forMs: 9 } as const;
    expect(faultsOf([crash])).not.toContainEqual([{ ...crash, at: 0, forMs: 10_000 }]);
  });

  it('bring times nearer and make them round, without changing their order', () => {
    const from = scenario({ workload: [submit('k1', 1234), submit('k2', 1250), submit('k3', 1250)] });
    const times = edited(from).map(({ workload }) => workload.map(({ at }) => at));
    expect(times).toContainEqual([0, 16, 16]);
    expect(times).toContainEqual([1234, 1234, 1234]);
    expect(times).toContainEqual([1200, 1216, 1216]);
    for (const [a = 0, b = 0, c = 0] of times) expect([a <= b, b <= c]).toEqual([true, true]);
  });

  it('set limits to what is usual, and make those small that have to differ', () => {
    const config = { ...MESH_EXAMPLE.config, maxDefers: 9, backpressureOn: 12, backpressureOff: 7 };
    const configs = edited(scenario({ config })).map((to) => to.config);
    expect(configs).toContainEqual({ ...config, maxDefers: 16 });
    expect(configs).toContainEqual({ ...config, maxDefers: 1 });
    expect(configs).toContainEqual({ ...config, backpressureOn: 6, backpressureOff: 5 });
    expect(configs.every(({ backpressureOn: on, backpressureOff: off }) => off < on)).toBe(true);
  });
});

describe('a scenario with a part taken out', () => {
  it('has no faults of dispatches that no longer are', () => {
    const at = (op: string) => ({ op, attempt: 1, times: 1 });
    const slow = { key: 'f1', at: 0, kind: 'dispatch-slow', forMs: 5, extraMs: 1 } as const;
    const burst = { key: 'f3', at: 30, kind: 'queue-burst', node: 1, actions: [submit('', 0).action] } as const;
    const faults = [
      { ...slow, target: at('k1') },
      { ...slow, key: 'f2', target: at('k2') },
      burst,
      { ...slow, key: 'f4', target: at('f3/1') },
      { ...slow, key: 'f5', target: at('f3/2') },
    ];
    const kept = consistent(scenario({ workload: [submit('k2', 0)], faults }));
    expect(kept.faults.map(({ key }) => key)).toEqual(['f2', 'f3', 'f4']);
  });

  it('has no faults at events of operations and faults that no longer are', () => {
    const at = (event: string, where: Readonly<Record<string, string>>) => ({ event, where, nth: 1 });
    const pause = { kind: 'node-pause', node: 1, forMs: 5 } as const;
    const burst = { key: 'f5', at: 30, kind: 'queue-burst', node: 1, actions: [submit('', 0).action] } as const;
    const faults = [
      { ...pause, key: 'f1', at: at('take', { op: 'k1' }) },
      { ...pause, key: 'f2', at: at('take', { op: 'k2' }) },
      { ...pause, key: 'f3', at: at('injected', { fault: 'f2' }) },
      { ...pause, key: 'f4', at: at('injected', { fault: 'f1' }) },
      burst,
      { ...pause, key: 'f6', at: at('take', { op: 'f5/1' }) },
      { ...pause, key: 'f7', at: at('take', { op: 'f5/2' }) },
    ];
    const kept = consistent(scenario({ workload: [submit('k2', 0)], faults }));
    expect(kept.faults.map(({ key }) => key)).toEqual(['f2', 'f3', 'f5', 'f6']);
  });

  it('names the nodes of events by their new numbers', () => {
    const config = { ...MESH_EXAMPLE.config, nodes: 3, codecs: ['msgpack', 'postcard', 'msgpack'] as const };
    const at = { event: 'copy-write', where: { node: 3, chain: 1, seq: 3 }, nth: 1 };
    const faults = [{ key: 'f1', at, kind: 'node-pause', node: 3, forMs: 5 } as const];
    const from = scenario({ config, workload: [], faults });
    expect(nodesUsed(from)).toEqual(new Set([1, 3]));
    expect(keepNodes(from, new Set([1, 3]))?.faults[0]).toMatchObject({
      at: { where: { node: 2, chain: 1, seq: 3 } },
      node: 2,
    });
  });

  it('has nothing about backends that nobody registers', () => {
    const config = { ...MESH_EXAMPLE.config, backends: 1 };
    const live = { at: 0, kind: 'set-backend-live', node: 1, live: false } as const;
    const workload = [
      { ...live, key: 'k1', backend: 'b1' },
      { ...live, key: 'k2', backend: 'b2' },
    ] as const;
    const replace = { key: 'f1', at: 0, kind: 'backend-replace', node: 2, backend: 'x' } as const;
    const kept = consistent(scenario({ config, workload, faults: [replace] }));
    expect([kept.workload.map(({ key }) => key), kept.faults]).toEqual([['k1'], []]);
  });
});
