/** What `executor.jsonl` holds: the input of a case, and its result; where the order is open, all allowed results. */
import { z } from 'zod';
import { executorConfig } from './executor-config.ts';
import { action, capped, chainRecord, count, daemon, failureRecord, u64, wide } from './shapes.ts';

const change = z.enum(['asserted', 'released']);
const appendOutcome = z.enum(['ok', 'err']);

/** One visible effect: its time, its kind and its action. */
const effect = z.union([
  z.tuple([count, z.literal('dispatch'), count, u64.nullable()]),
  z.tuple([count, z.literal('edge'), change]),
  z.tuple([count, z.literal('failure'), u64, appendOutcome]),
  z.tuple([count, z.literal('chain'), u64, z.enum(['dispatched', 'failed', 'gated']), appendOutcome]),
]);

const stats = z.strictObject({
  dispatched: count,
  failed: count,
  deferred: count,
  gated: count,
  dispatch_retries: count,
  cluster_backpressure_asserts: count,
  cluster_backpressure_releases: count,
  chain_append_failures: count,
});

const result = z
  .strictObject({
    exit: z.enum(['returned', 'panicked']),
    exit_at_ms: count.nullable(),
    dispatch_log: z.array(z.strictObject({ call: count, at_ms: count, id: u64.nullable() })),
    chain_records: z.array(chainRecord),
    chain_append_calls: count,
    ring: z.array(failureRecord),
    failure_chain: z.union([z.array(failureRecord), z.literal('same_as_ring')]),
    stats,
    backpressure_edges: z.array(z.strictObject({ at_ms: count, change })),
    lost_ids: z.array(u64),
    rejected_ids: z.array(u64).default([]),
    fold_ring: z.array(failureRecord).optional(),
    /** How the recording went. Says nothing about the executor. */
    sender_waited: z.boolean().optional(),
    trace: z.array(effect),
  })
  .transform(({ sender_waited: _, ...recorded }) => ({
    ...recorded,
    failure_chain: recorded.failure_chain === 'same_as_ring' ? recorded.ring : recorded.failure_chain,
  }));

const latency = { latency_ms: count.default(0) };

const scripted = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('ok'), ...latency }),
  z.strictObject({ outcome: z.literal('drop'), reason: z.string(), ...latency }),
  z.strictObject({ outcome: z.literal('retry'), reason: z.string(), after_ms: u64, ...latency }),
  z.strictObject({ outcome: z.literal('panic'), ...latency }),
  z.strictObject({ outcome: z.literal('panic_sync'), ...latency }),
]);

const numbers = z.array(count).default([]);

export const executorVector = z
  .strictObject({
    name: z.string(),
    theme: z.string(),
    note: z.string().optional(),
    config: executorConfig,
    channel_capacity: capped,
    on_full: z.enum(['reject', 'wait']),
    sends: z.array(z.strictObject({ at_ms: count, id: u64, action })),
    close_at_ms: count,
    dispatch_script: z.array(scripted),
    chain_appender_fail_on: numbers,
    failure_appender_fail_on: numbers,
    edge_hook_panic_on: numbers,
    daemon_gates_preloaded: z.array(z.strictObject({ daemon, until_ms: wide })).default([]),
    expected: result.optional(),
    allowed: z.array(result).nonempty().optional(),
  })
  .refine(({ expected, allowed }) => (expected === undefined) !== (allowed === undefined), {
    message: 'a case has either one expected result or a list of allowed ones',
  });

export type ExecutorVector = z.output<typeof executorVector>;
export type ExecutorResult = z.output<typeof result>;
export type Effect = z.output<typeof effect>;
