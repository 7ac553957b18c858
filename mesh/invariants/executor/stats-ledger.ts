/**
 * The executor's counters and the node's two counters, each counted again from what the ports saw. They are compared
 * whenever an action is taken up (everything before it is counted by then), at every appended record (the specification
 * counts first), and whenever an executor, an incarnation or the run ends.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Putoffs } from '../model/actions.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

class Ledger {
  readonly inc: number;
  readonly putoffs: Putoffs;
  /** Per action id: put off and not taken up again. */
  readonly waiting: boolean[] = [];
  dispatched = 0;
  failed = 0;
  deferred = 0;
  gated = 0;
  dispatchRetries = 0;
  asserts = 0;
  releases = 0;
  chainAppendFailures = 0;
  hookFailures = 0;
  droppedQueueFull = 0;
  refusedQueueClosed = 0;
  /** When something was last dropped or refused. The node counts it within that instant. */
  turnedAwayAtMs = -1;

  constructor(inc: number, maxDefers: number) {
    this.inc = inc;
    this.putoffs = new Putoffs(maxDefers);
  }

  setWaiting(id: number, waiting: boolean): void {
    while (this.waiting.length <= id) this.waiting.push(false);
    this.waiting[id] = waiting;
  }
}

export const statsLedger: Invariant<MeshEvent, MeshView> = {
  id: 'stats-ledger',
  holds: 'every counter equals what the ports saw',
  create(context) {
    const { view } = context;
    const strict = view.semantics === 'strict';
    const ledgers = new Incarnations((_node, inc) => new Ledger(inc, view.config.maxDefers));

    function differs(node: number, counter: string, expected: number, found: number): boolean {
      if (expected === found) return false;
      context.violate(
        `expected the counter ${counter} of node ${node} to be ${expected}, as the ports saw, found ${found}`,
      );
      return true;
    }

    /** `settledAppends` is false while an append is still being handled by its caller. */
    function compare(node: number, ledger: Ledger, settledAppends: boolean): void {
      const shown = view.node(node);
      if (shown.inc !== ledger.inc) return;
      const stats = shown.stats;
      if (
        stats.dispatched === ledger.dispatched &&
        stats.failed === ledger.failed &&
        stats.deferred === ledger.deferred &&
        stats.gated === ledger.gated &&
        stats.dispatchRetries === ledger.dispatchRetries &&
        stats.backpressureAsserts === ledger.asserts &&
        stats.backpressureReleases === ledger.releases &&
        (!settledAppends || stats.chainAppendFailures === ledger.chainAppendFailures) &&
        (!strict || stats.hookFailures === ledger.hookFailures)
      ) {
        return;
      }
      if (differs(node, 'dispatched', ledger.dispatched, stats.dispatched)) return;
      if (differs(node, 'failed', ledger.failed, stats.failed)) return;
      if (differs(node, 'deferred', ledger.deferred, stats.deferred)) return;
      if (differs(node, 'gated', ledger.gated, stats.gated)) return;
      if (differs(node, 'dispatchRetries', ledger.dispatchRetries, stats.dispatchRetries)) return;
      if (differs(node, 'backpressureAsserts', ledger.asserts, stats.backpressureAsserts)) return;
      if (differs(node, 'backpressureReleases', ledger.releases, stats.backpressureReleases)) return;
      if (differs(node, 'chainAppendFailures', ledger.chainAppendFailures, stats.chainAppendFailures)) return;
      differs(node, 'hookFailures', ledger.hookFailures, stats.hookFailures);
    }

    function compareHandOver(node: number, ledger: Ledger): void {
      const shown = view.node(node);
      if (shown.inc !== ledger.inc) return;
      if (differs(node, 'droppedQueueFull', ledger.droppedQueueFull, shown.droppedQueueFull)) return;
      differs(node, 'refusedQueueClosed', ledger.refusedQueueClosed, shown.refusedQueueClosed);
    }

    function compareAll(node: number, ledger: Ledger): void {
      compare(node, ledger, true);
      compareHandOver(node, ledger);
    }

    return {
      on: {
        crash(event) {
          compareAll(event.node, ledgers.of(event.node, event.inc));
          ledgers.end(event.node);
        },
        enqueue(event) {
          const ledger = ledgers.of(event.node, event.inc);
          const nowMs = context.now();
          if (ledger.turnedAwayAtMs >= 0 && ledger.turnedAwayAtMs < nowMs) compareHandOver(event.node, ledger);
          if (event.outcome === 'sent') return;
          ledger.turnedAwayAtMs = nowMs;
          if (event.outcome === 'full') ledger.droppedQueueFull++;
          else ledger.refusedQueueClosed++;
        },
        admit(event) {
          const ledger = ledgers.of(event.node, event.inc);
          compare(event.node, ledger, true);
          const id = numberOf(event.id);
          ledger.setWaiting(id, false);
          if (event.decision === 'gate') {
            ledger.gated++;
          } else if (event.decision === 'defer') {
            if (ledger.putoffs.allow(id)) {
              ledger.deferred++;
              ledger.setWaiting(id, true);
            } else {
              ledger.failed++;
            }
          }
        },
        depth(event) {
          if (event.change === 'asserted') ledgers.of(event.node, event.inc).asserts++;
          else if (event.change === 'released') ledgers.of(event.node, event.inc).releases++;
        },
        hook(event) {
          if (event.threw) ledgers.of(event.node, event.inc).hookFailures++;
        },
        'dispatch-end'(event) {
          const ledger = ledgers.of(event.node, event.inc);
          const id = numberOf(event.id);
          if (event.result === 'ok') {
            ledger.dispatched++;
          } else if (event.result === 'failed' && event.retryAfterMs !== null && ledger.putoffs.allow(id)) {
            ledger.dispatchRetries++;
            ledger.setWaiting(id, true);
          } else {
            ledger.failed++;
          }
        },
        'append-action'(event) {
          const ledger = ledgers.of(event.node, event.inc);
          const id = numberOf(event.id);
          if (event.type === 'failed' && event.ms === null && ledger.waiting[id] === true) {
            // A deferred action that fails without being taken up: the executor closes.
            ledger.failed++;
            ledger.setWaiting(id, false);
          }
          compare(event.node, ledger, false);
          if (!event.ok) ledger.chainAppendFailures++;
        },
        'executor-end'(event) {
          compare(event.node, ledgers.of(event.node, event.inc), true);
        },
      },
      end() {
        ledgers.forEach((ledger, node) => {
          compareAll(node, ledger);
        });
      },
    };
  },
};
