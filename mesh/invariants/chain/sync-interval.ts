/**
 * Logs are synced every `syncEvery` ms. What is written to a log (a node's own or a copy) is covered by a sync that begins
 * within that time, and no two syncs of a log begin closer to each other than that. With `syncEvery` 0 the call that writes
 * also syncs, so nothing is ever left over.
 *
 * The specification leaves open what happens to ticks that fall into a pause, or into a sync that takes longer than
 * `syncEvery`. A log then has another `syncEvery` from the end of it, and the next sync but one may come early.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** One log of a node: its own or a copy. */
class Log {
  readonly chain: number;
  /** Length of the file. */
  end = 0;
  durable = 0;
  /** Since when something counts as written and not durable; NEVER if nothing does. */
  sinceMs = NEVER;
  /** When a sync that covers it must begin at the latest. */
  dueMs = NEVER;
  /** When the last sync began; -1 if there was none. */
  beganMs = -1;
  /** That sync began when it would have without a pause or an overlong sync. */
  regular = false;

  constructor(chain: number) {
    this.chain = chain;
  }
}

class Syncing {
  paused = false;
  /** By chain. The first slot belongs to no chain, and nothing is ever written to it. */
  readonly logs: Log[] = [];
  /** Until when ticks were last put off by a pause or an overlong sync; -1 if never. */
  disturbedMs = -1;

  constructor(nodes: number) {
    for (let chain = 0; chain <= nodes; chain++) this.logs.push(new Log(chain));
  }
}

export const syncInterval: Invariant<MeshEvent, MeshView> = {
  id: 'sync-interval',
  holds: 'every log is synced every syncEvery ms and not in between, or within each call where that is 0',
  create(context) {
    const { config, faults } = context.view;
    const { nodes, syncEveryMs } = config;
    const states = new Incarnations(() => new Syncing(nodes));
    /** By node: the longest that a sync can take. */
    const longestMs: number[] = [];
    for (let node = 0; node <= nodes; node++) longestMs.push(config.sync.maxMs);
    for (const fault of faults.values()) {
      if (fault.kind === 'sync-slow') longestMs[fault.node] = (longestMs[fault.node] ?? 0) + fault.extraMs;
    }

    /** Finds a sync that has not ended when the longest would have. */
    function overdue(state: Syncing, node: number): void {
      if (state.paused) return;
      const nowMs = context.now();
      for (const log of state.logs) {
        const byMs = log.dueMs + (longestMs[node] ?? 0);
        if (nowMs <= byMs) continue;
        context.violate(
          `expected node ${node} to have synced by ${byMs} ms what it wrote to its log of chain ${log.chain} at ${log.sinceMs} ms, found it not durable at ${nowMs} ms`,
        );
        return;
      }
    }

    /** Finds something that must be durable already, where every call syncs. */
    function left(state: Syncing, node: number): void {
      if (syncEveryMs > 0) return;
      for (const log of state.logs) {
        if (log.end <= log.durable) continue;
        context.violate(
          `expected node ${node} to sync what it writes to its log of chain ${log.chain} within the call, found ${log.durable} of ${log.end} bytes durable`,
        );
        return;
      }
    }

    function wrote(node: number, inc: number, chain: number, end: number): void {
      const state = states.of(node, inc);
      const log = state.logs[chain];
      if (log === undefined) return;
      if (syncEveryMs === 0) {
        // The own log reports a write when the call has ended, a copy during it.
        if (chain !== node) left(state, node);
        log.end = end;
        if (chain === node) left(state, node);
        return;
      }
      log.end = end;
      if (log.sinceMs === NEVER && end > log.durable) pending(log);
      overdue(state, node);
    }

    function pending(log: Log): void {
      log.sinceMs = context.now();
      log.dueMs = log.sinceMs + syncEveryMs;
    }

    type Sync = Extract<MeshEvent, { kind: 'sync' }>;

    /** A sync begins neither too late for what it covers, nor too soon after the one before. */
    function began(event: Sync, state: Syncing, log: Log): void {
      const { node, chain, beganMs } = event;
      if (beganMs > log.dueMs) {
        context.violate(
          `expected node ${node} to begin by ${log.dueMs} ms to sync what it wrote to its log of chain ${chain} at ${log.sinceMs} ms, found that it began at ${beganMs} ms`,
        );
      } else if (log.regular && beganMs - log.beganMs < syncEveryMs) {
        context.violate(
          `expected node ${node} to sync its log of chain ${chain} every ${syncEveryMs} ms, found syncs that began at ${log.beganMs} ms and at ${beganMs} ms`,
        );
      }
      log.regular = state.disturbedMs <= log.beganMs;
      log.beganMs = beganMs;
    }

    /** What was written to any log while the sync ran may have missed a tick because of it. */
    function ended(state: Syncing, beganMs: number): void {
      const nowMs = context.now();
      if (nowMs - beganMs >= syncEveryMs) state.disturbedMs = nowMs;
      for (const log of state.logs) {
        if (log.sinceMs !== NEVER && log.sinceMs >= beganMs) log.dueMs = nowMs + syncEveryMs;
      }
    }

    return {
      on: {
        crash(event) {
          const state = states.of(event.node, event.inc);
          states.end(event.node);
          left(state, event.node);
          overdue(state, event.node);
        },
        pause(event) {
          const state = states.of(event.node, event.inc);
          overdue(state, event.node);
          state.paused = true;
        },
        resume(event) {
          const state = states.of(event.node, event.inc);
          const nowMs = context.now();
          state.paused = false;
          state.disturbedMs = nowMs;
          for (const log of state.logs) log.dueMs = Math.max(log.dueMs, nowMs + syncEveryMs);
        },
        'log-append'(event) {
          wrote(event.node, event.inc, event.node, event.end);
        },
        'copy-write'(event) {
          wrote(event.node, event.inc, event.chain, event.end);
        },
        sync(event) {
          const state = states.of(event.node, event.inc);
          const log = state.logs[event.chain];
          if (log === undefined) return;
          log.durable = event.bytes;
          if (syncEveryMs === 0) return;
          began(event, state, log);
          if (log.end > event.bytes) {
            // It was written after the sync had begun.
            pending(log);
          } else {
            log.sinceMs = NEVER;
            log.dueMs = NEVER;
          }
          ended(state, event.beganMs);
          overdue(state, event.node);
        },
        settled() {
          states.forEach(overdue);
        },
      },
      end() {
        states.forEach((state, node) => {
          left(state, node);
          overdue(state, node);
        });
      },
    };
  },
};
