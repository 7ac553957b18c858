/**
 * Draws actions. Each run prefers some of the eleven kinds, because windows and rates are only reached when many actions of
 * one kind come together.
 */

import type { Stream } from '../../sim/kernel/choices/streams.ts';
import type { ActionKind, DaemonRef, MaintenanceTransition, MeshOsAction } from '../../src/action/action.ts';
import { TEXTS, type Vocabulary } from './vocabulary.ts';

export const ACTION_KINDS: readonly ActionKind[] = [
  'start_daemon',
  'stop_daemon',
  'pull_replica',
  'drop_replica',
  'request_placement',
  'request_eviction',
  'migrate_blob',
  'reduce_heat',
  'mark_avoid',
  'apply_backoff',
  'commit_maintenance_transition',
];

/** How often a kind stands in the list that a run draws from. */
const LEANINGS: readonly number[] = [1, 1, 2, 5];

/** The kinds of action of a run, each as often as the run prefers it. */
export function drawLeaning(stream: Stream): ActionKind[] {
  const leaning: ActionKind[] = [];
  for (const kind of ACTION_KINDS) {
    for (let times = stream.pick(LEANINGS); times > 0; times -= 1) leaning.push(kind);
  }
  return leaning;
}

export function drawAction(
  stream: Stream,
  leaning: readonly ActionKind[],
  vocabulary: Vocabulary,
  atMs: number,
): MeshOsAction {
  return actionOf(stream, stream.pick(leaning), vocabulary, atMs);
}

/** An action of a kind at about `atMs`. The points in time that it names are close to that. */
export function actionOf(stream: Stream, kind: ActionKind, vocabulary: Vocabulary, atMs: number): MeshOsAction {
  switch (kind) {
    case 'start_daemon':
    case 'stop_daemon':
    case 'apply_backoff':
      return daemonAction(stream, kind, stream.pick(vocabulary.daemons), atMs);
    case 'pull_replica':
      return { kind, chain: stream.pick(vocabulary.chains), source: stream.pick(vocabulary.peers) };
    case 'drop_replica':
      return { kind, chain: stream.pick(vocabulary.chains) };
    case 'request_placement': {
      const exclude: bigint[] = [];
      for (let count = stream.int(0, 3); count > 0; count -= 1) exclude.push(stream.pick(vocabulary.peers));
      const target = stream.int(1, 2) === 1 ? null : stream.pick(vocabulary.peers);
      return { kind, chain: stream.pick(vocabulary.chains), exclude, target };
    }
    case 'request_eviction':
      return { kind, chain: stream.pick(vocabulary.chains), victim: stream.pick(vocabulary.peers) };
    case 'migrate_blob':
      return {
        kind,
        blob: stream.pick(vocabulary.blobs),
        from: stream.pick(vocabulary.peers),
        to: stream.pick(vocabulary.peers),
      };
    case 'reduce_heat':
      return { kind, blob: stream.pick(vocabulary.blobs), by: stream.int(0, 255) };
    case 'mark_avoid':
      return { kind, peer: stream.pick(vocabulary.peers), reason: stream.pick(TEXTS), ttlMs: stream.int(0, 60_000) };
    case 'commit_maintenance_transition':
      return { kind, node: stream.pick(vocabulary.peers), target: drawTransition(stream) };
  }
}

/** One of the three actions that a gate on their daemon stops. */
export function daemonAction(
  stream: Stream,
  kind: 'start_daemon' | 'stop_daemon' | 'apply_backoff',
  daemon: DaemonRef,
  atMs: number,
): MeshOsAction {
  if (kind === 'start_daemon') return { kind, daemon };
  if (kind === 'stop_daemon') return { kind, daemon, reason: stream.pick(TEXTS), deadlineMs: stream.int(0, 5000) };
  return { kind, daemon, untilMs: atMs + stream.int(0, 2000) };
}

const TRANSITIONS: readonly Exclude<MaintenanceTransition['kind'], 'drain_failed'>[] = [
  'entering_maintenance',
  'maintenance',
  'exiting_maintenance',
  'recovery',
  'active',
];

function drawTransition(stream: Stream): MaintenanceTransition {
  if (stream.int(1, 6) === 1) return { kind: 'drain_failed', reason: stream.pick(TEXTS) };
  return { kind: stream.pick(TRANSITIONS) };
}
