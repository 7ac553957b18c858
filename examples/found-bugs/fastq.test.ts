// https://github.com/mcollina/fastq/pull/80
import { expect } from 'vitest';
import { simTest } from 'meshos-sim/vitest';

const load = process.env.FIXED ? () => import('fastq-new') : () => import('fastq-old');

simTest('a lower concurrency holds for what begins from then on', {
  load,
  operations: { push: { times: [2, 8], forMs: [0, 50] }, limit: { times: [1, 2], to: [1, 4] } },
}, (sim, { default: fastq }) => {
  let running = 0;
  const queue = fastq.promise(async (forMs: number) => {
    expect(running).toBeLessThan(queue.concurrency);
    running += 1;
    await sim.sleep(forMs);
    running -= 1;
  }, 4);
  return {
    push: ({ forMs }) => queue.push(forMs),
    limit: ({ to }) => void (queue.concurrency = to),
  };
});
