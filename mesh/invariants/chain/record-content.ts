/**
 * What stands on the chains is what happened. From admission and dispatcher follows which record comes next, word
 * for word; it must be written once, and the log must hold its bytes. What was asked of the node's journal stands in the
 * next record of log or audit chain. Every record is stamped with the wall clock of the instant.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { ActionKind } from '../../../src/action/action.ts';
import type { ActionChainRecord } from '../../../src/chain/records.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { CLOSED_REASON, deferBudgetText, inWords, PANICKED, Putoffs, retryBudgetText } from '../model/actions.ts';
import { entriesOf, readBody } from '../model/entries.ts';
import { Incarnations } from '../model/incarnations.ts';
import { Journal } from '../model/journal.ts';
import { numberOf } from '../model/numbers.ts';
import { sameRecord, wellFormed } from '../model/wire/records.ts';

class Due {
  readonly inc: number;
  readonly putoffs: Putoffs;
  /** Kind of each action by id. */
  readonly kinds: (ActionKind | undefined)[] = [];
  /** Per action id: put off and not taken up again. */
  readonly waiting: boolean[] = [];
  /** Id of the action whose record is due; 0 if none is. */
  id = 0n;
  type: 'dispatched' | 'failed' | 'gated' = 'dispatched';
  reason: string | null = null;
  ms: bigint | null = null;
  /** The entry that entered the log last and that no append has answered for. */
  entry: Extract<MeshEvent, { kind: 'log-append' }> | null = null;
  readonly journal = new Journal();

  constructor(inc: number, maxDefers: number) {
    this.inc = inc;
    this.putoffs = new Putoffs(maxDefers);
  }

  expect(id: bigint, type: 'dispatched' | 'failed' | 'gated', reason: string | null, ms: bigint | null): void {
    this.id = id;
    this.type = type;
    this.reason = reason;
    this.ms = ms;
  }

  setWaiting(id: number, waiting: boolean): void {
    while (this.waiting.length <= id) this.waiting.push(false);
    this.waiting[id] = waiting;
  }
}

function inShort(id: bigint, type: string, reason: string | null, ms: bigint | null): string {
  return type === 'dispatched'
    ? `${id} dispatched`
    : `${id} ${type}, ${inWords(reason)}, ${ms === null ? 'no' : ms} ms`;
}

