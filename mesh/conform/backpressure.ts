/** Checks `backpressure.jsonl`: what admission answers to one operation after another. */
import { z } from 'zod';
import { BackpressureState } from '../../src/executor/admission.ts';
import type { AdmitDecision } from '../../src/executor/ports.ts';
import { netMesh021 } from '../../src/executor/semantics.ts';
import { checkerOf, firstDifference } from './checker.ts';
import { executorConfig } from './executor-config.ts';
import { action, daemon, u64, wide } from './shapes.ts';

const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('admit'), at_ms: wide, id: u64, action }),
  z.strictObject({ op: z.literal('release_failed_admit'), at_ms: wide, id: u64, action }),
  z.strictObject({ op: z.literal('tick'), at_ms: wide }),
  z.strictObject({ op: z.literal('update_cluster_backpressure'), at_ms: wide, queue_depth: wide }),
  z.strictObject({ op: z.literal('record_daemon_gate'), at_ms: wide, daemon, until_ms: wide }),
]);

const result = z.union([
  z.null(),
  z.strictObject({ result: z.literal('admit') }),
  z.strictObject({ result: z.literal('defer'), retry_after_ms: wide }),
  z.strictObject({ result: z.literal('gate'), cooldown_until_ms: wide, reason: z.string() }),
  z.strictObject({
    change: z.enum(['steady', 'asserted', 'released']),
    queue_depth: wide,
    cluster_backpressure: z.boolean(),
  }),
]);

const vector = z.strictObject({
  name: z.string(),
  config: executorConfig,
  ops: z.array(operation),
  results: z.array(result),
});

type Operation = z.output<typeof operation>;
type Result = z.output<typeof result>;

export const checkBackpressure = checkerOf(vector, ({ config, ops, results }) => {
  const state = new BackpressureState(config, netMesh021);
  return firstDifference(
    results,
    ops.map((op) => perform(op, state)),
    'results',
  );
});

function perform(op: Operation, state: BackpressureState): Result {
  switch (op.op) {
    case 'admit':
      return asRecorded(state.admit(op.id, op.action, op.at_ms));
    case 'release_failed_admit':
      state.releaseFailedAdmit(op.id, op.action);
      return null;
    case 'tick':
      state.tick(op.at_ms);
      return null;
    case 'update_cluster_backpressure': {
      const change = state.updateQueueDepth(op.queue_depth);
      return { change, queue_depth: state.queueDepth, cluster_backpressure: state.asserted };
    }
    case 'record_daemon_gate':
      state.gateDaemon(op.daemon, op.until_ms);
      return null;
  }
}

function asRecorded(decision: AdmitDecision): Result {
  switch (decision.kind) {
    case 'admit':
      return { result: 'admit' };
    case 'defer':
      return { result: 'defer', retry_after_ms: decision.retryAfterMs };
    case 'gate':
      return { result: 'gate', cooldown_until_ms: decision.untilMs, reason: decision.reason };
  }
}
