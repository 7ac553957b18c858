/**
 * How long a mesh scenario may take to drain once its faults are over. In that time every action may still wait through all
 * its defers, be dispatched, be synced and be copied, and every broadcast may still wait for its turn. It is computed from
 * the scenario alone, so that it can be printed before the run, and a run that needs longer is a finding.
 */
import type { Scenario } from '../../sim/world.ts';
import { longestDelayMs } from './longest-delay.ts';
import type { MeshConfig, MeshFault, MeshOperation } from './scenario.ts';

/** What admission asks a migration to wait when the drain rate is used up, which is the least that a defer can cost. */
const DRAIN_DEFER_MS = 100;
/** How long the node loop collects actions before it hands them to the executor. */
const HAND_OVER_MS = 500;
/** Beyond the hand-over: one turn of the slowest periodic task of a node. */
const IDLE_TICK_MS = 100;
/** No run comes near it. Beyond it times are no longer whole. */
const BOUND_MS_MAX = 4_503_599_627_370_496;

/**
 * In virtual milliseconds: (max defers + 2) × the longest of window, gate, hint and 100 ms + actions × the longest
 * dispatch + 2 × (500 ms + 100 ms + syncEvery + the longest sync + reRequestMs) + 10 × the longest network delay + queued
 * broadcasts × (their timeout + 1 ms) + the entries of the longest chain × (reRequestMs + 2 × the longest network delay): a
 * replica may discard every entry that comes before its turn and ask again, so that each request may bring it one entry
 * only. An action makes one entry, and one more for each retry. Where messages or early entries may find no room, each
 * request may bring as little as one entry of all chains: also (max defers + 2) × actions requests.
 */
export function settleBoundMs(scenario: Scenario<MeshConfig, MeshOperation, MeshFault>): number {
  const { config } = scenario;
  let actions = 0;
  /** By node. */
  const actionsOf = config.codecs.map(() => 0);
  let retries = false;
  const asked = (node: number, count: number) => {
    actions += count;
    actionsOf[node - 1] = (actionsOf[node - 1] ?? 0) + count;
  };
  let broadcasts = 0;
  let longestWaitMs = Math.max(config.pullCooldownMs, config.stabilizationMs, DRAIN_DEFER_MS);
  for (const operation of scenario.workload) {
    if (operation.kind === 'submit') asked(operation.node, 1);
    else if (operation.kind === 'broadcast') broadcasts += 1;
    else if (operation.kind === 'gate-daemon') longestWaitMs = Math.max(longestWaitMs, operation.forMs);
  }

  // Faults of one kind may overlap, but a bound needs the worst that a single fault can still have under way.
  let dispatchExtraMs = 0;
  let syncExtraMs = 0;
  for (const fault of scenario.faults) {
    if (fault.kind === 'queue-burst') asked(fault.node, fault.actions.length);
    else if (fault.kind === 'dispatch-retry') {
      longestWaitMs = Math.max(longestWaitMs, fault.hintMs);
      retries = true;
    } else if (fault.kind === 'dispatch-slow') dispatchExtraMs = Math.max(dispatchExtraMs, fault.extraMs);
    else if (fault.kind === 'sync-slow') syncExtraMs = Math.max(syncExtraMs, fault.extraMs);
  }

  const longestDispatchMs = config.dispatch.maxMs + dispatchExtraMs;
  const longestSyncMs = config.sync.maxMs + syncExtraMs;
  const delayMs = longestDelayMs(scenario);
  const entries = config.nodes > 1 ? Math.max(0, ...actionsOf) * (retries ? config.maxDefers + 1 : 1) : 0;
  const broadcastTimeoutMs = Math.max(1, config.broadcastTimeoutMs);
  const boundMs =
    (config.maxDefers + 2) * longestWaitMs +
    actions * longestDispatchMs +
    2 * (HAND_OVER_MS + IDLE_TICK_MS + config.syncEveryMs + longestSyncMs + config.reRequestMs) +
    10 * delayMs +
    broadcasts * (broadcastTimeoutMs + 1) +
    entries * (config.reRequestMs + 2 * delayMs) +
    (config.inboundCapacity === undefined && config.earlyEntriesMax === undefined
      ? 0
      : (config.maxDefers + 2) * actions * (config.reRequestMs + delayMs));
  return Math.min(boundMs, BOUND_MS_MAX);
}
