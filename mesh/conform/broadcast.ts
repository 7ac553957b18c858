/** Checks `broadcast.jsonl`: a script of registrations and broadcasts on the model, and what each step gave. */
import { z } from 'zod';
import {
  type BackendKey,
  type BroadcastBackend,
  deadBackend,
  liveBackend,
  sameBackendKey,
} from '../../src/broadcast/backend.ts';
import { LifecycleBroadcastModel } from '../../src/broadcast/model.ts';
import type { BackendResponse, BroadcastOperation } from '../../src/broadcast/operation.ts';
import type { BroadcastResult } from '../../src/broadcast/operation-result.ts';
import { broadcastPolicy } from '../../src/broadcast/policy.ts';
import { checkerOf, firstDifference } from './checker.ts';
import { count, u64 } from './shapes.ts';

const instance = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('shared') }).transform(() => ({ kind: 'shared' as const })),
  z
    .strictObject({ type: z.literal('private'), service_name: z.string() })
    .transform(({ service_name: serviceName }) => ({ kind: 'private' as const, serviceName })),
  z
    .strictObject({ type: z.literal('explicit'), name: z.string() })
    .transform(({ name }) => ({ kind: 'explicit' as const, name })),
]);

const key: z.ZodType<BackendKey> = z
  .strictObject({ instance, service_name: z.string(), service_version: z.string() })
  .transform((raw) => ({
    instance: raw.instance,
    serviceName: raw.service_name,
    serviceVersion: raw.service_version,
  }));

const quiesceReason = z.enum(['idle_timeout', 'broker_shutdown', 'maintenance']);
const failureReason = z.enum(['unsupported_operation', 'rejected', 'backend_error']);

const operation: z.ZodType<BroadcastOperation> = z.discriminatedUnion('type', [
  z
    .strictObject({ type: z.literal('release_handles'), path_prefix: z.string() })
    .transform(({ type: kind, path_prefix: pathPrefix }) => ({ kind, pathPrefix })),
  z
    .strictObject({ type: z.literal('quiesce'), reason: quiesceReason })
    .transform(({ type: kind, reason }) => ({ kind, reason })),
]);

const response: z.ZodType<BackendResponse> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ack') }).transform(({ type: kind }) => ({ kind })),
  z.strictObject({ type: z.literal('timeout') }).transform(({ type: kind }) => ({ kind })),
  z
    .strictObject({ type: z.literal('failure'), reason: failureReason })
    .transform(({ type: kind, reason }) => ({ kind, reason })),
]);

/** A backend in the form of the vectors: all but its script. */
const backend = z
  .strictObject({ key, live: z.boolean(), received_operations: z.array(operation) })
  .transform((raw) => ({ key: raw.key, live: raw.live, received: raw.received_operations }));

const step = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('register_backend'),
    key,
    built: z.enum(['live', 'dead']),
    response: response.optional(),
    then_set_live: z.boolean().optional(),
  }),
  z.strictObject({ op: z.literal('clone_set_live_reregister'), key, live: z.boolean() }),
  z.strictObject({ op: z.literal('release_handles_under_path'), path_prefix: z.string() }),
  z.strictObject({ op: z.literal('quiesce'), reason: quiesceReason }),
  z.strictObject({ op: z.literal('backend'), key }),
]);

const broadcastResult: z.ZodType<BroadcastResult> = z
  .strictObject({
    operation,
    acks: z.array(key),
    timeouts: z.array(z.strictObject({ key, timeout_ms: u64 })),
    failures: z.array(z.strictObject({ key, reason: failureReason })),
    skipped_dead: z.array(key),
    sent_count: count,
    all_live_backends_acked: z.boolean(),
  })
  .transform((raw) => ({
    operation: raw.operation,
    acks: raw.acks,
    timeouts: raw.timeouts.map(({ key: late, timeout_ms: timeoutMs }) => ({ key: late, timeoutMs })),
    failures: raw.failures,
    skippedDead: raw.skipped_dead,
    sentCount: raw.sent_count,
    allLiveBackendsAcked: raw.all_live_backends_acked,
  }));

const stepResult = z.union([
  z.strictObject({ replaced: backend.nullable() }),
  z.strictObject({ replaced: backend.nullable(), found: z.boolean() }),
  z.strictObject({ backend: backend.nullable() }),
  broadcastResult,
]);

const vector = z.strictObject({
  name: z.string(),
  ack_timeout_ms: u64.nullable(),
  ops: z.array(step),
  results: z.array(stepResult),
  final_backends: z.array(backend),
});

type Step = z.output<typeof step>;

export const checkBroadcast = checkerOf(vector, (recorded) => {
  const model = new LifecycleBroadcastModel(broadcastPolicy(recorded.ack_timeout_ms ?? undefined));
  const results = recorded.ops.map((one) => take(model, one));
  return (
    firstDifference(recorded.results, results, 'results') ??
    firstDifference(recorded.final_backends, model.backends().map(told), 'final_backends')
  );
});

function take(model: LifecycleBroadcastModel, one: Step): z.output<typeof stepResult> {
  switch (one.op) {
    case 'register_backend': {
      const built = one.built === 'live' ? liveBackend(one.key, one.response) : deadBackend(one.key, one.response);
      return { replaced: toldOrNull(model.register({ ...built, live: one.then_set_live ?? built.live })) };
    }
    case 'clone_set_live_reregister': {
      const found = model.backends().find((candidate) => sameBackendKey(candidate.key, one.key));
      if (found === undefined) return { replaced: null, found: false };
      return { replaced: toldOrNull(model.register({ ...found, live: one.live })), found: true };
    }
    case 'release_handles_under_path':
      return model.releaseHandlesUnderPath(one.path_prefix);
    case 'quiesce':
      return model.quiesce(one.reason);
    case 'backend':
      return { backend: toldOrNull(model.backend(one.key)) };
  }
}

/** A copy, because later steps must not change what a result says. */
function told({ key: named, live, received }: BroadcastBackend): z.output<typeof backend> {
  return { key: named, live, received: [...received] };
}

function toldOrNull(one: BroadcastBackend | null): z.output<typeof backend> | null {
  return one === null ? null : told(one);
}
