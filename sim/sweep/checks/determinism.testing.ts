/** The toy world, spoilt in one place, for a process of the build to load. */
import type { Source } from '../source.ts';

export const built = (path: string): string => new URL(`../../../dist/sim/${path}`, import.meta.url).href;

/** The toy world, with its second addition drawn from the expression `by` instead. */
export function worldWith(by: string): Source {
  const code = `import { toyWorld } from ${JSON.stringify(built('examples/toy-world.js'))};
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
