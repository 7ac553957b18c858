/**
 * What a mesh scenario file may say: the types of `scenario.ts` as zod schemas, with ranges. They are in a module of their
 * own that is imported only when a file is read, so that a run from a seed does not pay for loading zod.
 *
 * Objects are strict, so a misspelt field is an error and not a default. A u64 may be written as an integer or, above 2^53,
 * as a decimal string. What concerns a whole scenario (existing nodes, unique keys) is checked elsewhere.
 */
import { z } from 'zod';
import { syncSlow } from '../../sim/faults/disk/sync-slow.ts';
import { schemasOf } from '../../sim/faults/kind.ts';
import { LINK_KINDS } from '../../sim/faults/link/links.ts';
import { MACHINE_KINDS } from '../../sim/faults/machine/machines.ts';
import { COUNT_MAX, faultParts, whole } from '../../sim/faults/parts.ts';
import type { WorldSchemas } from '../../sim/world.ts';
import { MESH_EVENTS } from '../event-catalogue.ts';
import { checkMeshScenario } from './check.ts';
import { MESH_EXAMPLE } from './example.ts';

const NODES_MAX = 5;
const BACKENDS_MAX = 8;
const U64_MAX = 18_446_744_073_709_551_615n;
/** Half of what a u64 holds, so that no jump leaves that range. */
const EPOCH_MS_MAX = 9_223_372_036_854_775_808n;

const u64 = z
  .union(
    [
      z.bigint(),
      z.int().transform((value) => BigInt(value)),
      z
        .string()
        .regex(/^[0-9]{1,20}$/)
        .transform((digits) => BigInt(digits)),
    ],
    { error: 'expected an id: a whole number from 0 up, above 2^53 as a string of decimal digits' },
  )
  .refine((value) => value >= 0n && value <= U64_MAX, { error: 'expected an id from 0 to 2^64 - 1' });

const parts = faultParts(Object.keys(MESH_EVENTS), NODES_MAX);
const { key, time, lengthMs, lastsMs, node: nodeNumber, percent, lasting, atNode, link, onNode: faultOnNode } = parts;
const count = whole(0, COUNT_MAX, 'a count');
const queueLength = whole(1, COUNT_MAX, 'how many items fit');
const ringCapacity = whole(0, COUNT_MAX, 'how many entries are kept (0 is taken as 1)');
const instant = whole(0, Number.MAX_SAFE_INTEGER, 'a point in time in milliseconds');

/** Text that goes into records, which have no lone surrogates. */
const text = z.string().refine((value) => value.isWellFormed(), { error: 'expected text without lone surrogates' });
/** Text from a foreign dispatcher. It may be ill-formed; the executor has to cope. */
const foreignText = z.string();
const backendName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}$/, { error: "expected a backend's name, such as b1" })
  .describe('The name of a backend; those registered at the start are b1, b2, …');

const epoch = z
  .union([
    whole(0, Number.MAX_SAFE_INTEGER, 'unix milliseconds of virtual time 0'),
    z.bigint(),
    z
      .string()
      .regex(/^[0-9]{1,19}$/)
      .transform((digits) => BigInt(digits)),
  ])
  .refine((value) => value >= 0 && value <= EPOCH_MS_MAX, { error: 'expected milliseconds from 0 to 2^63' })
  .describe('Unix milliseconds of virtual time 0; above 2^53 as a text');

const rangeMs = z
  .strictObject({ minMs: lengthMs, maxMs: lengthMs })
  .refine((range) => range.minMs <= range.maxMs, { error: 'expected minMs to be at most maxMs', path: ['minMs'] })
  .describe('A closed range of milliseconds to draw from');

