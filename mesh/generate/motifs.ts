/**
 * The patterns that a workload is made of. Single operations at random times seldom reach a bound. Each pattern aims at
 * one: more migrations than the drain rate, pulls on one chain within its window, a gate that opens exactly when its
 * daemon's action comes up, a backend that is replaced while a broadcast waits for it.
 */

import { drawLengthMs } from '../../sim/faults/swarm.ts';
import type { Stream, Weighted } from '../../sim/kernel/choices/streams.ts';
import type { ActionKind } from '../../src/action/action.ts';
import type { AdminOutcome, LogLevel } from '../../src/chain/records.ts';
import type { MeshConfig, MeshOperation } from '../scenario/scenario.ts';
import { actionOf, daemonAction, drawAction } from './actions.ts';
import { PATHS, TEXTS, type Vocabulary } from './vocabulary.ts';

/** An operation without a key. */
export interface OperationDraft {
  readonly at: number;
  readonly operation: MeshOperation;
}

/** What patterns draw from and write to. */
export interface Draft {
  readonly stream: Stream;
  readonly config: MeshConfig;
  readonly vocabulary: Vocabulary;
  readonly leaning: readonly ActionKind[];
  readonly windowMaxMs: number;
  readonly operations: OperationDraft[];
}

export type Motif = (draft: Draft, at: number, node: number) => void;

/** How long the node loop collects actions. */
const HAND_OVER_MS = 500;
/** The longest flood, whatever the capacity that it is to exceed. */
const FLOOD_MAX = 40;

/** When an action submitted at `at` reaches the executor, on a node that has not been restarted. */
export function handOverAfter(at: number): number {
  return (Math.floor(at / HAND_OVER_MS) + 1) * HAND_OVER_MS;
}

/** Enough to exceed `capacity` by a few, or a handful where that would take too many. */
export function drawFlood(stream: Stream, capacity: number): number {
  return capacity < FLOOD_MAX && stream.int(1, 3) > 1 ? capacity + stream.int(0, 4) : stream.int(1, 8);
}

function submit(draft: Draft, at: number, node: number, kind: ActionKind): void {
  draft.operations.push({
    at,
    operation: { kind: 'submit', node, action: actionOf(draft.stream, kind, draft.vocabulary, at) },
  });
}

/** One action of any kind. */
function one(draft: Draft, at: number, node: number): void {
  const action = drawAction(draft.stream, draft.leaning, draft.vocabulary, at);
  draft.operations.push({ at, operation: { kind: 'submit', node, action } });
}

/** Several actions of any kind in one instant. */
function crowd(draft: Draft, at: number, node: number): void {
  for (let count = draft.stream.int(2, 12); count > 0; count -= 1) one(draft, at, node);
}

/** Pulls, and some drops, that meet each other's cooldown and windows. */
function pulls(draft: Draft, at: number, node: number): void {
  const { stream } = draft;
  const spreadMs = stream.pick([0, 0, 10, 600]);
  for (let count = stream.int(2, 7); count > 0; count -= 1) {
    submit(draft, at + stream.int(0, spreadMs), node, stream.int(1, 4) === 1 ? 'drop_replica' : 'pull_replica');
  }
}

/** More migrations in one instant than may start within a second. */
function migrations(draft: Draft, at: number, node: number): void {
  const count = Math.min(draft.config.drainRatePerSec, 12) + draft.stream.int(1, 5);
  for (let index = 0; index < count; index += 1) submit(draft, at, node, 'migrate_blob');
}

const GATED_KINDS = ['start_daemon', 'stop_daemon', 'apply_backoff'] as const;

/**
 * A gate, perhaps with another one over it, and actions on its daemon. Some of them come up just as it opens, or a moment
 * before or after.
 */
