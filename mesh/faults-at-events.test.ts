import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../sim/kernel/trace/trace.ts';
import { parseScenario } from '../sim/scenario/file/read.ts';
import { writeScenario } from '../sim/scenario/file/write.ts';
import { runScenario } from '../sim/scenario/run/run.ts';
import { verdictOn } from '../sim/scenario/verdict.ts';
import type { AtEvent, KeyedFault, Scenario } from '../sim/world.ts';
import { MESH_EXAMPLE } from './scenario/example.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario/scenario.ts';
import { meshWorld } from './world.ts';

type MeshScenario = Scenario<MeshConfig, MeshOperation, MeshFault>;

const submit = (key: string, at: number) =>
  ({ key, at, kind: 'submit', node: 1, action: { kind: 'reduce_heat', blob: 1n, by: 1 } }) as const;
const crash = (key: string, at: number | AtEvent, forMs = 30) =>
  ({ key, at, kind: 'node-crash', node: 1, forMs }) as const;

function scenario(faults: readonly (KeyedFault & MeshFault)[]): MeshScenario {
  const config = { ...MESH_EXAMPLE.config, nodes: 1, codecs: ['msgpack'] as const, syncEveryMs: 20 };
  const workload = [submit('k1', 0), submit('k2', 0)];
  return { format: 1, name: 'n', world: 'mesh', semantics: 'strict', seed: 1n, config, workload, faults };
}

/** A run's trace without the depths, and its result. */
async function traced(faults: readonly (KeyedFault & MeshFault)[]) {
  const result = await runScenario(meshWorld, scenario(faults), { keepTrace: true });
  return { result, trace: (result.trace ?? []).filter(({ kind }) => kind !== 'depth') };
}

const kindsFrom = (trace: readonly TraceRecord[], from: number, count: number) =>
  trace.slice(from, from + count).map(({ kind }) => kind);

describe('a fault at an event', () => {
  it('strikes right after the segment that emitted it, at the same time', async () => {
    const { trace, result } = await traced([
      crash('f1', { event: 'append-action', where: { node: 1, id: 1 }, nth: 1 }),
    ]);
    const appended = trace.findIndex(({ kind }) => kind === 'append-action');
    const struck = trace.findIndex(({ kind }) => kind === 'crash');
    expect(trace[struck]).toMatchObject({ atMs: trace[appended]?.atMs, task: 'fault:f1' });
    expect(trace[struck]?.fields.synced).not.toBe(trace[struck]?.fields.written);
    expect(new Set(trace.slice(appended, struck - 1).map(({ task }) => task))).toEqual(new Set(['n1/i0/executor']));
    expect(result).toMatchObject({ verdict: 'held', struck: { f1: trace[appended]?.atMs } });
  });

  it('ends as long after it struck as it lasts, and settle waits for that', async () => {
    const { trace } = await traced([crash('f1', { event: 'dispatch', nth: 1 }, 777)]);
    const at = (wanted: string, nth = 0) => trace.filter(({ kind }) => kind === wanted)[nth]?.atMs ?? Number.NaN;
    expect(at('boot', 1) - at('crash')).toBe(777);
    expect(at('settle')).toBeGreaterThanOrEqual(at('boot', 1));
  });

  it('may strike at what another did, such as the start after a crash', async () => {
    const again = crash('f2', { event: 'boot', where: { inc: 1 }, nth: 1 });
    const { trace, result } = await traced([crash('f1', { event: 'append-action', nth: 1 }), again]);
    const boot = trace.findIndex(({ kind, fields }) => kind === 'boot' && fields.inc === 1);
    expect(kindsFrom(trace, boot, 5)).toEqual(['boot', 'recover', 'fault', 'fault', 'crash']);
    expect(result.faults['node-crash']).toEqual({ planned: 2, injected: 2 });
  });

  it('that never comes is not injected, which makes a kept scenario vacuous', async () => {
    const from = scenario([crash('f1', { event: 'append-action', where: { id: 99 }, nth: 1 })]);
    const result = await runScenario(meshWorld, from);
    expect(result).toMatchObject({ verdict: 'held', notInjected: ['f1'] });
    expect(verdictOn(from, result)).toEqual({
      verdict: 'vacuous',
      reasons: ['fault f1 (node-crash) was never injected'],
    });
  });

  it('does not strike once settle has begun', async () => {
    const { result } = await traced([
      crash('f1', { event: 'settle', nth: 1 }),
      crash('f2', { event: 'settled', nth: 1 }),
    ]);
    expect(result).toMatchObject({ verdict: 'held', notInjected: ['f1', 'f2'] });
  });

  it('makes a run that is the same each time', async () => {
    const digests = [];
    for (let run = 0; run < 2; run += 1) {
      digests.push((await traced([crash('f1', { event: 'sync-begin', nth: 2 })])).result.digest);
    }
    expect(digests[0]).toBe(digests[1]);
  });

  it('is written as it was read', async () => {
    const from = scenario([
      crash('f1', { event: 'append-action', where: { node: 1, id: 2n ** 60n, ok: true }, nth: 3 }),
    ]);
    const text = await writeScenario(meshWorld, from);
    expect(text).toContain(
      'at: { event: append-action, where: { node: 1, id: "1152921504606846976", ok: true }, nth: 3 }',
    );
    const read = await parseScenario(meshWorld, Buffer.from(text));
    if (!read.ok) throw new Error(read.mistakes.map(({ message }) => message).join('\n'));
    expect(await writeScenario(meshWorld, read.scenario as MeshScenario)).toBe(text);
  });

  it.each([
    [{ event: 'boat', nth: 1 }, 'faults[0].at.event: expected boot (nearest of'],
    [
      { event: 'boot', where: { nodes: 1 }, nth: 1 },
      'faults[0].at.where.nodes: expected a value of node, inc, entries',
    ],
    [{ event: 'boot', nth: 0 }, 'faults[0].at.nth: expected at least 1'],
    [{ event: 'boot', where: { node: [1] }, nth: 1 }, 'faults[0].at.where.node'],
  ])('that nobody can mean is a mistake: %j', async (at, message) => {
    const text = await writeScenario(meshWorld, scenario([crash('f1', { event: 'boot', nth: 1 })]));
    const wrong = text.replace('{ event: boot, nth: 1 }', JSON.stringify(at));
    const read = await parseScenario(meshWorld, Buffer.from(wrong));
    if (read.ok) throw new Error('expected a mistake');
    expect(read.mistakes[0]?.message).toContain(message);
    expect(read.mistakes[0]?.line).toBeGreaterThan(1);
  });
});