export const config = z
  .strictObject({
    nodes: whole(1, NODES_MAX, 'how many nodes there are'),
    codecs: z.array(z.enum(['msgpack', 'postcard'])).describe("Body codec of each node's action chain, node 1 first"),
    inboxCapacity: queueLength,
    queueCapacity: queueLength,
    pullCooldownMs: lengthMs.describe('Least time between two admitted pulls'),
    drainRatePerSec: count.describe('Admitted migrations per second'),
    stabilizationMs: lengthMs.describe('How long a chain is left alone after a pull or a drop'),
    backpressureOn: count.describe('Backpressure is asserted at this depth or above'),
    backpressureOff: count.describe(
      'Backpressure is released at this depth or below; strict wants it below the on mark',
    ),
    maxDefers: whole(0, 1000, 'how many defers and retries an action may have'),
    recentFailures: ringCapacity,
    logRing: ringCapacity,
    auditRing: ringCapacity,
    failureChain: ringCapacity,
    logChain: ringCapacity,
    auditChain: ringCapacity,
    dispatch: rangeMs.describe('How long an undisturbed dispatch takes'),
    network: rangeMs.describe('How long an undisturbed message takes'),
    sync: rangeMs.describe('How long an undisturbed sync takes'),
    syncEveryMs: lengthMs.describe('How often unsynced entries are synced; 0 = within every append'),
    reRequestMs: lastsMs.describe('How long an unanswered request for entries waits before it is repeated'),
    broadcastTimeoutMs: lengthMs.describe('How long a backend has to answer a broadcast; 0 is taken as 1'),
    answer: rangeMs.describe('How long an undisturbed backend takes to answer'),
    backends: whole(0, BACKENDS_MAX, 'how many backends each node registers at its first start'),
    inboundCapacity: queueLength.optional().describe('How many messages wait for a node; absent: 4096'),
    earlyEntriesMax: whole(1, COUNT_MAX, 'how far ahead of its turn an entry may come and be kept')
      .optional()
      .describe('How far ahead of its turn an entry of a copy may come and be kept; absent: 4096'),
    waitingBroadcastsMax: queueLength.optional().describe('How many broadcasts wait for their turn; absent: 1024'),
    epochMs: epoch,
  })
  .refine((value) => value.codecs.length === value.nodes, {
    error: 'expected one codec a node',
    path: ['codecs'],
  })
  .describe('The shape of the cluster');

const daemon = z.strictObject({ id: u64, name: text }).describe('A daemon; two are the same only if both fields are');

const transition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('entering_maintenance') }),
  z.strictObject({ kind: z.literal('maintenance') }),
  z.strictObject({ kind: z.literal('exiting_maintenance') }),
  z.strictObject({ kind: z.literal('drain_failed'), reason: text }),
  z.strictObject({ kind: z.literal('recovery') }),
  z.strictObject({ kind: z.literal('active') }),
]);

const action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('start_daemon'), daemon }),
  z.strictObject({ kind: z.literal('stop_daemon'), daemon, reason: text, deadlineMs: instant }),
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
  z.strictObject({ kind: z.literal('reduce_heat'), blob: u64, by: count }),
  z.strictObject({ kind: z.literal('mark_avoid'), peer: u64, reason: text, ttlMs: instant }),
  z.strictObject({ kind: z.literal('apply_backoff'), daemon, untilMs: instant }),
  z.strictObject({ kind: z.literal('commit_maintenance_transition'), node: u64, target: transition }),
]);

const onNode = { key, at: time, node: nodeNumber };

export const operation = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...onNode, kind: z.literal('submit'), action }),
    z.strictObject({ ...onNode, kind: z.literal('gate-daemon'), daemon, forMs: lengthMs }),
    z.strictObject({
      ...onNode,
      kind: z.literal('log'),
      level: z.enum(['trace', 'debug', 'info', 'warn', 'error']),
      daemonId: u64.nullable(),
      message: text,
    }),
    z.strictObject({
      ...onNode,
      kind: z.literal('admin'),
      operator: text,
      operation: text,
      outcome: z.enum(['accepted', 'rejected']),
    }),
    z.strictObject({
      ...onNode,
      kind: z.literal('broadcast'),
      operation: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('release_handles'), pathPrefix: text }),
        z.strictObject({
          kind: z.literal('quiesce'),
          reason: z.enum(['idle_timeout', 'broker_shutdown', 'maintenance']),
        }),
      ]),
    }),
    z.strictObject({ ...onNode, kind: z.literal('register-backend'), backend: backendName, live: z.boolean() }),
    z.strictObject({ ...onNode, kind: z.literal('set-backend-live'), backend: backendName, live: z.boolean() }),
    z.strictObject({ ...onNode, kind: z.literal('close-queue') }),
  ])
  .describe('Something asked of a node');