export const recordContent: Invariant<MeshEvent, MeshView> = {
  id: 'record-content',
  holds: "every chain record's id, kind, disposition and emittedAt are what the ports saw",
  create(context) {
    const { view } = context;
    const { config } = view;
    const dues = new Incarnations((_node, inc) => new Due(inc, config.maxDefers));
    const entries = entriesOf(view);

    function nothingOwed(due: Due, node: number): boolean {
      if (due.id === 0n) return true;
      context.violate(
        `expected the record "${inShort(due.id, due.type, due.reason, due.ms)}" on the action chain of node ${node} before its executor went on, found none`,
      );
      return false;
    }

    function contentOf(event: Extract<MeshEvent, { kind: 'append-action' }>, due: Due): void {
      const key = numberOf(event.id);
      if (due.id === 0n && due.waiting[key] === true) {
        // Nothing is in hand, so the executor is closing, and fails what it had deferred.
        due.setWaiting(key, false);
        due.expect(event.id, 'failed', CLOSED_REASON, null);
      }
      if (due.id === 0n) {
        context.violate(
          `expected no record of node ${event.node} for which nothing happened at the ports, found "${inShort(event.id, event.type, event.reason, event.ms)}"`,
        );
        return;
      }
      if (event.id !== due.id || event.type !== due.type || event.reason !== due.reason || event.ms !== due.ms) {
        const expected = inShort(due.id, due.type, due.reason, due.ms);
        const found = inShort(event.id, event.type, event.reason, event.ms);
        context.violate(`expected the record "${expected}" on node ${event.node}, found "${found}"`, {
          expected,
          found,
        });
        return;
      }
      due.id = 0n;
      const kind = due.kinds[key];
      if (event.action !== kind) {
        context.violate(
          `expected the kind ${kind} in the record of action ${event.id} of node ${event.node}, found ${event.action}`,
        );
        return;
      }
      if (event.emittedAtMs !== event.wallMs) {
        stamped(event.node, `the record of action ${event.id}`, event.emittedAtMs, event.wallMs);
        return;
      }
      if (!fieldsMatch(event.record, event)) {
        context.violate(
          `expected the record given to the seam to say what was observed, "${inShort(event.id, event.type, event.reason, event.ms)}", found ${inWords(event.record)}`,
        );
        return;
      }
      if (event.ok) bytesOf(event, due);
    }

    function bytesOf(event: Extract<MeshEvent, { kind: 'append-action' }>, due: Due): void {
      const entry = due.entry;
      due.entry = null;
      if (entry === null || entry.seq !== event.seq) {
        context.violate(
          `expected the append of action ${event.id} on node ${event.node} to have made log entry ${event.seq}, found ${entry === null ? 'no entry' : `entry ${entry.seq}`}`,
        );
        return;
      }
      const bytes = entry.damaged ? entry.original : entry.payload;
      const record = entry.damaged
        ? readBody(config.codecs[event.node - 1] ?? 'msgpack', bytes)
        : entries.read(event.node, entry.seq, bytes).record;
      if (bytes[0] !== event.version) {
        context.violate(
          `expected log entry ${event.seq} of node ${event.node} to begin with version ${event.version}, found ${bytes[0]}`,
        );
      } else if (record === null || !sameRecord(record, event.record)) {
        const expected = inWords(event.record);
        const found = record === null ? 'bytes that hold no record' : inWords(record);
        context.violate(`expected log entry ${event.seq} of node ${event.node} to hold ${expected}, found ${found}`, {
          expected,
          found,
        });
      }
    }

    function stamped(node: number, what: string, stampMs: bigint, wallMs: bigint): boolean {
      if (stampMs === wallMs) return true;
      context.violate(
        `expected ${what} of node ${node} to be stamped ${wallMs}, the wall clock at its append, found ${stampMs}`,
      );
      return false;
    }

    /** Reports what the journal finds wrong, if anything; true if it found nothing. */
    function right(wrong: string | null): boolean {
      if (wrong !== null) context.violate(wrong);
      return wrong === null;
    }

    return {
      on: {
        crash(event) {
          dues.end(event.node);
        },
        offer(event) {
          if (event.outcome === 'sent') dues.of(event.node, event.inc).journal.offer(event.op, event.given);
        },
        take(event) {
          const { journal } = dues.of(event.node, event.inc);
          if (right(journal.goesOn(event.node))) journal.take(event.op, event.input);
        },
        'append-log'(event) {
          const { journal } = dues.of(event.node, event.inc);
          if (right(journal.logged(event.record, event.node))) {
            stamped(event.node, 'the log record', event.record.tsMs, event.wallMs);
          }
        },
        'append-audit'(event) {
          const { journal } = dues.of(event.node, event.inc);
          if (right(journal.audited(event.record, event.node))) {
            stamped(event.node, 'the audit record', event.record.tsMs, event.wallMs);
          }
        },
        'append-failure'(event) {
          stamped(event.node, 'the failure', event.record.recordedAtMs, event.wallMs);
        },
        enqueue(event) {
          const due = dues.of(event.node, event.inc);
          if (!right(due.journal.goesOn(event.node))) return;
          const { kinds } = due;
          const id = numberOf(event.id);
          while (kinds.length <= id) kinds.push(undefined);
          kinds[id] = event.pending.action.kind;
        },
        admit(event) {
          const due = dues.of(event.node, event.inc);
          if (!nothingOwed(due, event.node)) return;
          const id = numberOf(event.id);
          due.setWaiting(id, false);
          if (event.decision === 'gate') {
            due.expect(event.id, 'gated', event.reason, BigInt(event.ms - context.now()));
          } else if (event.decision === 'defer') {
            if (due.putoffs.allow(id)) due.setWaiting(id, true);
            else due.expect(event.id, 'failed', deferBudgetText(due.putoffs.count(id), due.putoffs.max), null);
          }
        },
        'dispatch-end'(event) {
          const due = dues.of(event.node, event.inc);
          if (!nothingOwed(due, event.node)) return;
          const id = numberOf(event.id);
          if (event.result === 'ok') {
            due.expect(event.id, 'dispatched', null, null);
          } else if (event.result !== 'failed') {
            due.expect(event.id, 'failed', PANICKED, null);
          } else if (event.retryAfterMs === null) {
            due.expect(event.id, 'failed', wellFormed(event.reason ?? ''), null);
          } else if (due.putoffs.allow(id)) {
            due.expect(event.id, 'failed', wellFormed(event.reason ?? ''), event.retryAfterMs);
            due.setWaiting(id, true);
          } else {
            due.expect(event.id, 'failed', retryBudgetText(due.putoffs.count(id)), null);
          }
        },
        'log-append'(event) {
          dues.of(event.node, event.inc).entry = event;
        },
        'append-action'(event) {
          contentOf(event, dues.of(event.node, event.inc));
        },
        'executor-end'(event) {
          nothingOwed(dues.of(event.node, event.inc), event.node);
        },
      },
      end() {
        dues.forEach((due, node) => {
          if (nothingOwed(due, node)) right(due.journal.goesOn(node));
        });
      },
    };
  },
};

function fieldsMatch(record: ActionChainRecord, event: Extract<MeshEvent, { kind: 'append-action' }>): boolean {
  const made = record.disposition;
  if (record.id !== event.id || record.kind !== event.action || record.emittedAtMs !== event.emittedAtMs) return false;
  switch (made.type) {
    case 'dispatched':
      return event.type === 'dispatched';
    case 'failed':
      return event.type === 'failed' && made.reason === event.reason && made.retryAfterMs === event.ms;
    case 'gated':
      return event.type === 'gated' && made.reason === event.reason && made.cooldownMs === event.ms;
  }
}
