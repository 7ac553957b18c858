/**
 * Without faults the mesh comes to rest in time: everything drains and converges within the bound. What the run reports of
 * itself is compared with what the nodes show.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';

export const settle: Invariant<MeshEvent, MeshView> = {
  id: 'settle',
  holds: 'with faults off it drains and converges within the bound',
  create(context) {
    const { view } = context;
    let deadlineMs = -1;
    let settled = false;

    /** What a node shows as unfinished, or null. */
    function undone(node: number): string | null {
      const shown = view.node(node);
      if (!shown.up) return `node ${node} is down`;
      if (shown.queueLength > 0) return `node ${node} has ${shown.queueLength} queued actions`;
      if (shown.deferred > 0) return `node ${node} has ${shown.deferred} deferred actions`;
      return shown.backpressure ? `node ${node} has backpressure asserted` : null;
    }

    return {
      on: {
        settle(event) {
          deadlineMs = context.now() + event.boundMs;
        },
        settled(event) {
          settled = true;
          if (!event.drained) {
            const waiting =
              event.waiting.length === 0 ? 'that it did not, and no reason given' : event.waiting.join('; ');
            context.violate(`expected everything to drain and converge within the bound, found ${waiting}`);
            return;
          }
          if (deadlineMs >= 0 && context.now() > deadlineMs) {
            context.violate(
              `expected the mesh to have settled by ${deadlineMs} ms, found it settled at ${context.now()} ms`,
            );
            return;
          }
          for (let node = 1; node <= view.config.nodes; node++) {
            const found = undone(node);
            if (found === null) continue;
            context.violate(`expected nothing to be left undone by a settled mesh, found that ${found}`);
            return;
          }
        },
      },
      end() {
        if (deadlineMs >= 0 && !settled) {
          context.violate(`expected the mesh to have settled by ${deadlineMs} ms, found that it never did`);
        }
      },
    };
  },
};
