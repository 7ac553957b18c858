/**
 * Every bounded ring holds the newest min(n, capacity) of what arrived, in order of arrival: the executor's failures, the
 * node's logs and audit entries, the buffers behind the seams, and the folded ring of every chain a node keeps. What
 * arrived is known from the seams and from the entries given to the folds. At each arrival both ends are compared, which
 * shows any wrong eviction at once; where an incarnation or the run ends, every entry.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { AdminAuditRecord, FailureRecord, LogRecord } from '../../../src/chain/records.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshConfig } from '../../scenario/scenario.ts';
import type { MeshView, NodeView, RingView } from '../../view.ts';
import { inWords } from '../model/actions.ts';
import { entriesOf } from '../model/entries.ts';
import { Incarnations } from '../model/incarnations.ts';
import { foldedName, RingModel } from '../model/ring.ts';
import { sameFailure } from '../model/wire/records.ts';

class Rings {
  readonly inc: number;
  readonly failures: RingModel<FailureRecord>;
  readonly logs: RingModel<LogRecord>;
  readonly audits: RingModel<AdminAuditRecord>;
  readonly failureChain: RingModel<FailureRecord>;
  readonly logChain: RingModel<LogRecord>;
  readonly auditChain: RingModel<AdminAuditRecord>;
  /** By chain; null once something was folded that the judge cannot read. */
  readonly folded: (RingModel<FailureRecord> | null)[] = [];
  failureOwed = false;

  constructor(inc: number, config: MeshConfig) {
    this.inc = inc;
    this.failures = new RingModel(config.recentFailures);
    this.logs = new RingModel(config.logRing);
    this.audits = new RingModel(config.auditRing);
    this.failureChain = new RingModel(config.failureChain);
    this.logChain = new RingModel(config.logChain);
    this.auditChain = new RingModel(config.auditChain);
    for (let chain = 0; chain <= config.nodes; chain++) this.folded.push(new RingModel(config.recentFailures));
  }
}

/** Marks are the business of another invariant, so they are left out here. */
function sameLog(a: LogRecord, b: LogRecord): boolean {
  if (a === b) return true;
  return (
    a.seq === b.seq &&
    a.tsMs === b.tsMs &&
    a.level === b.level &&
    a.daemonId === b.daemonId &&
    a.nodeId === b.nodeId &&
    a.message === b.message
  );
}

function sameAudit(a: AdminAuditRecord, b: AdminAuditRecord): boolean {
  if (a === b) return true;
  return (
    a.seq === b.seq &&
    a.tsMs === b.tsMs &&
    a.nodeId === b.nodeId &&
    a.operator === b.operator &&
    a.operation === b.operation &&
    a.outcome === b.outcome
  );
}

