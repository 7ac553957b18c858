import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { stacksOfThread } from './stack-of-thread.ts';

/** How long is waited for a thread that is to answer, on a machine with much to do. */
const LONG_MS = 20_000;

let worker: Worker | undefined;

/** A thread that has said that it is about to do this. */
async function threadThat(does: string): Promise<Worker> {
  const code = `import { parentPort } from 'node:worker_threads';
    import * as process from 'node:process';
    const { port1, port2 } = new MessageChannel();
    port1.once('message', function begin() {
      ${does}
    });
    parentPort.postMessage('begun');
    parentPort.on('message', () => {});
    port2.postMessage('begin');
    port2.close();`;
  worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  await once(worker, 'message');
  return worker;
}

afterEach(async () => {
  await worker?.terminate();
  worker = undefined;
});

describe('the stack of a thread', () => {
  it.each([
    ['in one turn', 'function spin() { for (;;); } spin();', /^at spin \(data:.*:5:\d+\)\nat begin \(data:.*:5:\d+\)$/],
    [
      'of microtasks',
      'function spin() { Promise.resolve().then(spin); let i = 0; while (i < 1e7) i += 1; } spin();',
      /^at spin \(data:.*:5:\d+\)/,
    ],
    [
      'of ticks',
      'function spin() { process.nextTick(spin); let i = 0; while (i < 1e7) i += 1; } spin();',
      /^at spin \(data:.*:5:\d+\)/,
    ],
    ['of backtracking', "/^(a+)+$/.test('a'.repeat(60) + 'b');", /^at begin \(data:.*:5:\d+\)$/],
    ['that waits', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);', /^at begin \(data:.*:5:\d+\)$/],
  ])('is that of its loop %s, and it can be ended then', async (_what, does, stack) => {
    const looping = await threadThat(does);
    // It may be caught on its way into the loop.
    await expect.poll(async () => (await stacksOfThread(looping, LONG_MS))[0], { timeout: LONG_MS }).toMatch(stack);
    expect(await looping.terminate()).toBe(1);
  });

  it('is of that thread alone among several', async () => {
    const other = new Worker('for (;;);', { eval: true });
    const looping = await threadThat('for (;;);');
    const both = () => Promise.all([stacksOfThread(looping, LONG_MS), stacksOfThread(looping, LONG_MS)]);
    const here = [expect.stringMatching(/^at begin /)];
    await expect.poll(both, { timeout: LONG_MS }).toEqual([here, here]);
    await other.terminate();
  });

  it('is unknown where the thread does not answer, as in a native call', async () => {
    const stuck = await threadThat("process.getBuiltinModule('node:child_process').execFileSync('sleep', ['3']);");
    await expect.poll(() => stacksOfThread(stuck, 300), { timeout: LONG_MS }).toEqual([]);
  });

  it('is unknown of a thread that has ended, or ends meanwhile', async () => {
    const ended = await threadThat('process.exit(0);');
    await expect.poll(() => stacksOfThread(ended, LONG_MS), { timeout: LONG_MS }).toEqual([]);
    await ended.terminate();
    expect(await stacksOfThread(ended, LONG_MS)).toEqual([]);
  });
});
