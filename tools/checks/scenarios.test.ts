/**
 * The committed scenarios: each replays to the verdict it was kept for, tests what it names and nothing less, and means
 * the same whatever becomes of the generator.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findScenarioFiles } from '../../sim/scenario/file/disk.ts';
import type { AnyScenario } from '../../sim/scenario/file/read.ts';
import { readScenario } from '../../sim/scenario/file/read.ts';
import { replayFile } from '../../sim/scenario/replay.ts';
import { runScenario } from '../../sim/scenario/run/run.ts';
import { verdictOn } from '../../sim/scenario/verdict.ts';
import { loadWorld } from '../../sim/sweep/source.ts';
import { beside } from '../../sim/sweep/workers/beside.ts';
import type { Instance, World } from '../../sim/world.ts';
import { currentDigests, pinnedDigests, SCENARIOS } from '../build/scenario-digests.ts';

const world = await loadWorld({ module: beside(import.meta.url, '../../mesh/world').href, name: 'meshWorld' });
const files = findScenarioFiles([SCENARIOS]).map(({ path }) => path);

async function read(path: string): Promise<AnyScenario> {
  const result = await readScenario(world, path);
  if (!result.ok) throw new Error(`${path}: ${result.mistakes.map(({ message }) => message).join('; ')}`);
  return result.scenario;
}

const scenarios = await Promise.all(files.map(async (path) => ({ path, scenario: await read(path) })));

async function verdictOf(scenario: AnyScenario, inWorld: World = world): Promise<string> {
  return verdictOn(scenario, await runScenario(inWorld, scenario)).verdict;
}

describe('every committed scenario', () => {
  it.each(files)('comes to what it expects: %s', async (path) => {
    const { scenario, verdict, reasons } = await replayFile(world, path);
    const expected = scenario?.expect !== undefined && 'violates' in scenario.expect ? 'violated as expected' : 'held';
    expect({ verdict, reasons: expected === 'held' ? reasons : [] }).toEqual({ verdict: expected, reasons: [] });
  });

  it.each(scenarios)('says why it is kept and what it has to reach: $path', ({ path, scenario }) => {
    expect(scenario.why).toMatch(/\.$/);
    expect(scenario.witness?.length).toBeGreaterThan(0);
    expect(path).toContain(`/${scenario.name}.yaml`);
    expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(70);
  });

  it.each(scenarios)(
    'is vacuous without any one of its faults, and without its operations: $path',
    async ({ scenario }) => {
      for (const fault of scenario.faults) {
        const faults = scenario.faults.filter((one) => one !== fault);
        expect([fault.key, await verdictOf({ ...scenario, faults })]).toEqual([fault.key, 'vacuous']);
      }
      expect(await verdictOf({ ...scenario, workload: [], faults: [] })).toBe('vacuous');
    },
  );

  it('keeps its digest, with a generator that is another or none', async () => {
    const pinned = pinnedDigests();
    const hint = 'after a change that was meant to change them: node dist/tools/build/pin-scenarios.js';
    expect(await currentDigests(world), hint).toEqual(pinned);
    const reordered: World = { ...world, generate: (seed, ...rest) => world.generate(seed + 1n, ...rest) };
    reordered.generate(1n, 'storm', 'strict');
    expect(await currentDigests(reordered)).toEqual(pinned);
    const none: World = {
      ...world,
      generate: () => {
        throw new Error('a replay needs no generator');
      },
    };
    expect(await currentDigests(none)).toEqual(pinned);
  });
});

/** The world with an injector that passes over faults of a kind. */
function withoutKind(kind: string): World {
  return {
    ...world,
    build: (scenario, harness) => {
      const instance = world.build(scenario, harness);
      const broken: Instance<never, never, unknown> = {
        view: instance.view,
        start: () => instance.start(),
        apply: (operation, name) => instance.apply(operation, name),
        inject: (fault: { readonly kind: string; readonly key: string; readonly at: number }, name) => {
          if (fault.kind !== kind) instance.inject(fault, name);
        },
        heal: (fault) => instance.heal(fault),
        drained: () => instance.drained?.() ?? true,
        waiting: () => instance.waiting?.() ?? [],
        settle: (boundMs) => instance.settle(boundMs),
        close: (waiting) => instance.close(waiting),
        ended: () => instance.ended?.() ?? true,
        finalState: () => instance.finalState(),
        ...(instance.observers === undefined ? {} : { observers: instance.observers }),
      };
      return broken;
    },
  };
}

describe('with a kind of fault that the injector passes over', () => {
  const kinds = [...new Set(scenarios.flatMap(({ scenario }) => scenario.faults.map(({ kind }) => kind)))].sort();

  it.each(kinds)('every scenario that rests on it is vacuous: %s', async (kind) => {
    const disabled = withoutKind(kind);
    for (const { path, scenario } of scenarios) {
      const rests = scenario.faults.some((fault) => fault.kind === kind);
      const verdict = await verdictOf(scenario, disabled);
      expect([path, verdict === 'vacuous']).toEqual([path, rests]);
    }
  });
});

describe('the list of committed scenarios', () => {
  it('has two files for every known defect, which differ in what they expect', () => {
    const known = scenarios.filter(({ path }) => path.includes('known-in-net-mesh-0.21.0'));
    const breaks = known.filter(({ scenario }) => scenario.semantics === 'netMesh021');
    const holds = known.filter(({ scenario }) => scenario.semantics === 'strict');
    expect(breaks).toHaveLength(5);
    for (const { path, scenario } of breaks) {
      const other = holds.find((one) => one.path === path.replace('-021.yaml', '-strict.yaml'))?.scenario;
      expect(scenario.expect).toHaveProperty('violates');
      expect(other).toEqual({
        ...scenario,
        name: other?.name,
        why: other?.why,
        semantics: 'strict',
        expect: { holds: true },
      });
    }
  });
});