function gate(draft: Draft, at: number, node: number): void {
  const { stream, vocabulary, operations } = draft;
  const daemon = stream.pick(vocabulary.daemons);
  const handOver = handOverAfter(at) + stream.int(0, 1) * HAND_OVER_MS + stream.pick([-1, 0, 0, 1]);
  const forMs = stream.int(1, 2) === 1 ? Math.max(0, handOver - at) : drawLengthMs(stream, draft.windowMaxMs);
  operations.push({ at, operation: { kind: 'gate-daemon', node, daemon, forMs } });
  for (let count = stream.int(1, 4); count > 0; count -= 1) {
    const when = at + stream.int(0, Math.min(forMs, 1000));
    const action = daemonAction(stream, stream.pick(GATED_KINDS), daemon, when);
    operations.push({ at: when, operation: { kind: 'submit', node, action } });
  }
  if (stream.int(1, 3) === 1) {
    const again = stream.pick([0, 1, Math.floor(forMs / 2), Math.min(draft.windowMaxMs, forMs + 200)]);
    operations.push({
      at: at + stream.int(0, Math.min(forMs, 400)),
      operation: { kind: 'gate-daemon', node, daemon, forMs: again },
    });
  }
}

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** Log lines, mostly more than the ring holds, mostly in one instant. */
function logs(draft: Draft, at: number, node: number): void {
  const { stream, config, vocabulary, operations } = draft;
  const spreadMs = stream.pick([0, 0, 30, 500]);
  for (let count = drawFlood(stream, config.logRing); count > 0; count -= 1) {
    const daemonId = stream.int(1, 2) === 1 ? null : stream.pick(vocabulary.daemons).id;
    operations.push({
      at: at + stream.int(0, spreadMs),
      operation: { kind: 'log', node, level: stream.pick(LEVELS), daemonId, message: stream.pick(TEXTS) },
    });
  }
}

const OUTCOMES: readonly AdminOutcome[] = ['accepted', 'rejected'];

/** Admin operations, mostly more than the ring holds. */
function admins(draft: Draft, at: number, node: number): void {
  const { stream, config, operations } = draft;
  const spreadMs = stream.pick([0, 30, 500]);
  for (let count = drawFlood(stream, config.auditRing); count > 0; count -= 1) {
    operations.push({
      at: at + stream.int(0, spreadMs),
      operation: {
        kind: 'admin',
        node,
        operator: stream.pick(TEXTS),
        operation: stream.pick(TEXTS),
        outcome: stream.pick(OUTCOMES),
      },
    });
  }
}

/** Broadcasts that overlap, and backends that die, revive, come or are replaced while they run or wait. */
function broadcasts(draft: Draft, at: number, node: number): void {
  const { stream, config } = draft;
  const spanMs = Math.min(600, config.broadcastTimeoutMs + 5);
  for (let count = stream.int(1, 3); count > 0; count -= 1) {
    const when = stream.int(1, 2) === 1 ? at : at + stream.int(0, spanMs);
    broadcast(draft, when, node);
  }
  for (let count = stream.int(0, 4); count > 0; count -= 1) churn(draft, at + stream.int(0, spanMs), node);
}

function broadcast({ stream, operations }: Draft, at: number, node: number): void {
  const releases = stream.int(1, 2) === 1;
  operations.push({
    at,
    operation: {
      kind: 'broadcast',
      node,
      operation: releases
        ? { kind: 'release_handles', pathPrefix: stream.pick(PATHS) }
        : { kind: 'quiesce', reason: stream.pick(['idle_timeout', 'broker_shutdown', 'maintenance']) },
    },
  });
}

/** A backend dies, revives, is registered over another one, or is registered anew. */
function churn({ stream, vocabulary, operations }: Draft, at: number, node: number): void {
  const backend = stream.pick(vocabulary.backendNames);
  const kind = stream.int(1, 2) === 1 ? 'register-backend' : 'set-backend-live';
  const live = stream.int(1, 3) > 1;
  operations.push({ at, operation: { kind, node, backend, live } });
  // A backend that lives again before its broadcast is over still counts as one that died in flight.
  if (!live && stream.int(1, 2) === 1) {
    operations.push({ at: at + stream.int(0, 50), operation: { kind: 'set-backend-live', node, backend, live: true } });
  }
}

/** Each pattern with its weight. Log and audit records are cheap and many, and must not crowd out the actions. */
export const MOTIFS: readonly Weighted<Motif>[] = [
  [one, 4],
  [crowd, 3],
  [pulls, 3],
  [migrations, 2],
  [gate, 3],
  [logs, 1],
  [admins, 1],
  [broadcasts, 3],
];

/** Closes the executor's queue while actions will still be deferred, so that some are deferred when it ends. */
export function closing(draft: Draft, at: number, node: number): void {
  const { stream, operations } = draft;
  if (stream.int(1, 2) === 1) migrations(draft, at, node);
  else pulls(draft, at, node);
  operations.push({ at: handOverAfter(at) + stream.int(0, 99), operation: { kind: 'close-queue', node } });
}
