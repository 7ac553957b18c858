import { describe, expect, it } from 'vitest';
import type { MeshOsAction } from '../action/action.ts';
import { BufferingAppender } from '../chain/appenders.ts';
import { MeshOsSnapshotFold } from '../chain/fold.ts';
import type { ActionChainRecord, FailureRecord } from '../chain/records.ts';
import { MeshOsSnapshot } from '../chain/snapshot.ts';
import { bodyCodec, RecordDecoder, RecordEncoder } from '../chain/wire.ts';
import { BackpressureState } from './admission.ts';
import { DEFAULT_EXECUTOR_CONFIG } from './config.ts';
import { ActionExecutor } from './executor.ts';
import { ExecutorRig, failsWith, foreignAnswer } from './executor-rig.testing.ts';
import { HandDrivenRuntime } from './hand-driven-runtime.testing.ts';
import type { Admission, AdmitDecision, Dispatcher } from './ports.ts';
import { netMesh021, strict } from './semantics.ts';

const heat: MeshOsAction = { kind: 'reduce_heat', blob: 1n, by: 1 };
const migrate: MeshOsAction = { kind: 'migrate_blob', blob: 1n, from: 1n, to: 2n };
const start: MeshOsAction = { kind: 'start_daemon', daemon: { id: 1n, name: 'a' } };
const pull = (chain: bigint): MeshOsAction => ({ kind: 'pull_replica', chain, source: 9n });

function many(count: number, action: (index: number) => MeshOsAction): MeshOsAction[] {
  return Array.from({ length: count }, (_, index) => action(index + 1));
}

/** An admission that says the same of every action. */
function saying(decision: AdmitDecision): Admission {
  return {
    admit: () => decision,
    releaseFailedAdmit: () => {},
    tick: () => {},
    updateQueueDepth: () => 'steady',
    gateDaemon: () => {},
  };
}

describe('fresh actions', () => {
  it('are dispatched in the order of submission, one at a time', async () => {
    const rig = new ExecutorRig({ script: [{ takesMs: 30 }, { takesMs: 5 }] });
    await rig.runAll([heat, heat, heat], 100);
    expect(rig.effects).toEqual([
      '0 dispatch 1',
      '30 chain 1 dispatched',
      '30 dispatch 2',
      '35 chain 2 dispatched',
      '35 dispatch 3',
      '35 chain 3 dispatched',
    ]);
    expect(rig.executor.stats).toMatchObject({ dispatched: 3, failed: 0, deferred: 0 });
    expect(rig.ended).toBe('returned');
  });

  it('stand on the chain with their kind and the time of the append, not of the dispatch', async () => {
    const rig = new ExecutorRig({ script: [{ takesMs: 30 }] });
    await rig.runAll([heat], 100);
    expect(rig.actionChain).toEqual([
      { id: 1n, kind: 'reduce_heat', emittedAtMs: 1_000_030n, disposition: { type: 'dispatched' } },
    ]);
  });
});

describe('a failed dispatch', () => {
  it('is counted, then goes to failure chain, ring and action chain, in that order', async () => {
    const rig = new ExecutorRig({ script: [failsWith('no route')] });
    await rig.runAll([heat]);
    expect(rig.effects).toEqual(['0 dispatch 1', '0 failure 1 (ring 0)', '0 chain 1 failed']);
    expect(rig.ring()).toEqual(['1 action-id:1:reduce_heat: no route @1000000']);
    expect(rig.failureChain).toEqual(rig.executor.recentFailures.toArray());
    expect(rig.actionChain[0]?.disposition).toEqual({ type: 'failed', reason: 'no route', retryAfterMs: null });
    expect(rig.executor.stats).toMatchObject({ dispatched: 0, failed: 1, dispatchRetries: 0 });
  });

  it('gives back what admission reserved', async () => {
    const rig = new ExecutorRig({ script: [failsWith('no route')] });
    await rig.runAll([pull(1n), pull(1n)]);
    expect(rig.dispatchedIds()).toEqual(['1', '2']);
    expect(rig.executor.stats).toMatchObject({ dispatched: 1, failed: 1, deferred: 0 });
  });

  it('has the depth looked at again, without itself, before it is written down', async () => {
    const rig = new ExecutorRig({
      config: { backpressureOn: 1, backpressureOff: 0 },
      script: [failsWith('no route')],
    });
    await rig.runAll([heat]);
    expect(rig.effects).toEqual([
      '0 asserted',
      '0 dispatch 1',
      '0 released',
      '0 failure 1 (ring 0)',
      '0 chain 1 failed',
    ]);
  });

  it('numbers failures without gaps, whatever the failure chain says', async () => {
    const rig = new ExecutorRig({ script: [failsWith('a'), failsWith('b')], failureChainFailsOn: [0] });
    await rig.runAll([heat, heat]);
    expect(rig.ring().map((entry) => entry.split(' ')[0])).toEqual(['1', '2']);
    expect(rig.failureChain.map((record) => record.seq)).toEqual([2n]);
    expect(rig.executor.stats.chainAppendFailures).toBe(0);
  });
});

