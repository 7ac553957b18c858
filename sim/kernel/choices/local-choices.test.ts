/** Choices are local: what one operation draws does not depend on what others there are. */
import { describe, expect, test } from 'vitest';
import { deadline } from '../../../src/runtime/port.ts';
import { Kernel } from '../kernel.ts';
import { SeededChooser, UniqueNames } from './chooser.ts';
import { name } from './name.ts';
import { type RecordedChoice, RecordingChooser } from './recording.ts';

interface Operation {
  readonly key: string;
  readonly at: number;
}

/** A small world: operations go through a queue to one of two workers, answers come back over a slow link. */
async function drawsOf(seed: bigint, operations: readonly Operation[]): Promise<ReadonlyMap<string, RecordedChoice>> {
  const recording = new RecordingChooser(new UniqueNames(new SeededChooser(seed)));
  const kernel = new Kernel({ chooser: recording });
  const node = kernel.root.child('n1/i0');
  const queue = node.channel<string>(8);
  const answers = node.channel<string>(8);
  for (const role of ['even', 'odd']) {
    node.spawn(role, async () => {
      for (;;) {
        const first = await node.select({ item: queue.received, tick: deadline(node.now() + 20) });
        if (first.source === 'tick' || typeof first.value !== 'string') continue;
        const where = name('op', first.value);
        await node.sleep(kernel.draw(where.child('work'), 10));
        const item = first.value;
        kernel.schedule(kernel.now + kernel.draw(where.child('latency'), 30), where.child('answer'), () =>
          answers.trySend(item),
        );
      }
    });
  }
  node.spawn('reader', async () => {
    for (;;) await answers.receive();
  });
  for (const { key, at } of operations) {
    const where = name('op', key);
    kernel.schedule(at, where, () => {
      node.spawn(
        'submit',
        async () => {
          await node.sleep(kernel.draw(where.child('delay'), 5));
          await queue.send(key);
        },
        where,
      );
    });
  }
  expect(await kernel.run({ untilMs: 300 })).toEqual({ kind: 'until' });
  return recording.recorded;
}

function workload(seed: bigint): Operation[] {
  const chooser = new SeededChooser(seed);
  return Array.from({ length: 20 }, (_, i) => ({ key: `k${i}`, at: chooser.draw(name('at', i), 200) })).sort(
    (a, b) => a.at - b.at,
  );
}

describe('with one operation taken out', () => {
  test('names common to both runs draw equal values, and most are common', async () => {
    let common = 0;
    let others = 0;
    for (let seed = 1n; seed <= 20n; seed++) {
      const operations = workload(seed);
      const whole = await drawsOf(seed, operations);
      for (const { key } of operations) {
        const rest = await drawsOf(
          seed,
          operations.filter((operation) => operation.key !== key),
        );
        for (const [drawn, choice] of rest) {
          const before = whole.get(drawn);
          // Of how many sources a select draws depends on the others that are ready.
          if (before?.bound === choice.bound) expect(choice).toEqual(before);
          else if (before !== undefined) expect(drawn).toMatch(/\/select$/);
        }
        for (const drawn of whole.keys()) {
          if (!/^op:[^/]+\/(delay|work|latency)$/.test(drawn) || drawn.startsWith(`op:${key}/`)) continue;
          if (rest.has(drawn)) common += 1;
          else others += 1;
        }
      }
    }
    expect(common).toBeGreaterThan(10_000);
    expect(others / (common + others)).toBeLessThan(0.01);
  });

  test('no name is ever drawn twice, nor made from an order', async () => {
    const operations = workload(3n);
    const names = new Set((await drawsOf(3n, operations)).keys());
    const last = operations.at(-1);
    const rest = await drawsOf(3n, operations.slice(0, -1));
    expect([...rest.keys()].filter((drawn) => last !== undefined && drawn.startsWith(`op:${last.key}/`))).toEqual([]);
    const waits = [...names].filter(
      (drawn) => drawn.includes('/wake:') || drawn.includes('/t:') || drawn.endsWith('/due'),
    );
    expect(waits.length).toBeGreaterThan(10);
    for (const drawn of waits) {
      expect(drawn).toMatch(
        /^(op:k\d+(\/answer)?\/(due|wake:(n1%2Fi0%2F(even|odd|reader)|op:k\d+%2Ftask:n1%252Fi0%252Fsubmit)|task:n1%2Fi0%2Fsubmit\/t:\d+\/n:\d+)(\/n:\d+)?|n1\/i0\/(even|odd|reader)\/t:\d+\/n:\d+)(\/select)?$/,
      );
    }
  });
});
