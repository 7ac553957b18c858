/** A process that makes one run it is asked for by message, and answers with its recording. */
import type { FreshRunRequest } from './determinism.ts';
import { recordingOf } from './determinism.ts';
import { loadWorld, runSeed } from './source.ts';

process.once('message', (request: FreshRunRequest) => {
  void answer(request);
});

async function answer({ source, seed, options }: FreshRunRequest): Promise<void> {
  const world = await loadWorld(source.world);
  process.send?.(recordingOf(await runSeed(world, source, seed, options)));
  process.disconnect();
}