describe('a dispatcher that misbehaves', () => {
  const panicked = { type: 'failed', reason: 'dispatcher panicked', retryAfterMs: null };

  it('is taken as panicked when its promise rejects, under either preset', async () => {
    for (const semantics of [strict, netMesh021]) {
      const rig = new ExecutorRig({ semantics, script: [{ gives: () => Promise.reject(new Error('planted')) }] });
      await rig.runAll([heat, heat]);
      expect(rig.actionChain.map((record) => record.disposition)).toEqual([panicked, { type: 'dispatched' }]);
      expect(rig.ended).toBe('returned');
    }
  });

  it('fails the action when its result is not well-formed', async () => {
    const results: unknown[] = [
      undefined,
      null,
      'ok',
      {},
      { kind: 'maybe' },
      { kind: 'failed' },
      { kind: 'failed', reason: 7, retryAfterMs: null },
      { kind: 'failed', reason: 'r' },
      { kind: 'failed', reason: 'r', retryAfterMs: 5 },
      { kind: 'failed', reason: 'r', retryAfterMs: -1n },
      { kind: 'failed', reason: 'r', retryAfterMs: 2n ** 64n },
    ];
    const script = results.map((result) => ({ gives: () => foreignAnswer(result) }));
    const rig = new ExecutorRig({ script });
    await rig.runAll([...results.map(() => heat), heat]);
    expect(rig.executor.stats).toMatchObject({ failed: results.length, dispatched: 1 });
    for (const record of rig.actionChain.slice(0, results.length)) {
      expect(record.disposition).toMatchObject({ reason: 'dispatcher returned a malformed result' });
    }
  });

  it('has lone surrogates in its reasons replaced, on ring and chain alike', async () => {
    const rig = new ExecutorRig({ script: [failsWith('a\ud800b'), failsWith('\udc00', 0n)] });
    await rig.runAll([heat, heat], 1);
    expect(rig.actionChain.map((record) => 'reason' in record.disposition && record.disposition.reason)).toEqual([
      'a\ufffdb',
      '\ufffd',
      false,
    ]);
    expect(rig.executor.recentFailures.toArray().map((record) => record.reason)).toEqual(['a\ufffdb', '\ufffd']);
  });
});

