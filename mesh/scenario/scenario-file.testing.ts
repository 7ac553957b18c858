/** Generated scenarios, written to files and read again. */
import { expect } from 'vitest';
import { parseScenario } from '../../sim/scenario/file/read.ts';
import { writeScenario } from '../../sim/scenario/file/write.ts';
import { runScenario } from '../../sim/scenario/run/run.ts';
import { loadWorld } from '../../sim/sweep/source.ts';
import type { Profile } from '../../sim/world.ts';

const world = await loadWorld({ module: new URL('../world.ts', import.meta.url).href, name: 'meshWorld' });

export async function expectReadAsWritten(profile: Profile, from: bigint, to: bigint): Promise<void> {
  for (let seed = from; seed <= to; seed++) {
    const scenario = world.generate(seed, profile, seed % 2n === 0n ? 'strict' : 'netMesh021');
    const read = await parseScenario(world, Buffer.from(await writeScenario(world, scenario)));
    expect(read).toEqual({ ok: true, scenario });
  }
}

export async function expectSameRuns(from: bigint, to: bigint): Promise<void> {
  for (let seed = from; seed <= to; seed++) {
    const scenario = world.generate(seed, 'storm', 'strict');
    const read = await parseScenario(world, Buffer.from(await writeScenario(world, scenario)));
    if (!read.ok) throw new Error(`seed ${seed} can't be read`);
    const [run, again] = [await runScenario(world, scenario), await runScenario(world, read.scenario)];
    expect(run.problem).toBeUndefined();
    expect(again.digest).toBe(run.digest);
  }
}
