/** A fresh process is heard to its end, however much it has to say: 50 times of 50. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.testing.ts';
import { loadWorld } from '../source.ts';
import { built, worldWith } from './determinism.testing.ts';
import { runChecked } from './determinism.ts';

describe('a fresh process with a long answer', () => {
  /** Longer than what a channel takes at once. */
  const CHARS = 3 << 20;

  it('is heard to its end, 50 times of 50', async () => {
    const script = join(scratchFolder(), 'fresh.mjs');
    writeFileSync(
      script,
      `import { lastWord } from ${JSON.stringify(built('sweep/workers/last-word.js'))};
      process.once('message', () => lastWord({ digest: '', summary: 'x'.repeat(${CHARS}), trace: [] }));`,
    );
    const source = worldWith('op.by');
    const world = await loadWorld(source.world);
    for (let nth = 1; nth <= 50; nth += 1) {
      const run = await runChecked(world, source, 7n, {}, { fresh: pathToFileURL(script) });
      expect(run.problem).toMatch(/^run in a fresh process, event 1 differs: /);
    }
  }, 120_000);
});
