/** Replays of the world that is not MeshOS, as a person reads them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import picocolors from 'picocolors';
import { expect, it } from 'vitest';
import { toyWorld } from '../../examples/toy-world.ts';
import { writeScenario } from '../../scenario/file/write.ts';
import { replayFile } from '../../scenario/replay.ts';
import { loadWorld } from '../../sweep/source.ts';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { replayEnd, replayLines, told } from './replay.ts';

const plain = picocolors.createColors(false);
const things = { things: ['counters'] };
const world = {
  ...(await loadWorld({ module: new URL('../../examples/toy-world.ts', import.meta.url).href, name: 'toyWorld' })),
  subjects: () => ({ of: () => things, named: () => things }),
};

it('tells what led to a failure, and keeps no trace of any', async () => {
  const folder = scratchFolder();
  const paths = ['resend', 'forget'].map((semantics) => [join(folder, `${semantics}.yaml`), semantics] as const);
  for (const [path, semantics] of paths) {
    writeFileSync(path, await writeScenario(world, toyWorld.generate(5n, 'storm', semantics)));
  }
  const replays = [];
  for (const [path] of paths) {
    const replay = await replayFile(world, path, { keepTrace: true });
    expect(replay.run?.trace?.length).toBeGreaterThan(0);
    replays.push(told(replay, { world, colors: plain }));
  }
  expect(replays.map(({ verdict }) => verdict)).toEqual(['held', 'violated']);
  expect(replays.filter(({ run }) => run !== undefined && 'trace' in run)).toEqual([]);
  const text = `${replays.map((replay) => replayLines(replay, plain)).join('')}${replayEnd(replays)}`;
  expect(text).toMatch(/^held .*\nviolated .*\n2 files: 1 held, 1 violated\n\ntogether: safety, at the end, /);
  expect(text).toMatch(/^ {2}what led to it\n( {4}\d+ .*\n)+/m);
});
