/**
 * The shapes that several vector files share, read into the control plane's own types: u64s (a number, or a decimal string
 * above 2^53), bytes, daemons, actions, chain and failure records.
 */
import { z } from 'zod';
import type { DaemonRef, MaintenanceTransition, MeshOsAction } from '../../src/action/action.ts';
import type { ActionChainRecord, ActionDisposition, FailureRecord } from '../../src/chain/records.ts';
import { millis, U64_MAX } from '../../src/executor/millis.ts';

/** A whole number that a JSON number holds exactly. Vectors write numbers up to and including 2^53 so. */
const exactNumber = z.number().refine((value) => Number.isInteger(value) && value >= 0 && value <= 9007199254740992);

/** A u64 in the form of the vectors. */
export const u64 = z
  .union([exactNumber, z.string().regex(/^[0-9]{1,20}$/)])
  .transform((value) => BigInt(value))
  .refine((value) => value <= U64_MAX, 'above 2^64 - 1');

/** A u64 that the control plane takes as a number or, above 2^53 - 1, as a bigint: limits, times and lengths. */
export const wide = u64.transform((value) => millis(value));

/** What the control plane keeps as a number. No recorded case has one beyond 2^53 - 1. */
export const count = u64
  .refine((value) => value <= BigInt(Number.MAX_SAFE_INTEGER), 'above 2^53 - 1')
  .transform((value) => Number(value));

/**
 * A capacity, or a number that only stands in an action. No run can tell values apart that are larger than what a number
 * can count.
 */
export const capped = u64.transform((value) => Math.min(Number(value), Number.MAX_SAFE_INTEGER));

/** Bytes as lowercase hex. */
export const bytes = z
  .string()
  .regex(/^[0-9a-f]*$/)
  .refine((hex) => hex.length % 2 === 0, 'half a byte')
  .transform((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));

export const daemon: z.ZodType<DaemonRef> = z.strictObject({ id: u64, name: z.string() });

const transitionKind = z.enum([
  'entering_maintenance',
  'maintenance',
  'exiting_maintenance',
  'drain_failed',
  'recovery',
  'active',
]);

/** An action in the form of the vectors: flat, in snake case. */
export const action: z.ZodType<MeshOsAction> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start_daemon'), daemon }),
  z
    .strictObject({ kind: z.literal('stop_daemon'), daemon, reason: z.string(), deadline_ms: capped })
    .transform(({ deadline_ms: deadlineMs, ...rest }) => ({ ...rest, deadlineMs })),
  z.strictObject({ kind: z.literal('pull_replica'), chain: u64, source: u64 }),
  z.strictObject({ kind: z.literal('drop_replica'), chain: u64 }),
  z.strictObject({
    kind: z.literal('request_placement'),
    chain: u64,
    exclude: z.array(u64),
    target: u64.nullable(),
  }),
  z.strictObject({ kind: z.literal('request_eviction'), chain: u64, victim: u64 }),
  z.strictObject({ kind: z.literal('migrate_blob'), blob: u64, from: u64, to: u64 }),
  z.strictObject({ kind: z.literal('reduce_heat'), blob: u64, by: capped }),
  z
    .strictObject({ kind: z.literal('mark_avoid'), peer: u64, reason: z.string(), ttl_ms: capped })
    .transform(({ ttl_ms: ttlMs, ...rest }) => ({ ...rest, ttlMs })),
  z
    .strictObject({ kind: z.literal('apply_backoff'), daemon, until_ms: capped })
    .transform(({ until_ms: untilMs, ...rest }) => ({ ...rest, untilMs })),
  z
    .strictObject({
      kind: z.literal('commit_maintenance_transition'),
      node: u64,
      target: transitionKind,
      drain_failed_reason: z.string().optional(),
    })
    .transform(({ kind, node, target, drain_failed_reason: reason }) => ({
      kind,
      node,
      target: transition(target, reason),
    })),
]);

function transition(kind: z.output<typeof transitionKind>, reason = ''): MaintenanceTransition {
  return kind === 'drain_failed' ? { kind, reason } : { kind };
}

const disposition: z.ZodType<ActionDisposition> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('dispatched') }),
  z
    .strictObject({ type: z.literal('failed'), reason: z.string(), retry_after_ms: u64.nullable() })
    .transform(({ type, reason, retry_after_ms: retryAfterMs }) => ({ type, reason, retryAfterMs })),
  z
    .strictObject({ type: z.literal('gated'), reason: z.string(), cooldown_ms: u64.nullable() })
    .transform(({ type, reason, cooldown_ms: cooldownMs }) => ({ type, reason, cooldownMs })),
]);

/** One entry of the action chain. */
export const chainRecord: z.ZodType<ActionChainRecord> = z
  .strictObject({ id: u64, kind: z.string(), emitted_at_ms: u64, disposition })
  .transform(({ id, kind, emitted_at_ms: emittedAtMs, disposition: became }) => ({
    id,
    kind,
    emittedAtMs,
    disposition: became,
  }));

/** One entry of a failure chain or of a ring of recent failures. */
export const failureRecord: z.ZodType<FailureRecord> = z
  .strictObject({ seq: u64, source: z.string(), reason: z.string(), recorded_at_ms: u64 })
  .transform(({ seq, source, reason, recorded_at_ms: recordedAtMs }) => ({ seq, source, reason, recordedAtMs }));
