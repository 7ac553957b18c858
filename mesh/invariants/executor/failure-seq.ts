/**
 * Failures, logs and audit entries are numbered 1, 2, 3, … in each incarnation, and each chain holds what its ring got,
 * minus the failed appends. The executor pushes on its ring after it has asked the failure chain, so that ring is checked
 * when the executor goes on.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView, RingView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

interface Numbered {
  readonly seq: bigint;
}

class Count {
  readonly inc: number;
  /** Records made, and how many of them the chain took: failure, log, audit. */
  readonly made = [0, 0, 0];
  readonly took = [0, 0, 0];
  ringOwed = false;

  constructor(inc: number) {
    this.inc = inc;
  }
}

const WORDS = ['failure', 'log', 'audit'] as const;

export const failureSeq: Invariant<MeshEvent, MeshView> = {
  id: 'failure-seq',
  holds: 'failure, log and audit seqs are 1, 2, 3, … and each chain holds what its ring got, less the failed appends',
  create(context) {
    const { view } = context;
    const counts = new Incarnations((_node, inc) => new Count(inc));

    /** One more record at the seam of chain `which`. It has the next seq, and the chain holds it if it took it. */
    function append(node: number, inc: number, seq: bigint, ok: boolean, which: 0 | 1 | 2): Count {
      const count = counts.of(node, inc);
      const made = (count.made[which] ?? 0) + 1;
      count.made[which] = made;
      if (ok) count.took[which] = (count.took[which] ?? 0) + 1;
      if (numberOf(seq) !== made) {
        context.violate(`expected ${WORDS[which]} seq ${made} on node ${node}, found ${seq}`);
        return count;
      }
      const shown = view.node(node);
      if (shown.inc !== count.inc) return count;
      const newest = ok ? made : 0;
      const took = count.took[which] ?? 0;
      if (which === 0) {
        holds(shown.failureChain, 'failure chain', node, took, newest);
      } else if (which === 1) {
        if (holds(shown.logRing, 'log ring', node, made, made)) holds(shown.logChain, 'log chain', node, took, newest);
      } else if (holds(shown.auditRing, 'audit ring', node, made, made)) {
        holds(shown.auditChain, 'audit chain', node, took, newest);
      }
      return count;
    }

    /** `got` counts everything that it was given. `newest` is the seq of the last one, 0 where that is not known. */
    function holds(ring: RingView<Numbered>, name: string, node: number, got: number, newest: number): boolean {
      if (ring.length + ring.evicted !== got) {
        context.violate(
          `expected the ${name} of node ${node} to have got ${got} records, found ${ring.length + ring.evicted}`,
        );
        return false;
      }
      if (newest === 0) return true;
      const last = ring.at(ring.length - 1);
      if (last !== undefined && numberOf(last.seq) === newest) return true;
      context.violate(
        `expected the ${name} of node ${node} to end with seq ${newest}, found ${last?.seq ?? 'nothing'}`,
      );
      return false;
    }

    function failureRing(node: number, count: Count): void {
      if (!count.ringOwed) return;
      count.ringOwed = false;
      const shown = view.node(node);
      const made = count.made[0] ?? 0;
      if (shown.inc === count.inc) holds(shown.recentFailures, 'ring of recent failures', node, made, made);
    }

    function whole(node: number, count: Count): void {
      failureRing(node, count);
      const shown = view.node(node);
      if (shown.inc !== count.inc) return;
      const [failures = 0, logs = 0, audits = 0] = count.took;
      if (!holds(shown.failureChain, 'failure chain', node, failures, 0)) return;
      if (!holds(shown.logChain, 'log chain', node, logs, 0)) return;
      holds(shown.auditChain, 'audit chain', node, audits, 0);
    }

    /** The executor goes on. */
    function goesOn(node: number, inc: number): void {
      failureRing(node, counts.of(node, inc));
    }

    return {
      on: {
        crash(event) {
          whole(event.node, counts.of(event.node, event.inc));
          counts.end(event.node);
        },
        'append-failure'(event) {
          goesOn(event.node, event.inc);
          append(event.node, event.inc, event.seq, event.ok, 0).ringOwed = true;
        },
        'append-log'(event) {
          append(event.node, event.inc, event.seq, event.ok, 1);
        },
        'append-audit'(event) {
          append(event.node, event.inc, event.seq, event.ok, 2);
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
      },
      end() {
        counts.forEach((count, node) => {
          whole(node, count);
        });
      },
    };
  },
};
