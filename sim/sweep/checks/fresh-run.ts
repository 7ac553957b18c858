/** A process that makes one run it is asked for by message, and answers with its recording. */

import { loadWorld, runEither } from '../source.ts';
import { lastWord } from '../workers/last-word.ts';
import type { FreshRunRequest } from './determinism.ts';
import { recordingOf } from './determinism.ts';

process.once('message', (request: FreshRunRequest) => {
  void answer(request);
});

async function answer({ source, what, options }: FreshRunRequest): Promise<void> {
  const world = await loadWorld(source.world);
  lastWord(recordingOf(await runEither(world, source, what, options)));
}
