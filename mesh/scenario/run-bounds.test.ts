/** Runs that would fill the memory or go on without end: each stops at a bound, inconclusively, and always at the same place. */
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../../sim/examples/toy-world.ts';
import { boundsOf, heldBytes } from '../../sim/scenario/run/bounds.ts';
import { runScenario } from '../../sim/scenario/run/run.ts';
import type { FaultBase, Harness, OperationBase, World } from '../../sim/world.ts';
import { meshWorld } from '../world.ts';
import { MESH_EXAMPLE } from './example.ts';

type ToyHarness = Parameters<typeof toyWorld.build>[1];

const MIB = 1_048_576;
const scenario = toyWorld.generate(1n, 'calm', 'resend');
const late = { ...scenario, workload: scenario.workload.map((operation) => ({ ...operation, at: 86_400_000 })) };

/** The counters, beside which something else starts. */
function beside(start: (harness: ToyHarness) => void): typeof toyWorld {
  return {
    ...toyWorld,
    stepBudget: () => ({ fixed: Number.MAX_SAFE_INTEGER, perMs: 0 }),
    build: (given, harness) => {
      const instance = toyWorld.build(given, harness);
      return Object.assign(instance, { start: () => start(harness) });
    },
  };
}

/** Does something every virtual millisecond, for ever. */
function everyMs({ kernel: { root } }: Pick<Harness<never>, 'kernel'>, act: () => void): void {
  root.spawn('busy', async () => {
    for (;;) {
      await root.sleep(1);
      act();
    }
  });
}

describe('a run', () => {
  it('that emits without end stops at the bound on events, which the message names', async () => {
    const world = beside((harness) => everyMs(harness, () => harness.emit({ kind: 'lost', op: 'x' })));
    const run = await runScenario(world, late, { maxEvents: 1000 });
    expect(run).toMatchObject({
      verdict: 'inconclusive',
      problem: 'reached the bound of 1000 events at 1001 ms; --max-events (maxEvents) raises it',
      events: 1000,
    });
  });

  it('may have as many events as the bound says', async () => {
    const { events } = await runScenario(toyWorld, scenario);
    expect((await runScenario(toyWorld, scenario, { maxEvents: events })).verdict).toBe('held');
    expect((await runScenario(toyWorld, scenario, { maxEvents: events - 1 })).verdict).toBe('inconclusive');
  });

  it('that takes steps and emits nothing stops at the bound on steps', async () => {
    const world = beside((harness) => everyMs(harness, () => {}));
    const run = await runScenario(world, late, { maxEvents: 100 });
    expect(run.verdict).toBe('inconclusive');
    expect(run.problem).toMatch(/^reached the bound of 500 steps at \d+ ms; --max-events/);
    expect(run.events).toBe(0);
  });

  it('whose events are long stops at the bound on memory, which the message names', async () => {
    const data = new Uint8Array(32 * MIB);
    const world: World<object, OperationBase, FaultBase, { readonly kind: 'blob'; readonly data: Uint8Array }, object> =
      {
        name: 'blobs',
        semantics: ['resend'],
        ambient: 'forbidden',
        events: { blob: ['data'] },
        marks: [],
        faultKinds: [],
        invariants: [],
        schemas: toyWorld.schemas,
        generate: () => scenario,
        settleBoundMs: () => 1000,
        stepBudget: () => ({ fixed: 1000, perMs: 1 }),
        build: (_, harness) => ({
          view: {},
          start: () => everyMs(harness, () => harness.emit({ kind: 'blob', data })),
          apply: () => {},
          inject: () => {},
          heal: () => {},
          drained: () => true,
          waiting: () => [],
          settle: () => {},
          close: () => {},
          ended: () => true,
          finalState: () => [],
        }),
        lane: () => 'blobs',
      };
    const run = await runScenario(world, late);
    expect(run).toMatchObject({
      verdict: 'inconclusive',
      problem:
        'reached the bound of 1073741824 bytes for the trace and for what is to come at 16 ms; --max-events (maxEvents) raises it',
      events: 16,
    });
  });

  it('that schedules without end and emits nothing stops at the bound on memory', async () => {
    // The kernel claims a million messages under way: real ones would take seconds.
    const world = beside((harness) =>
      everyMs(harness, () => {
        Object.defineProperty(harness.kernel, 'scheduled', { value: 1_048_577, configurable: true });
      }),
    );
    const run = await runScenario(world, late);
    expect(run).toMatchObject({
      verdict: 'inconclusive',
      problem:
        'reached the bound of 1073741824 bytes for the trace and for what is to come at 1022 ms; --max-events (maxEvents) raises it',
    });
  });

  it('that emits without end within one segment keeps no more than the bound', async () => {
    let tried = 0;
    const world = beside((harness) => {
      for (; tried < 100_000; tried += 1) harness.emit({ kind: 'lost', op: 'x' });
    });
    const run = await runScenario(world, scenario, { maxEvents: 10, keepTrace: true });
    expect([tried, run.verdict, run.events, run.trace?.length]).toEqual([100_000, 'inconclusive', 10, 10]);
  });
});

describe('a mesh', () => {
  const { config, workload } = MESH_EXAMPLE;
  const busy = {
    ...MESH_EXAMPLE,
    config: { ...config, nodes: 5, codecs: Array.from({ length: 5 }, () => 'msgpack' as const), reRequestMs: 1 },
    workload: workload.slice(0, 1).map((operation) => ({ ...operation, at: 86_400_000 })),
    faults: [],
    witness: [],
  };

  it('of five nodes that ask each other every millisecond for a day is inconclusive, with equal digests', async () => {
    const runs = [];
    for (const keepTrace of [false, true])
      runs.push(await runScenario(meshWorld, busy, { maxEvents: 20_000, keepTrace }));
    const [first, second] = runs;
    expect(first).toMatchObject({ verdict: 'inconclusive', events: 20_000 });
    expect(first?.problem).toMatch(/^reached the bound of 20000 events at \d+ ms/);
    expect(second?.digest).toBe(first?.digest);
  });
});

it('the bounds of a run by default are 2,000,000 events and 1 GB, and rise together', () => {
  expect(boundsOf()).toEqual({ events: 2_000_000, steps: 10_000_000, bytes: 1024 * MIB });
  expect(boundsOf(4_000_000)).toEqual({ events: 4_000_000, steps: 20_000_000, bytes: 2048 * MIB });
  expect(boundsOf(10).bytes).toBe(1024 * MIB);
  expect(heldBytes({ records: 2_000_000, encodedBytes: 0, scheduled: 0 })).toBeLessThan(boundsOf().bytes);
});
