/** A world of its own on the simulated hardware: it holds under everything that goes wrong, and its bug is found. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HARDWARE_KINDS } from '../faults/hardware.ts';
import { parseScenario } from '../scenario/file/read.ts';
import { writeScenario } from '../scenario/file/write.ts';
import { runScenario } from '../scenario/run/run.ts';
import { shrink } from '../shrink/shrink.ts';
import type { Profile } from '../world.ts';
import { replicatedCounter } from './replicated-counter.ts';

const SEEDS = 150;

function run(seed: bigint, profile: Profile, semantics: string) {
  return runScenario(replicatedCounter, replicatedCounter.generate(seed, profile, semantics));
}

describe('a replicated counter', () => {
  it('holds whatever happens to its hardware, which is everything that there is', async () => {
    const struck = new Set<string>();
    for (const profile of ['calm', 'swarm', 'storm'] as const) {
      for (let seed = 1n; seed <= SEEDS; seed += 1n) {
        const result = await run(seed, profile, 'sound');
        expect(result, `${profile} seed ${seed}`).toMatchObject({ verdict: 'held', violations: [] });
        for (const [kind, { injected }] of Object.entries(result.faults)) if (injected > 0) struck.add(kind);
      }
    }
    expect([...struck].sort()).toEqual(HARDWARE_KINDS.map(({ kind }) => kind).sort());
  });

  it('loses what it acknowledged early, which shrinks to an addition and what is wrong around it', async () => {
    let seed = 1n;
    while ((await run(seed, 'swarm', 'early')).verdict !== 'violated') seed += 1n;
    const shrunk = await shrink(replicatedCounter, replicatedCounter.generate(seed, 'swarm', 'early'));
    expect(shrunk?.invariant).toBe('nothing-lost');
    expect(shrunk?.scenario.workload).toHaveLength(1);
    const kinds = shrunk?.scenario.faults.map(({ kind }) => kind);
    expect(kinds?.length).toBeLessThanOrEqual(2);
    expect(kinds).toContain('node-crash');
  });

  it.each([
    ['lost', [2, 1, 2], 3, 'node 2 counts 1 of 2 acknowledged'],
    ['made up', [2, 2, 4], 3, 'node 3 counts 4, and 3 were asked for'],
  ])('has an invariant that sees what was %s', (_what, totals, asked, message) => {
    const [invariant] = replicatedCounter.invariants;
    const said: string[] = [];
    const view = { totals: () => totals, asked: () => asked };
    const checker = invariant?.create({ view, now: () => 0, violate: (what) => said.push(what) });
    for (const op of ['a1', 'a2']) checker?.on.acked?.({ kind: 'acked', op, node: 1 });
    checker?.end?.();
    expect(said).toEqual([message]);
  });

  it('is a function of its scenario, which a file says as well', async () => {
    const scenario = replicatedCounter.generate(7n, 'storm', 'sound');
    const [first, second] = [await run(7n, 'storm', 'sound'), await run(7n, 'storm', 'sound')];
    expect(second.digest).toBe(first.digest);
    const written = Buffer.from(await writeScenario(replicatedCounter, scenario));
    expect(await parseScenario(replicatedCounter, written)).toEqual({ ok: true, scenario });
  });

  it('takes at most 120 lines, with its invariant', () => {
    const code = readFileSync(new URL('./replicated-counter.ts', import.meta.url), 'utf8');
    expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(120);
  });
});
