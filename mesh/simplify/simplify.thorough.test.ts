/** Real violations of the mesh become small, and nothing more can be taken out of them. */
import { describe, expect, it } from 'vitest';
import { writeScenario } from '../../sim/scenario/file/write.ts';
import { runScenario } from '../../sim/scenario/run/run.ts';
import { shrink } from '../../sim/shrink/shrink.ts';
import { loadWorld } from '../../sim/sweep/source.ts';
import { checkMeshScenario } from '../scenario/check.ts';
import { meshWorld } from '../world.ts';
import type { MeshScenario } from './edit.ts';
import { meshEdits, meshShortcuts } from './edits.ts';
import { meshVariations } from './variations.ts';

/** The scenario with one operation, fault, seeded name or pinned choice fewer, for each of them. */
function withoutEach(from: MeshScenario): readonly (readonly [part: string, without: MeshScenario])[] {
  const { workload, faults, seeded = [], choices = {} } = from;
  return [
    ...workload.map(({ key }) => [key, { ...from, workload: workload.filter((one) => one.key !== key) }] as const),
    ...faults.map(({ key }) => [key, { ...from, faults: faults.filter((one) => one.key !== key) }] as const),
    ...seeded.map((name) => [name, { ...from, seeded: seeded.filter((one) => one !== name) }] as const),
    ...Object.keys(choices).map((name) => {
      const others = Object.fromEntries(Object.entries(choices).filter(([other]) => other !== name));
      return [name, { ...from, choices: others }] as const;
    }),
  ];
}

it('edits of generated scenarios give scenarios that a file may hold', () => {
  for (const seed of [1n, 2n, 3n]) {
    const from = meshWorld.generate(seed, 'storm', 'strict');
    const shorter = [...meshEdits(from), ...meshShortcuts()].map((edit) => edit(from));
    for (const to of shorter) if (to !== null) expect(checkMeshScenario(to)).toEqual([]);
    for (const { scenario: varied } of meshVariations(from)) expect(checkMeshScenario(varied)).toEqual([]);
  }
});

describe('a violation of the mesh', () => {
  /** The first seeds, run under the semantics that are known to break. */
  async function firstToViolate(invariant: string): Promise<MeshScenario> {
    for (let seed = 1n; seed <= 60n; seed += 1n) {
      const from = meshWorld.generate(seed, 'swarm', 'netMesh021');
      const { violations } = await runScenario(meshWorld, from);
      if (violations.some((violation) => violation.invariant === invariant)) return from;
    }
    throw new Error(`no seed violates ${invariant}`);
  }

  it.each(['action-order', 'action-conservation', 'ring-equivalence', 'no-crash'])(
    'shrinks to a few lines that hold under strict semantics: %s',
    async (invariant) => {
      const shrunk = await shrink(meshWorld, await firstToViolate(invariant), { invariant });
      if (shrunk === null) throw new Error('the same run was expected to break again');
      const { scenario: small, to, minimal } = shrunk;
      expect(minimal).toBe(true);
      expect(to.operations).toBeLessThanOrEqual(6);
      expect(to.faults).toBeLessThanOrEqual(2);
      expect((await runScenario(meshWorld, { ...small, semantics: 'strict' })).verdict).toBe('held');
      const variants = withoutEach(small);
      expect(variants).toHaveLength(to.operations + to.faults + Number(to.choices));
      for (const [part, without] of variants) {
        const { violations } = await runScenario(meshWorld, without);
        expect([part, violations.map((violation) => violation.invariant)]).not.toEqual([
          part,
          expect.arrayContaining([invariant]),
        ]);
      }
      const world = await loadWorld({ module: new URL('../world.ts', import.meta.url).href, name: 'meshWorld' });
      expect(await writeScenario(world, small)).toContain(`violates: ${invariant}`);
    },
  );
});
