/** Sweeps of the toy world, for tests. Workers run the build (Node 20 does not run TypeScript), which `npm test` makes first. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { toyWorld } from '../examples/toy-world.ts';
import { scratchFolder } from '../testing/scratch-folder.testing.ts';
import type { SweepResult } from './result.ts';
import type { Source } from './source.ts';
import { type SweepOptions, sweep } from './sweep.ts';

const built = (path: string): string => new URL(`../../dist/sim/${path}`, import.meta.url).href;
export const toy: Source = {
  world: { module: built('examples/toy-world.js'), name: 'toyWorld' },
  profile: 'swarm',
  semantics: 'resend',
};

/**
 * The toy world with a spoilt seed 5. `spoil` is the body of a function that is called before each run, `onLoad` what its
 * module does.
 */
export function spoilt(spoil: string, onLoad = ''): Source {
  const code = `${onLoad}
    import { toyWorld } from ${JSON.stringify(toy.world.module)};
    export const world = { ...toyWorld, generate: (seed, ...rest) => { ${spoil}; return toyWorld.generate(seed, ...rest); } };`;
  const file = join(scratchFolder(), 'spoilt.mjs');
  writeFileSync(file, code);
  return { ...toy, world: { module: pathToFileURL(file).href, name: 'world' } };
}

/** Uses one worker, unless more are asked for. */
export function sweepToy(options: Partial<SweepOptions> = {}): Promise<SweepResult> {
  return sweep({
    source: toy,
    world: toyWorld,
    from: 1n,
    runs: 20,
    jobs: 1,
    worker: new URL(built('sweep/workers/worker.js')),
    ...options,
  });
}
