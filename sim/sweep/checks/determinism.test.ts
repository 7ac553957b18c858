import { describe, expect, it } from 'vitest';
import { loadWorld } from '../source.ts';
import { built, worldWith } from './determinism.testing.ts';
import { runChecked } from './determinism.ts';

async function check(by: string) {
  const source = worldWith(by);
  const fresh = new URL(built('sweep/checks/fresh-run.js'));
  return runChecked(await loadWorld(source.world), source, 7n, {}, { fresh });
}

describe('the check of determinism', () => {
  it('gives the run itself when all three are equal', async () => {
    expect(await check('op.by')).toMatchObject({ verdict: 'held', seed: 7n });
  });

  it('names the first event that differs in a second run in this process', async () => {
    const run = await check('made');
    expect(run.verdict).toBe('nondeterminism');
    expect(run.problem).toMatch(
      /^run a second time in this process, event \d+ differs: first .*"op":"a2","by":1}, now /,
    );
    expect(run.problem).toMatch(/"op":"a2","by":2}$/);
  });

  it('names the first event that differs in a fresh process', async () => {
    const run = await check('process.pid');
    expect(run.verdict).toBe('nondeterminism');
    expect(run.problem).toMatch(
      new RegExp(`^run in a fresh process, event \\d+ differs: first .*"by":${process.pid}}, now `),
    );
  });

  it('sees an order that depends on the time zone', async () => {
    expect(await check('new Date(2024, 0, 1).getTimezoneOffset() & 1023')).toMatchObject({ verdict: 'nondeterminism' });
  });
});

describe('a fresh process with a long answer', () => {
  it('gives its run', async () => {
    const long = "(Object.assign(op, { key: op.key + 'x'.repeat(1 << 16) }), op.by)";
    for (let nth = 1; nth <= 5; nth += 1) expect(await check(long)).toMatchObject({ verdict: 'held' });
  });
});