describe('a retry hint', () => {
  it('counts from the end of the dispatch', async () => {
    const rig = new ExecutorRig({ script: [{ takesMs: 20, ...failsWith('busy', 50n) }] });
    await rig.runAll([heat], 200);
    expect(rig.effects.filter((effect) => effect.includes('dispatch '))).toEqual(['0 dispatch 1', '70 dispatch 1']);
    expect(rig.actionChain.map((record) => [record.emittedAtMs, record.disposition])).toEqual([
      [1_000_020n, { type: 'failed', reason: 'busy', retryAfterMs: 50n }],
      [1_000_070n, { type: 'dispatched' }],
    ]);
    expect(rig.executor.stats).toMatchObject({ dispatchRetries: 1, deferred: 0, failed: 0, dispatched: 1 });
  });

  it('of 0 is allowed and due at once', async () => {
    const rig = new ExecutorRig({ script: [failsWith('busy', 0n)] });
    await rig.runAll([heat]);
    expect(rig.dispatchedIds()).toEqual(['1', '1']);
  });

  it('of more than 32 bits is waited for in full', async () => {
    const hintMs = 2 ** 32 + 5;
    const rig = new ExecutorRig({ script: [failsWith('busy', BigInt(hintMs))] });
    rig.start();
    rig.send(heat);
    await rig.runtime.until(hintMs - 1);
    expect(rig.dispatchedIds()).toEqual(['1']);
    await rig.runtime.until(hintMs);
    expect(rig.dispatchedIds()).toEqual(['1', '1']);
  });

  it('past all time is kept to the letter on the chain and never comes due', async () => {
    const rig = new ExecutorRig({ script: [failsWith('busy', 2n ** 64n - 1n)] });
    rig.start();
    rig.send(heat);
    await rig.runtime.until(1_000_000);
    expect(rig.ended).toBe('running');
    expect(rig.executor.deferredCount).toBe(1);
    expect(rig.actionChain[0]?.disposition).toMatchObject({ retryAfterMs: 2n ** 64n - 1n });
    expect(rig.dispatchedIds()).toEqual(['1']);
  });

  it('of admission past all time never comes due either', async () => {
    const rig = new ExecutorRig({ config: { stabilizationMs: Number.MAX_SAFE_INTEGER } });
    rig.start();
    await rig.runtime.until(5);
    rig.send(pull(1n), pull(1n));
    await rig.runtime.until(1_000_000);
    expect([rig.ended, rig.executor.deferredCount, rig.dispatchedIds()]).toEqual(['running', 1, ['1']]);
  });

  it('is written down before the action is requeued', async () => {
    const rig = new ExecutorRig({ script: [failsWith('busy', 50n)] });
    await rig.runAll([heat], 10);
    expect(rig.deferredAtAppend[0]).toBe(0);
  });

  it('spends the budget: the action fails when its attempts exceed the maximum', async () => {
    const script = [1, 2, 3].map((n) => failsWith(`busy ${n}`, 10n));
    const rig = new ExecutorRig({ config: { maxDefers: 2 }, script });
    await rig.runAll([heat], 100);
    expect(rig.dispatchedIds()).toEqual(['1', '1', '1']);
    expect(rig.actionChain.at(-1)?.disposition).toEqual({
      type: 'failed',
      reason: 'dispatch retry budget exhausted after 3 attempts',
      retryAfterMs: null,
    });
    expect(rig.executor.stats).toMatchObject({ dispatchRetries: 2, failed: 1 });
  });

  it('shares its budget with defers', async () => {
    const rig = new ExecutorRig({
      config: { maxDefers: 1, pullCooldownMs: 50 },
      script: [{}, failsWith('busy', 10n)],
    });
    await rig.runAll([pull(1n), pull(2n)], 100);
    expect(rig.actionChain.at(-1)).toMatchObject({
      id: 2n,
      disposition: { reason: 'dispatch retry budget exhausted after 2 attempts' },
    });
  });
});

describe('a deferred action', () => {
  it('writes nothing, and comes back when its time counted from admission has passed', async () => {
    const rig = new ExecutorRig({ script: [{ takesMs: 40 }] });
    await rig.runAll([pull(1n), pull(2n)], 249);
    expect(rig.effects).toEqual([
      '0 dispatch 1',
      '40 chain 1 dispatched',
      '249 failure 1 (ring 0)',
      '249 chain 2 failed',
    ]);
    const longer = new ExecutorRig({ script: [{ takesMs: 40 }] });
    await longer.runAll([pull(1n), pull(2n)], 250);
    expect(longer.effects.at(-1)).toBe('250 chain 2 dispatched');
    expect(longer.executor.stats.deferred).toBe(1);
  });

  it('fails when it has been deferred more often than the maximum', async () => {
    const rig = new ExecutorRig({
      config: { maxDefers: 3 },
      admission: saying({ kind: 'defer', retryAfterMs: 5 }),
    });
    await rig.runAll([heat], 100);
    expect(rig.effects).toEqual(['15 failure 1 (ring 0)', '15 chain 1 failed']);
    expect(rig.executor.recentFailures.newest?.reason).toBe('deferred 4 times — exceeds max_defer_count 3');
    expect(rig.executor.stats).toMatchObject({ deferred: 3, failed: 1 });
  });

  it('fails at its first defer where the maximum is 0', async () => {
    const rig = new ExecutorRig({ config: { maxDefers: 0 }, admission: saying({ kind: 'defer', retryAfterMs: 5 }) });
    await rig.runAll([heat], 100);
    expect(rig.executor.recentFailures.newest?.reason).toBe('deferred 1 times — exceeds max_defer_count 0');
  });

  it('is counted in the depth while it waits', async () => {
    const rig = new ExecutorRig({ config: { backpressureOn: 3, backpressureOff: 2, drainRatePerSec: 0 } });
    rig.start();
    rig.send(migrate, migrate);
    await rig.runtime.until(0);
    expect(rig.executor.deferredCount).toBe(2);
    rig.send(heat);
    await rig.runtime.until(0);
    expect(rig.effects).toEqual(['0 asserted', '0 dispatch 3', '0 chain 3 dispatched', '0 released']);
  });
});

