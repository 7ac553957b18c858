/**
 * A gated daemon is not started, stopped or backed off until its gate opens, and nothing else is gated. A gate holds from
 * the moment the node's loop takes it out of the inbox. It replaces an earlier one, longer or shorter.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { DaemonRef } from '../../../src/action/action.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { daemonOf, sameDaemon } from '../model/actions.ts';
import { Incarnations } from '../model/incarnations.ts';

/** The reason that admission gives for every gate. */
const REASON = 'daemon-backoff';

interface Gate {
  readonly daemon: DaemonRef;
  untilMs: number;
}

function inWords(event: Extract<MeshEvent, { kind: 'gate' }>): string {
  return `daemon ${event.daemonId} (${event.daemonName}) gated until ${event.untilMs} ms`;
}

class Gates {
  readonly inc: number;
  readonly set: Gate[] = [];
  /** Offered to the inbox and not yet taken out, by operation. */
  readonly offered = new Map<string, Gate>();
  /** Taken out of the inbox, but not yet given to admission. */
  owed: Gate | null = null;

  constructor(inc: number) {
    this.inc = inc;
  }

  until(daemon: DaemonRef): number {
    for (const gate of this.set) if (sameDaemon(gate.daemon, daemon)) return gate.untilMs;
    return 0;
  }

  put(gate: Gate): void {
    for (const known of this.set) {
      if (sameDaemon(known.daemon, gate.daemon)) {
        known.untilMs = gate.untilMs;
        return;
      }
    }
    this.set.push({ daemon: gate.daemon, untilMs: gate.untilMs });
  }
}

export const daemonGate: Invariant<MeshEvent, MeshView> = {
  id: 'daemon-gate',
  holds: 'a gated daemon is left alone until its gate opens, and nothing else is gated',
  create(context) {
    const states = new Incarnations((_node, inc) => new Gates(inc));

    function given(gates: Gates, node: number): void {
      const owed = gates.owed;
      if (owed === null) return;
      context.violate(
        `expected node ${node} to gate daemon ${owed.daemon.id} (${owed.daemon.name}) at once when told to, found that it went on without`,
      );
    }

    return {
      on: {
        crash(event) {
          states.end(event.node);
        },
        offer(event) {
          if (event.outcome !== 'sent' || event.given.kind !== 'gate-daemon') return;
          const { daemon, untilMs } = event.given;
          states.of(event.node, event.inc).offered.set(event.op, { daemon, untilMs });
        },
        take(event) {
          const gates = states.of(event.node, event.inc);
          given(gates, event.node);
          if (event.input !== 'gate-daemon') return;
          const gate = gates.offered.get(event.op);
          if (gate === undefined) return;
          gates.offered.delete(event.op);
          gates.put(gate);
          gates.owed = gate;
        },
        gate(event) {
          const gates = states.of(event.node, event.inc);
          const owed = gates.owed;
          gates.owed = null;
          if (owed === null) {
            const found = inWords(event);
            context.violate(`expected no gate on node ${event.node} that nobody asked for, found ${found}`);
          } else if (
            owed.daemon.id !== event.daemonId ||
            owed.daemon.name !== event.daemonName ||
            owed.untilMs !== event.untilMs
          ) {
            const found = inWords(event);
            context.violate(
              `expected daemon ${owed.daemon.id} (${owed.daemon.name}) to be gated until ${owed.untilMs} ms on node ${event.node}, found ${found}`,
            );
          }
        },
        enqueue(event) {
          given(states.of(event.node, event.inc), event.node);
        },
        admit(event) {
          const daemon = daemonOf(event.action);
          if (daemon === null && event.decision !== 'gate') return;
          const gates = states.of(event.node, event.inc);
          given(gates, event.node);
          const nowMs = context.now();
          const untilMs = daemon === null ? 0 : gates.until(daemon);
          if (untilMs > nowMs) {
            if (event.decision === 'gate' && event.ms === untilMs && event.reason === REASON) return;
            context.violate(
              `expected action ${event.id} of node ${event.node} to be gated until ${untilMs} ms for '${REASON}', found '${event.decision}' ${event.ms} for '${event.reason}'`,
            );
          } else if (event.decision !== 'admit') {
            context.violate(
              `expected action ${event.id} of node ${event.node} not to be held back at ${nowMs} ms, when no gate of its daemon stands, found '${event.decision}' ${event.ms}`,
            );
          }
        },
        dispatch(event) {
          const daemon = daemonOf(event.pending.action);
          if (daemon === null) return;
          const untilMs = states.of(event.node, event.inc).until(daemon);
          if (untilMs > context.now()) {
            context.violate(
              `expected daemon ${daemon.id} (${daemon.name}) of node ${event.node} to be left alone until ${untilMs} ms, found action ${event.id} dispatched at ${context.now()} ms`,
            );
          }
        },
      },
      end() {
        states.forEach((gates, node) => {
          given(gates, node);
        });
      },
    };
  },
};
