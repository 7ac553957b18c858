/**
 * A ring that forgets says how much it forgot: evictions counted = arrivals − held, exactly, and the count never falls.
 * Arrivals are counted at the seams and at the folds. `ring-fifo` checks what the rings hold.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView, RingView } from '../../view.ts';
import { entriesOf } from '../model/entries.ts';
import { Incarnations } from '../model/incarnations.ts';
import { foldedName } from '../model/ring.ts';

class Tally {
  arrived = 0;
  evicted = 0;
  /** Something arrived, and it cannot be told whether it was pushed. */
  unknown = false;
}

class Tallies {
  readonly inc: number;
  readonly failures = new Tally();
  readonly logs = new Tally();
  readonly audits = new Tally();
  readonly failureChain = new Tally();
  readonly logChain = new Tally();
  readonly auditChain = new Tally();
  /** By chain. */
  readonly folded: Tally[] = [];
  failureOwed = false;

  constructor(inc: number, nodes: number) {
    this.inc = inc;
    for (let chain = 0; chain <= nodes; chain++) this.folded.push(new Tally());
  }
}

export const dropCount: Invariant<MeshEvent, MeshView> = {
  id: 'drop-count',
  holds: 'evictions counted = appended − held, exactly, and never falls',
  create(context) {
    const { view } = context;
    const kept = new Incarnations((_node, inc) => new Tallies(inc, view.config.nodes));
    const entries = entriesOf(view);

    function exact(name: string, node: number, ring: RingView<unknown>, tally: Tally): boolean {
      const { evicted, length } = ring;
      if (tally.unknown) return true;
      if (evicted < tally.evicted) {
        context.violate(
          `expected the evictions of the ${name} of node ${node} never to fall below ${tally.evicted}, found ${evicted}`,
        );
        return false;
      }
      if (evicted !== tally.arrived - length) {
        context.violate(
          `expected ${tally.arrived - length} evictions of the ${name} of node ${node}, which got ${tally.arrived} and holds ${length}, found ${evicted}`,
        );
        return false;
      }
      tally.evicted = evicted;
      return true;
    }

    function failureRing(node: number, tallies: Tallies): void {
      if (!tallies.failureOwed) return;
      tallies.failureOwed = false;
      const shown = view.node(node);
      if (shown.inc === tallies.inc) exact('ring of recent failures', node, shown.recentFailures, tallies.failures);
    }

    /** The executor goes on. */
    function goesOn(node: number, inc: number): void {
      failureRing(node, kept.of(node, inc));
    }

    function whole(node: number, tallies: Tallies): void {
      const shown = view.node(node);
      if (shown.inc !== tallies.inc) return;
      const held =
        exact('ring of recent failures', node, shown.recentFailures, tallies.failures) &&
        exact('log ring', node, shown.logRing, tallies.logs) &&
        exact('audit ring', node, shown.auditRing, tallies.audits) &&
        exact('failure chain', node, shown.failureChain, tallies.failureChain) &&
        exact('log chain', node, shown.logChain, tallies.logChain) &&
        exact('audit chain', node, shown.auditChain, tallies.auditChain);
      if (!held) return;
      for (let chain = 1; chain < tallies.folded.length; chain++) {
        const tally = tallies.folded[chain];
        if (tally !== undefined && !exact(foldedName(chain), node, shown.chain(chain).folded, tally)) return;
      }
    }

    return {
      on: {
        crash(event) {
          whole(event.node, kept.of(event.node, event.inc));
          kept.end(event.node);
        },
        'append-failure'(event) {
          const tallies = kept.of(event.node, event.inc);
          failureRing(event.node, tallies);
          tallies.failures.arrived++;
          tallies.failureOwed = true;
          if (!event.ok) return;
          tallies.failureChain.arrived++;
          const shown = view.node(event.node);
          if (shown.inc === tallies.inc) exact('failure chain', event.node, shown.failureChain, tallies.failureChain);
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
          const tallies = kept.of(event.node, event.inc);
          tallies.logs.arrived++;
          if (event.ok) tallies.logChain.arrived++;
          const shown = view.node(event.node);
          if (shown.inc !== tallies.inc) return;
          if (exact('log ring', event.node, shown.logRing, tallies.logs)) {
            exact('log chain', event.node, shown.logChain, tallies.logChain);
          }
        },
        'append-audit'(event) {
          const tallies = kept.of(event.node, event.inc);
          tallies.audits.arrived++;
          if (event.ok) tallies.auditChain.arrived++;
          const shown = view.node(event.node);
          if (shown.inc !== tallies.inc) return;
          if (exact('audit ring', event.node, shown.auditRing, tallies.audits)) {
            exact('audit chain', event.node, shown.auditChain, tallies.auditChain);
          }
        },
        fold(event) {
          if (event.outcome !== 'folded') return;
          const tallies = kept.of(event.node, event.inc);
          const tally = tallies.folded[event.chain];
          if (tally === undefined) return;
          const entry = entries.shown(event);
          if (entry.record === null) tally.unknown = true;
          if (entry.pushes === null) return;
          tally.arrived++;
          // While a restarted node rebuilds, the view may not show it yet.
          if (event.rebuild) return;
          const shown = view.node(event.node);
          if (shown.inc === tallies.inc) {
            exact(foldedName(event.chain), event.node, shown.chain(event.chain).folded, tally);
          }
        },
      },
      end() {
        kept.forEach((tallies, node) => {
          whole(node, tallies);
        });
      },
    };
  },
};