describe('what waits on a clock that has run for long', () => {
  it.each([2 ** 31 - 100, 2 ** 32 - 100, 2 ** 40])(
    'comes due in its time, deferred or to be retried: at %i ms',
    async (startMs) => {
      const rig = new ExecutorRig({ script: [{}, failsWith('busy', 50n)] });
      await rig.runtime.until(startMs);
      await rig.runAll([pull(1n), pull(2n)], startMs + 600);
      expect(rig.effects.filter((effect) => effect.includes('dispatch '))).toEqual([
        `${startMs} dispatch 1`,
        `${startMs + 250} dispatch 2`,
        `${startMs + 300} dispatch 2`,
      ]);
      expect(rig.executor.stats).toMatchObject({ deferred: 1, dispatchRetries: 1, dispatched: 2, failed: 0 });
    },
  );
});

describe('a gated action', () => {
  it('is counted, then goes to failure chain, ring and action chain, in that order', async () => {
    const rig = new ExecutorRig();
    rig.admission.gateDaemon({ id: 1n, name: 'a' }, 500);
    await rig.runAll([start]);
    expect(rig.effects).toEqual(['0 failure 1 (ring 0)', '0 chain 1 gated']);
    expect(rig.actionChain[0]?.disposition).toEqual({ type: 'gated', reason: 'daemon-backoff', cooldownMs: 500n });
    expect(rig.executor.stats).toMatchObject({ gated: 1, failed: 0 });
  });

  it('has a cooldown of 0 where the gate is of this instant or past', async () => {
    const rig = new ExecutorRig({ admission: saying({ kind: 'gate', untilMs: -5, reason: 'closed\ud800' }) });
    await rig.runAll([heat]);
    expect(rig.actionChain[0]?.disposition).toEqual({ type: 'gated', reason: 'closed\ufffd', cooldownMs: 0n });
    expect(rig.ring()).toEqual(['1 action-id:1:reduce_heat: gated (closed\ufffd); cooldown 0 ms @1000000']);
  });
});

it('counts action-chain errors one by one and goes on all the same', async () => {
  const rig = new ExecutorRig({ script: [failsWith('busy', 10n)], actionChainFailsOn: [0, 1] });
  await rig.runAll([heat, heat], 50);
  expect(rig.executor.stats).toMatchObject({ chainAppendFailures: 2, dispatched: 2, dispatchRetries: 1 });
  expect(rig.executor.recentFailures.length).toBe(1);
});

it('keeps the newest failures and counts what made room', async () => {
  const rig = new ExecutorRig({ config: { recentFailures: 2 }, script: many(3, () => heat).map(() => failsWith('x')) });
  await rig.runAll([heat, heat, heat]);
  expect(rig.ring().map((entry) => entry.split(' ')[0])).toEqual(['2', '3']);
  expect(rig.executor.recentFailures.evicted).toBe(1);
});

