/**
 * A chain that was pulled or dropped is left alone for the stabilization window, unless that dispatch failed. Only that
 * window puts a drop off. It puts a pull off before anything else does. Both are put off for exactly the rest of it.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';
import { ReplicaWindows } from '../model/windows.ts';

export const stabilization: Invariant<MeshEvent, MeshView> = {
  id: 'stabilization',
  holds: 'a chain is neither pulled nor dropped while it stabilizes, but after a dispatch that failed',
  create(context) {
    const { config } = context.view;
    const states = new Incarnations((_node, inc) => ({
      inc,
      windows: new ReplicaWindows(config.pullCooldownMs, config.stabilizationMs),
      /** The dispatch under way. */
      current: null as Extract<MeshEvent, { kind: 'dispatch' }> | null,
    }));

    return {
      on: {
        crash(event) {
          states.end(event.node);
        },
        admit(event) {
          const { action } = event;
          if ((action.kind !== 'pull_replica' && action.kind !== 'drop_replica') || event.decision !== 'defer') return;
          const { windows } = states.of(event.node, event.inc);
          const nowMs = context.now();
          const left = windows.stabilizationLeft(action.chain, nowMs);
          if (left <= 0) {
            if (action.kind === 'pull_replica' && windows.cooldownLeft(nowMs) > 0) return;
            context.violate(
              `expected action ${event.id} of node ${event.node} to be admitted at ${nowMs} ms, when chain ${action.chain} is stable, found it deferred by ${event.ms} ms`,
            );
          } else if (event.ms !== left) {
            context.violate(
              `expected action ${event.id} of node ${event.node} to be deferred by the ${left} ms for which chain ${action.chain} stabilizes, found ${event.ms} ms`,
            );
          }
        },
        dispatch(event) {
          const state = states.of(event.node, event.inc);
          const { action } = event.pending;
          if (action.kind !== 'pull_replica' && action.kind !== 'drop_replica') {
            state.current = null;
            return;
          }
          state.current = event;
          const nowMs = context.now();
          const left = state.windows.stabilizationLeft(action.chain, nowMs);
          if (left > 0) {
            context.violate(
              `expected chain ${action.chain} to be left alone on node ${event.node} for another ${left} ms, found ${action.kind} ${event.id} dispatched at ${nowMs} ms`,
            );
            return;
          }
          state.windows.dispatched(event.id, action, nowMs);
        },
        'dispatch-end'(event) {
          const state = states.of(event.node, event.inc);
          if (state.current === null) return;
          if (event.result !== 'ok') state.windows.failed(event.id, state.current.pending.action);
          state.current = null;
        },
      },
    };
  },
};
