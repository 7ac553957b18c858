/** Explaining takes time in proportion to the file, however many mistakes it has. */
import { expect, it } from 'vitest';
import { parseScenario } from './read.ts';
import { toyWorld } from './toy-world.ts';

async function tookMs(items: number): Promise<number> {
  const text = JSON.stringify({ ...JSON.parse(GOOD), workload: Array.from({ length: items }, () => ({})) });
  const beganMs = performance.now();
  const read = await parseScenario(toyWorld, new TextEncoder().encode(text));
  expect(read).toMatchObject({ ok: false });
  return performance.now() - beganMs;
}

const GOOD = '{"format":1,"name":"x","world":"toy","semantics":"resend","seed":"1","config":{},"faults":[]}';

it('ten times as many mistakes take no more than about ten times as long', async () => {
  await tookMs(200);
  const few = Math.min(await tookMs(2000), await tookMs(2000));
  // A hundred times where each mistake looks through all.
  expect(await tookMs(20_000)).toBeLessThan(50 * few);
});