describe('what is ready at the same instant', () => {
  for (const [preferred, order] of [
    ['received', ['1', '2', '3', '4', '1']],
    ['due', ['1', '2', '1', '3', '4']],
  ] as const) {
    it(`goes as the runtime draws: ${preferred} first`, async () => {
      const rig = new ExecutorRig({ script: [failsWith('busy', 10n), { takesMs: 20 }] });
      rig.runtime.preferred = preferred;
      rig.start();
      rig.send(heat, heat);
      await rig.runtime.until(5);
      rig.send(heat, heat);
      await rig.runtime.until(20);
      expect(rig.dispatchedIds()).toEqual(order);
    });
  }
});

describe('by design', () => {
  for (const semantics of [strict, netMesh021]) {
    it(`25 migrations at once end with 5 failed for want of budget (${semantics.name})`, async () => {
      const rig = new ExecutorRig({ semantics });
      await rig.runAll(
        many(25, () => migrate),
        5000,
      );
      expect(rig.executor.stats).toMatchObject({ dispatched: 20, failed: 5 });
    });

    it(`20 pulls on different chains at once end with 3 failed for want of budget (${semantics.name})`, async () => {
      const rig = new ExecutorRig({ semantics });
      await rig.runAll(
        many(20, (index) => pull(BigInt(index))),
        10_000,
      );
      expect(rig.executor.stats).toMatchObject({ dispatched: 17, failed: 3 });
    });
  }
});

it('keeps no chain where it is given none', async () => {
  const runtime = new HandDrivenRuntime();
  const queue = runtime.channel<{ id: bigint; action: MeshOsAction; emittedAtMs: number }>(8);
  const admission = new BackpressureState(DEFAULT_EXECUTOR_CONFIG);
  const dispatcher: Dispatcher = {
    dispatch: async () => ({ kind: 'failed', reason: 'down', retryAfterMs: null }),
    onBackpressure: () => {},
  };
  const executor = new ActionExecutor(runtime, DEFAULT_EXECUTOR_CONFIG, { queue, admission, dispatcher }, strict);
  queue.trySend({ id: 1n, action: heat, emittedAtMs: 0 });
  queue.close();
  const ended = executor.run();
  await runtime.until(0);
  await ended;
  expect(executor.stats).toMatchObject({ failed: 1, chainAppendFailures: 0 });
  expect(executor.recentFailures.toArray()).toMatchObject([{ seq: 1n, reason: 'down' }]);
});

it('end_to_end_executor_buffer_fold_reproduces_failures_on_snapshot', async () => {
  const runtime = new HandDrivenRuntime();
  const queue = runtime.channel<{ id: bigint; action: MeshOsAction; emittedAtMs: number }>(8);
  const actionChain = new BufferingAppender<ActionChainRecord>(4096);
  const executor = new ActionExecutor(
    runtime,
    DEFAULT_EXECUTOR_CONFIG,
    {
      queue,
      admission: new BackpressureState(DEFAULT_EXECUTOR_CONFIG),
      dispatcher: {
        dispatch: async () => ({ kind: 'failed', reason: 'test failure', retryAfterMs: null }),
        onBackpressure: () => {},
      },
      actionChain,
      failureChain: new BufferingAppender<FailureRecord>(4096),
    },
    strict,
  );
  const action: MeshOsAction = { kind: 'commit_maintenance_transition', node: 0n, target: { kind: 'active' } };
  queue.trySend({ id: 99n, action, emittedAtMs: 0 });
  queue.close();
  const ended = executor.run();
  await runtime.until(0);
  await ended;

  expect(actionChain.records()).toMatchObject([{ id: 99n, disposition: { type: 'failed' } }]);
  const encoder = new RecordEncoder(bodyCodec('postcard'));
  const fold = new MeshOsSnapshotFold(new RecordDecoder(bodyCodec('postcard')));
  const snapshot = new MeshOsSnapshot();
  for (const record of actionChain.records()) {
    const bytes = encoder.encode(record);
    if (!bytes.ok) throw bytes.error;
    expect(fold.apply(bytes.value, snapshot)).toBeNull();
  }
  expect(snapshot.recentFailures.length).toBe(1);
  expect(snapshot.recentFailures.at(0)?.reason).toBe('test failure');
  expect(snapshot.recentFailures.toArray()).toEqual(
    executor.recentFailures.toArray().map((failure) => ({ ...failure, seq: 0n })),
  );
});
