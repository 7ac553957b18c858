/**
 * A chain takes every record, whatever its length, but where a fault answers in its stead or the record's text is
 * ill-formed and cannot be encoded; the error says which chain it was, and why. A chain that cannot take a record hinders
 * nobody. After a failed append the executor does what it does after any other, each failure of the action chain is
 * counted once, and `chainPending` marks exactly the log and audit entries whose append failed. Marks and counts are made
 * after the seam has answered, so they are looked at when the node goes on.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { ActionChainRecord, AppendError } from '../../../src/chain/records.ts';
import type { MeshEvent, MeshEventKind } from '../../events.ts';
import { InjectedAppendError } from '../../system/injected-append-error.ts';
import type { MeshView, RingView } from '../../view.ts';
import { Fifo } from '../model/fifo.ts';
import { Incarnations } from '../model/incarnations.ts';
import { wellFormed } from '../model/wire/records.ts';

/** How long a running loop may be silent: it logs a line every 500 ms. */
const LOOP_SILENCE_MS = 1000;

interface Marked {
  readonly seq: bigint;
  readonly chainPending: boolean;
}

class State {
  readonly inc: number;
  actionFailures = 0;
  /** Seqs that must be marked, oldest first. */
  readonly pendingLogs = new Fifo<bigint>();
  readonly pendingAudits = new Fifo<bigint>();
  lastPendingLog = 0n;
  lastPendingAudit = 0n;
  /** Something was appended to log or audit chain since the marks were last looked at. */
  marksDue = false;
  /** The append after which the executor has not been seen yet: 'failure', 'action' or ''. */
  executorAfter = '';
  /** The same of the node's loop: 'log' or 'admin-audit'. */
  loopAfter = '';
  loopAtMs = 0;

  constructor(inc: number) {
    this.inc = inc;
  }
}

/** Whether the record's texts can be encoded. */
function encodable({ kind, disposition }: ActionChainRecord): boolean {
  return (
    wellFormed(kind) === kind &&
    (disposition.type === 'dispatched' || wellFormed(disposition.reason) === disposition.reason)
  );
}

