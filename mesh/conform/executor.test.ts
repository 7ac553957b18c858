import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkExecutor, differenceFromRecorded } from './executor.ts';
import { runExecutorCase } from './executor-run.ts';
import { type ExecutorResult, type ExecutorVector, executorVector } from './executor-vector.ts';

const FILE = fileURLToPath(new URL('../../test-data/vectors/executor.jsonl', import.meta.url));
const lines = (await readFile(FILE, 'utf8')).trim().split('\n');
const vectors = lines.map((line) => executorVector.parse(JSON.parse(line)));

function named(name: string): ExecutorVector {
  const vector = vectors.find((one) => one.name === name);
  if (vector === undefined) throw new Error(`no case ${name}`);
  return vector;
}

describe('the recorded cases', () => {
  it('hold whatever the chance, one of the allowed results being given each time', async () => {
    const differing: string[] = [];
    for (const vector of vectors) {
      for (let seed = 1n; seed <= 5n; seed += 1n) {
        const difference = differenceFromRecorded(vector, await runExecutorCase(vector, seed));
        if (difference !== null) differing.push(`${vector.name} with seed ${seed}: ${difference}`);
      }
    }
    expect(differing).toEqual([]);
  });

  it('reach each of two allowed results under some seed', async () => {
    const vector = named('deadline-vs-recv-same-ms');
    const reached = new Set<number>();
    for (let seed = 1n; seed <= 40n; seed += 1n) {
      const result = await runExecutorCase(vector, seed);
      for (const [index, allowed] of (vector.allowed ?? []).entries()) {
        if (differenceFromRecorded({ ...vector, allowed: [allowed] }, result) === null) reached.add(index);
      }
    }
    expect([...reached].sort()).toEqual([0, 1]);
  });
});

describe('a case that differs', () => {
  const line = lines.find((one) => one.includes('"name":"retry-then-ok-fold-differs-from-ring"')) ?? '';
  const changed = (from: string, to: string) => {
    const text = line.replace(from, to);
    expect(text).not.toBe(line);
    return checkExecutor(JSON.parse(text));
  };

  it.each([
    ['stats', '"dispatch_retries":1', '"dispatch_retries":2', 'result.stats.dispatch_retries: expected 2, got 1'],
    [
      'ring',
      '"ring":[],"stats"',
      '"ring":[{"seq":1,"source":"s","reason":"r","recorded_at_ms":0}],"stats"',
      'expected',
    ],
    [
      'fold of the chain',
      '"fold_ring":[{"reason":"busy"',
      '"fold_ring":[{"reason":"idle"',
      'result.fold_ring[0].reason',
    ],
    ['dispatch log', '"dispatch_log":[{"at_ms":0', '"dispatch_log":[{"at_ms":1', 'result.dispatch_log[0].at_ms'],
    ['trace', '"trace":[[0,"dispatch",0,1]', '"trace":[[0,"dispatch",0,2]', 'result.trace[0][3]: expected'],
    ['end', '"exit_at_ms":100', '"exit_at_ms":101', 'result.exit_at_ms: expected 101, got 100'],
    ['losses', '"lost_ids":[]', '"lost_ids":[1]', 'result.lost_ids'],
    ['rejections', '"lost_ids":[]', '"lost_ids":[],"rejected_ids":[2]', 'result.rejected_ids'],
    ['script', '"after_ms":50', '"after_ms":51', 'result'],
  ])('is told: %s', async (_what, from, to, difference) => {
    expect(await changed(from, to)).toContain(difference);
  });

  it('is told when it is none of several allowed results', async () => {
    const vector = named('deadline-vs-recv-same-ms');
    const result = await runExecutorCase(vector, 1n);
    const other: ExecutorResult = { ...result, exit_at_ms: 1 };
    expect(differenceFromRecorded(vector, other)).toMatch(/^not allowed\[0\]: .*; not allowed\[1\]: /);
  });

  it('is told when it is of no known form', async () => {
    expect(await changed('"on_full":"wait"', '"on_full":"drop"')).toMatch(/^not a vector of this file/);
    expect(await changed('"theme":', '"surprise":1,"theme":')).toMatch(/^not a vector of this file/);
    expect(await changed('"expected":', '"expectation":')).toMatch(/^not a vector of this file/);
  });
});

describe('the id of a dispatch', () => {
  it('is hidden by a panic that comes before the chain record, from which it was recorded', async () => {
    const killed = named('edge-hook-panic-kills-the-executor');
    const vector: ExecutorVector = {
      ...killed,
      config: { ...killed.config, backpressureOn: 2, backpressureOff: 1 },
      sends: killed.sends.map((send) => ({ ...send, at_ms: 30 })),
      dispatch_script: [{ outcome: 'drop', reason: 'down', latency_ms: 0 }],
      edge_hook_panic_on: [1],
    };
    const { exit, dispatch_log: log, trace } = await runExecutorCase(vector, 1n);
    expect({ exit, log, trace }).toEqual({
      exit: 'panicked',
      log: [{ call: 0, at_ms: 30, id: null }],
      trace: [
        [30, 'edge', 'asserted'],
        [30, 'dispatch', 0, null],
        [30, 'edge', 'released'],
      ],
    });
  });
});

describe('a sender that waits for room', () => {
  const heat = (id: bigint) => ({ at_ms: 10, id, action: { kind: 'reduce_heat', blob: id, by: 1 } as const });
  const waiting: ExecutorVector = {
    ...named('one-ok'),
    config: { ...named('one-ok').config, backpressureOn: 2, backpressureOff: 1 },
    channel_capacity: 2,
    on_full: 'wait',
    sends: [1n, 2n, 3n, 4n, 5n].map(heat),
    close_at_ms: 50,
  };

  it('goes on once the executor has emptied the queue and suspended, not for every place that falls free', async () => {
    for (let seed = 1n; seed <= 20n; seed += 1n) {
      const result = await runExecutorCase(waiting, seed);
      expect(result.dispatch_log.map((entry) => entry.id)).toEqual([1n, 2n, 3n, 4n, 5n]);
      expect(result.backpressure_edges.map((edge) => edge.change)).toEqual([
        'asserted',
        'released',
        'asserted',
        'released',
      ]);
      expect(result.rejected_ids).toEqual([]);
      expect(result.exit_at_ms).toBe(50);
    }
  });

  it('is refused once the executor has panicked', async () => {
    const vector: ExecutorVector = { ...waiting, dispatch_script: [{ outcome: 'panic_sync', latency_ms: 0 }] };
    const result = await runExecutorCase(vector, 1n);
    expect(result).toMatchObject({
      exit: 'panicked',
      exit_at_ms: null,
      lost_ids: [1n, 2n],
      rejected_ids: [3n, 4n, 5n],
    });
  });
});
