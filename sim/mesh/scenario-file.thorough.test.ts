/** What is generated can be written and read, and is then the same run: of many seeds. */
import { expect, it } from 'vitest';
import { parseScenario } from '../scenario/read.ts';
import { runScenario } from '../scenario/run.ts';
import { writeScenario } from '../scenario/write.ts';
import { loadWorld } from '../sweep/source.ts';

const world = await loadWorld({ module: new URL('./world.ts', import.meta.url).href, name: 'meshWorld' });

it.each(['calm', 'swarm', 'storm'] as const)('is the same after writing and reading (%s)', async (profile) => {
  for (let seed = 11n; seed <= 40n; seed++) {
    const scenario = world.generate(seed, profile, seed % 2n === 0n ? 'strict' : 'netMesh021');
    const read = await parseScenario(world, Buffer.from(await writeScenario(world, scenario)));
    expect(read).toEqual({ ok: true, scenario });
  }
});

it('runs the same from its file', async () => {
  for (let seed = 5n; seed <= 15n; seed++) {
    const scenario = world.generate(seed, 'storm', 'strict');
    const read = await parseScenario(world, Buffer.from(await writeScenario(world, scenario)));
    if (!read.ok) throw new Error(`seed ${seed} can't be read`);
    const [run, again] = [await runScenario(world, scenario), await runScenario(world, read.scenario)];
    expect(run.problem).toBeUndefined();
    expect(again.digest).toBe(run.digest);
  }
});
