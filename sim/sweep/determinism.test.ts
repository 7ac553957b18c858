import { describe, expect, it } from 'vitest';
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

async function check(by: string) {
  const source = worldWith(by);
  const fresh = new URL(built('sweep/fresh-run.js'));
  return runChecked(await loadWorld(source.world), source, 7n, {}, { fresh });
}

describe('the check of determinism', () => {
  it('gives the run itself when all three are equal', async () => {
    expect(await check('op.by')).toMatchObject({ verdict: 'held', seed: 7n });
  });

  it('names the first event that differs in a second run in this process', async () => {
    const run = await check('made');
    expect(run.verdict).toBe('nondeterminism');
    expect(run.problem).toMatch(/^run a second time in this process, event \d+ differs: .*"op":"a2","by":1} at first/);
    expect(run.problem).toMatch(/"op":"a2","by":2} then$/);
  });

  it('names the first event that differs in a fresh process', async () => {
    const run = await check('process.pid');
    expect(run.verdict).toBe('nondeterminism');
    expect(run.problem).toMatch(
      new RegExp(`^run in a fresh process, event \\d+ differs: .*"by":${process.pid}} at first`),
    );
  });

  it('sees an order that depends on the time zone', async () => {
    expect(await check('new Date(2024, 0, 1).getTimezoneOffset() & 1023')).toMatchObject({ verdict: 'nondeterminism' });
  });
});

describe('a fresh process with a long answer', () => {
  it('gives its run', async () => {
    const long = "(Object.assign(op, { key: op.key + 'x'.repeat(1 << 16) }), op.by)";
    for (let nth = 1; nth <= 2; nth += 1) expect(await check(long)).toMatchObject({ verdict: 'held' });
  });
});