export const ringFifo: Invariant<MeshEvent, MeshView> = {
  id: 'ring-fifo',
  holds: 'every bounded ring holds the newest min(n, capacity) in arrival order',
  create(context) {
    const { view } = context;
    const kept = new Incarnations((_node, inc) => new Rings(inc, view.config));
    const entries = entriesOf(view);

    function entryAt<T>(
      name: string,
      node: number,
      ring: RingView<T>,
      model: RingModel<T>,
      index: number,
      same: (a: T, b: T) => boolean,
    ): boolean {
      const expected = model.at(index);
      const found = ring.at(index);
      if (expected === undefined ? found === undefined : found !== undefined && same(found, expected)) return true;
      context.violate(
        `expected entry ${index} of ${ring.length} in the ${name} of node ${node} to be ${inWords(expected)}, found ${inWords(found)}`,
        { expected: inWords(expected), found: inWords(found) },
      );
      return false;
    }

    function ends<T>(
      name: string,
      node: number,
      ring: RingView<T>,
      model: RingModel<T>,
      same: (a: T, b: T) => boolean,
    ): boolean {
      if (ring.capacity !== model.capacity || ring.length !== model.length) {
        context.violate(
          `expected the ${name} of node ${node} to hold ${model.length} with room for ${model.capacity}, found ${ring.length} with room for ${ring.capacity}`,
        );
        return false;
      }
      const last = model.length - 1;
      return last < 0 || (entryAt(name, node, ring, model, last, same) && entryAt(name, node, ring, model, 0, same));
    }

    function all<T>(
      name: string,
      node: number,
      ring: RingView<T>,
      model: RingModel<T>,
      same: (a: T, b: T) => boolean,
    ): boolean {
      if (!ends(name, node, ring, model, same)) return false;
      for (let i = 0; i < model.length; i++) if (!entryAt(name, node, ring, model, i, same)) return false;
      return true;
    }

    function failureRing(node: number, rings: Rings): void {
      if (!rings.failureOwed) return;
      rings.failureOwed = false;
      const shown = view.node(node);
      if (shown.inc === rings.inc)
        ends('ring of recent failures', node, shown.recentFailures, rings.failures, sameFailure);
    }

    /** The executor goes on. */
    function goesOn(node: number, inc: number): void {
      failureRing(node, kept.of(node, inc));
    }

    function whole(node: number, rings: Rings): void {
      const shown: NodeView = view.node(node);
      if (shown.inc !== rings.inc) return;
      const held =
        all('ring of recent failures', node, shown.recentFailures, rings.failures, sameFailure) &&
        all('log ring', node, shown.logRing, rings.logs, sameLog) &&
        all('audit ring', node, shown.auditRing, rings.audits, sameAudit) &&
        all('failure chain', node, shown.failureChain, rings.failureChain, sameFailure) &&
        all('log chain', node, shown.logChain, rings.logChain, sameLog) &&
        all('audit chain', node, shown.auditChain, rings.auditChain, sameAudit);
      if (!held) return;
      for (let chain = 1; chain < rings.folded.length; chain++) {
        const model = rings.folded[chain];
        if (model === undefined || model === null) continue;
        if (!all(foldedName(chain), node, shown.chain(chain).folded, model, sameFailure)) return;
      }
    }

    return {
      on: {
        crash(event) {
          whole(event.node, kept.of(event.node, event.inc));
          kept.end(event.node);
        },
        'append-failure'(event) {
          const rings = kept.of(event.node, event.inc);
          failureRing(event.node, rings);
          rings.failures.push(event.record);
          rings.failureOwed = true;
          if (!event.ok) return;
          rings.failureChain.push(event.record);
          const shown = view.node(event.node);
          if (shown.inc === rings.inc)
            ends('failure chain', event.node, shown.failureChain, rings.failureChain, sameFailure);
        },
        'append-action'(event) {
          goesOn(event.node, event.inc);
        },
        admit(event) {
          goesOn(event.node, event.inc);
        },
        'executor-end'(event) {
          goesOn(event.node, event.inc);
        },
        'append-log'(event) {
          const rings = kept.of(event.node, event.inc);
          rings.logs.push(event.record);
          if (event.ok) rings.logChain.push(event.record);
          const shown = view.node(event.node);
          if (shown.inc !== rings.inc) return;
          if (ends('log ring', event.node, shown.logRing, rings.logs, sameLog)) {
            ends('log chain', event.node, shown.logChain, rings.logChain, sameLog);
          }
        },
        'append-audit'(event) {
          const rings = kept.of(event.node, event.inc);
          rings.audits.push(event.record);
          if (event.ok) rings.auditChain.push(event.record);
          const shown = view.node(event.node);
          if (shown.inc !== rings.inc) return;
          if (ends('audit ring', event.node, shown.auditRing, rings.audits, sameAudit)) {
            ends('audit chain', event.node, shown.auditChain, rings.auditChain, sameAudit);
          }
        },
        fold(event) {
          if (event.outcome !== 'folded') return;
          const rings = kept.of(event.node, event.inc);
          const model = rings.folded[event.chain];
          if (model === undefined || model === null) return;
          const entry = entries.shown(event);
          if (entry.record === null) {
            rings.folded[event.chain] = null;
            return;
          }
          if (entry.pushes !== null) model.push(entry.pushes);
          if (event.length !== model.length) {
            context.violate(
              `expected the folded ring of chain ${event.chain} on node ${event.node} to hold ${model.length}, found ${event.length}`,
            );
            return;
          }
          if (entry.pushes === null) return;
          // While a restarted node rebuilds, the view may not show it yet.
          if (event.rebuild) return;
          const shown = view.node(event.node);
          if (shown.inc === rings.inc) {
            ends(foldedName(event.chain), event.node, shown.chain(event.chain).folded, model, sameFailure);
          }
        },
      },
      end() {
        kept.forEach((rings, node) => {
          whole(node, rings);
        });
      },
    };
  },
};