const dispatchTarget = z
  .union(
    [
      z.strictObject({
        op: z.string().min(1),
        attempt: whole(1, COUNT_MAX, 'the first attempt struck, from 1'),
        times: whole(1, COUNT_MAX, 'how many attempts are struck'),
      }),
      z.strictObject({ node: nodeNumber, percent }),
    ],
    {
      error:
        'expected { op, attempt, times } for the attempts of one operation, or { node, percent } for a share of all',
    },
  )
  .describe('Which dispatches are struck');

const atBackend = { ...atNode, backend: backendName };
const damage = z.enum(['flip', 'burst', 'truncate', 'trailing']);

export const fault = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...lasting, kind: z.literal('dispatch-error'), target: dispatchTarget, reason: foreignText }),
    z.strictObject({
      ...lasting,
      kind: z.literal('dispatch-retry'),
      target: dispatchTarget,
      reason: foreignText,
      hintMs: lengthMs,
    }),
    z.strictObject({
      ...lasting,
      kind: z.literal('dispatch-panic'),
      target: dispatchTarget,
      how: z.enum(['rejects', 'throws']),
    }),
    z.strictObject({ ...lasting, kind: z.literal('dispatch-slow'), target: dispatchTarget, extraMs: lengthMs }),
    z.strictObject({ ...atNode, kind: z.literal('hook-throw') }),
    z.strictObject({
      ...atNode,
      kind: z.literal('append-error'),
      chain: z.enum(['action', 'failure', 'log', 'admin-audit']),
      percent,
    }),
    syncSlow.schema(parts),
    z.strictObject({
      ...atNode,
      kind: z.literal('wire-version'),
      side: z.enum(['writer', 'reader', 'both']),
      version: whole(0, 255, 'a version byte').refine((version) => version !== 1, {
        error: 'expected another version than 1, which is the one everybody speaks',
      }),
    }),
    z.discriminatedUnion('where', [
      z.strictObject({ ...link, kind: z.literal('wire-damage'), where: z.literal('transit'), damage }),
      z.strictObject({ ...atNode, kind: z.literal('wire-damage'), where: z.literal('append'), damage, percent }),
      z.strictObject({ ...atNode, kind: z.literal('wire-damage'), where: z.literal('decoder'), damage, percent }),
    ]),
    ...schemasOf(LINK_KINDS, parts),
    ...schemasOf(MACHINE_KINDS, parts),
    z.strictObject({
      ...faultOnNode,
      kind: z.literal('queue-burst'),
      actions: z.array(action).min(1, { error: 'expected at least one action' }),
    }),
    z.strictObject({ ...faultOnNode, kind: z.literal('queue-close') }),
    z.strictObject({ ...atBackend, kind: z.literal('backend-dead') }),
    z.strictObject({ ...atBackend, kind: z.literal('backend-slow'), delayMs: lengthMs }),
    z.strictObject({
      ...atBackend,
      kind: z.literal('backend-fail'),
      reason: z.enum(['unsupported_operation', 'rejected', 'backend_error']),
    }),
    z.strictObject({ ...faultOnNode, kind: z.literal('backend-replace'), backend: backendName }),
  ])
  .describe('Something that goes wrong');

export const meshSchemas: WorldSchemas = {
  config,
  operation,
  fault,
  check: checkMeshScenario,
  example: MESH_EXAMPLE,
};