export const appendNonfatal: Invariant<MeshEvent, MeshView> = {
  id: 'append-nonfatal',
  holds:
    'only faults make an append fail; append errors stop nothing, are counted one by one, and chainPending marks exactly what was not appended',
  create(context) {
    const { view } = context;
    const states = new Incarnations((_node, inc) => new State(inc));

    /** An append failed; `encodable` is false if the chain had to refuse the record. */
    function refused(node: number, chain: string, error: AppendError | null, encodable: boolean): void {
      if (error === null || (encodable && !(error instanceof InjectedAppendError))) {
        context.violate(
          `expected the ${chain} chain of node ${node} to take every record that no fault keeps from it, found one refused: ${error === null ? 'without an error' : error.message}`,
        );
        return;
      }
      const message = `${chain}-chain append failed: ${error.reason}`;
      if (error.message === message) return;
      context.violate(`expected the error of node ${node} to read '${message}', found '${error.message}'`);
    }

    function counted(node: number, state: State): void {
      const shown = view.node(node);
      if (shown.inc !== state.inc || shown.stats.chainAppendFailures === state.actionFailures) return;
      context.violate(
        `expected node ${node} to have counted ${state.actionFailures} failed appends to its action chain, found ${shown.stats.chainAppendFailures}`,
      );
    }

    /** The executor did something, which shows that it survived its last append. */
    function executorGoesOn(node: number, inc: number, kind: MeshEventKind): void {
      const state = states.of(node, inc);
      const after = state.executorAfter;
      if (after === '') return;
      state.executorAfter = '';
      if (after === 'action') {
        counted(node, state);
      } else if (kind !== 'append-action') {
        context.violate(
          `expected the executor of node ${node} to append to its action chain after a failed append to its failure chain, found '${kind}'`,
        );
      }
    }

    /** Older entries are compared when the incarnation ends. */
    function newestMark(ring: RingView<Marked>, lastPending: bigint, name: string, node: number): boolean {
      const newest = ring.at(ring.length - 1);
      if (newest === undefined) return true;
      const due = newest.seq === lastPending;
      if (newest.chainPending === due) return true;
      context.violate(
        `expected chainPending to be ${due} on entry ${newest.seq} of the ${name} ring of node ${node}, found ${newest.chainPending}`,
      );
      return false;
    }

    function marks(node: number, state: State): void {
      if (!state.marksDue) return;
      state.marksDue = false;
      const shown = view.node(node);
      if (shown.inc !== state.inc) return;
      if (newestMark(shown.logRing, state.lastPendingLog, 'log', node)) {
        newestMark(shown.auditRing, state.lastPendingAudit, 'audit', node);
      }
    }

    function loopGoesOn(node: number, inc: number): State {
      const state = states.of(node, inc);
      state.loopAfter = '';
      marks(node, state);
      return state;
    }

    function allMarks(ring: RingView<Marked>, pending: Fifo<bigint>, name: string, node: number): void {
      for (let i = 0; i < ring.length; i++) {
        const entry = ring.at(i);
        if (entry === undefined) continue;
        while (pending.length > 0 && (pending.peek() ?? 0n) < entry.seq) pending.shift();
        const due = pending.peek() === entry.seq;
        if (entry.chainPending !== due) {
          context.violate(
            `expected chainPending to be ${due} on entry ${entry.seq} of the ${name} of node ${node}, found ${entry.chainPending}`,
          );
          return;
        }
      }
    }

    function noMarks(chain: RingView<Marked>, name: string, node: number): void {
      for (let i = 0; i < chain.length; i++) {
        const entry = chain.at(i);
        if (entry?.chainPending === true) {
          context.violate(
            `expected chainPending to be false on all of the ${name} of node ${node}, because it was appended, found entry ${entry.seq} marked`,
          );
          return;
        }
      }
    }

    function whole(node: number, state: State): void {
      const shown = view.node(node);
      if (shown.inc !== state.inc) return;
      counted(node, state);
      allMarks(shown.logRing, state.pendingLogs, 'log ring', node);
      allMarks(shown.auditRing, state.pendingAudits, 'audit ring', node);
      noMarks(shown.logChain, 'log chain', node);
      noMarks(shown.auditChain, 'audit chain', node);
    }

    return {
      on: {
        crash(event) {
          whole(event.node, states.of(event.node, event.inc));
          states.end(event.node);
        },
        dequeue(event) {
          executorGoesOn(event.node, event.inc, 'dequeue');
        },
        depth(event) {
          executorGoesOn(event.node, event.inc, 'depth');
        },
        admit(event) {
          executorGoesOn(event.node, event.inc, 'admit');
        },
        dispatch(event) {
          executorGoesOn(event.node, event.inc, 'dispatch');
        },
        'executor-end'(event) {
          executorGoesOn(event.node, event.inc, 'executor-end');
        },
        'append-failure'(event) {
          executorGoesOn(event.node, event.inc, 'append-failure');
          if (event.ok) return;
          states.of(event.node, event.inc).executorAfter = 'failure';
          refused(event.node, 'failure', event.error, true);
        },
        'append-action'(event) {
          executorGoesOn(event.node, event.inc, 'append-action');
          if (event.ok) return;
          const state = states.of(event.node, event.inc);
          state.actionFailures++;
          state.executorAfter = 'action';
          refused(event.node, 'action', event.error, encodable(event.record));
        },
        take(event) {
          loopGoesOn(event.node, event.inc);
        },
        enqueue(event) {
          loopGoesOn(event.node, event.inc);
        },
        'append-log'(event) {
          const state = loopGoesOn(event.node, event.inc);
          state.marksDue = true;
          if (event.ok) return;
          state.lastPendingLog = event.seq;
          state.pendingLogs.push(event.seq);
          if (state.pendingLogs.length > view.config.logRing + 1) state.pendingLogs.shift();
          state.loopAfter = 'log';
          state.loopAtMs = context.now();
          refused(event.node, 'log', event.error, true);
        },
        'append-audit'(event) {
          const state = loopGoesOn(event.node, event.inc);
          state.marksDue = true;
          if (event.ok) return;
          state.lastPendingAudit = event.seq;
          state.pendingAudits.push(event.seq);
          if (state.pendingAudits.length > view.config.auditRing + 1) state.pendingAudits.shift();
          state.loopAfter = 'admin-audit';
          state.loopAtMs = context.now();
          refused(event.node, 'admin-audit', event.error, true);
        },
      },
      end() {
        states.forEach((state, node) => {
          whole(node, state);
          if (state.executorAfter === 'failure' || state.executorAfter === 'action') {
            context.violate(
              `expected the executor of node ${node} to go on after a failed append to its ${state.executorAfter} chain, found nothing more of it`,
            );
          }
          if (state.loopAfter !== '' && context.now() - state.loopAtMs > LOOP_SILENCE_MS) {
            context.violate(
              `expected the loop of node ${node} to go on after a failed append to its ${state.loopAfter} chain at ${state.loopAtMs} ms, found nothing more of it`,
            );
          }
        });
      },
    };
  },
};
