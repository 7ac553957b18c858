/**
 * Two pulls of a node, of any chains, are at least the cooldown apart, unless the first one's dispatch failed. A pull is
 * put off only while a window stands in its way, and for exactly the rest of it.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';
import { ReplicaWindows } from '../model/windows.ts';

export const pullCooldown: Invariant<MeshEvent, MeshView> = {
  id: 'pull-cooldown',
  holds: 'two dispatched pulls are at least the cooldown apart, but for one that failed',
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
          if (event.action.kind !== 'pull_replica' || event.decision !== 'defer') return;
          const { windows } = states.of(event.node, event.inc);
          const nowMs = context.now();
          if (windows.stabilizationLeft(event.action.chain, nowMs) > 0) return;
          const left = windows.cooldownLeft(nowMs);
          if (left <= 0) {
            context.violate(
              `expected pull ${event.id} of node ${event.node} to be admitted at ${nowMs} ms, when neither its chain nor the cooldown stands in its way, found it deferred by ${event.ms} ms`,
            );
          } else if (event.ms !== left) {
            context.violate(
              `expected pull ${event.id} of node ${event.node} to be deferred by the ${left} ms that are left of the cooldown, found ${event.ms} ms`,
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
          const left = action.kind === 'pull_replica' ? state.windows.cooldownLeft(nowMs) : 0;
          if (left > 0) {
            context.violate(
              `expected no pull on node ${event.node} within ${config.pullCooldownMs} ms of the one before, found pull ${event.id} dispatched at ${nowMs} ms, ${left} ms too early`,
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
