/**
 * No second has more migrations of a node than the drain rate, not counting those whose dispatch failed. A migration is put
 * off only when the rate is reached, and then by 100 ms.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Incarnations } from '../model/incarnations.ts';
import { DRAIN_RETRY_MS, DRAIN_SPAN_MS, DrainSlots } from '../model/windows.ts';

export const drainRate: Invariant<MeshEvent, MeshView> = {
  id: 'drain-rate',
  holds: 'no second sees more dispatched migrations than the drain rate, but for those that failed',
  create(context) {
    const rate = context.view.config.drainRatePerSec;
    const states = new Incarnations((_node, inc) => ({ inc, slots: new DrainSlots(), current: 0n }));

    return {
      on: {
        crash(event) {
          states.end(event.node);
        },
        admit(event) {
          if (event.action.kind !== 'migrate_blob' || event.decision !== 'defer') return;
          const taken = states.of(event.node, event.inc).slots.taken(context.now());
          if (taken < rate) {
            context.violate(
              `expected migration ${event.id} of node ${event.node} to be admitted with ${taken} of ${rate} in the last second, found it deferred by ${event.ms} ms`,
            );
          } else if (event.ms !== DRAIN_RETRY_MS) {
            context.violate(
              `expected migration ${event.id} of node ${event.node} to be deferred by ${DRAIN_RETRY_MS} ms, found ${event.ms} ms`,
            );
          }
        },
        dispatch(event) {
          if (event.pending.action.kind !== 'migrate_blob') return;
          const state = states.of(event.node, event.inc);
          const nowMs = context.now();
          const taken = state.slots.taken(nowMs);
          if (taken >= rate) {
            context.violate(
              `expected at most ${rate} migrations within ${DRAIN_SPAN_MS} ms on node ${event.node}, found migration ${event.id} dispatched at ${nowMs} ms after ${taken}`,
            );
            return;
          }
          state.slots.dispatched(event.id, nowMs);
          state.current = event.id;
        },
        'dispatch-end'(event) {
          const state = states.of(event.node, event.inc);
          if (state.current !== event.id) return;
          state.current = 0n;
          if (event.result !== 'ok') state.slots.failed(event.id);
        },
      },
    };
  },
};
