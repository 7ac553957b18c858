/** A fresh process is heard to its end, however much it has to say: 50 times of 50. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../scratch-folder.testing.ts';
import { runChecked } from './determinism.ts';
import { loadWorld, type Source } from './source.ts';

const built = (path: string): string => new URL(`../../dist/sim/${path}`, import.meta.url).href;

/** The toy world, with its second addition drawn from the expression `by` instead. */
function worldWith(by: string): Source {
  const code = `import { toyWorld } from ${JSON.stringify(built('scenario/toy-world.js'))};
    let made = 0;
    export const world = { ...toyWorld, generate: (...given) => {
      made += 1;
      const scenario = toyWorld.generate(...given);
      return { ...scenario, workload: scenario.workload.map((op, i) => i === 1 ? { ...op, by: ${by} } : op) };
    } };`;
  return {
    world: { module: `data:text/javascript,${encodeURIComponent(code)}`, name: 'world' },
    profile: 'swarm',
    semantics: 'resend',
  };
}

describe('a fresh process with a long answer', () => {
  /** Longer than what a channel takes at once. */
  const CHARS = 3 << 20;

  it('is heard to its end, 50 times of 50', async () => {
    const script = join(scratchFolder(), 'fresh.mjs');
    writeFileSync(
      script,
      `import { lastWord } from ${JSON.stringify(built('sweep/last-word.js'))};
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
