/**
 * A broadcast ends in the millisecond in which the last backend that it was sent to has answered or died, because nothing
 * can change its result any more. A paused node ends it when it resumes.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Broadcasts } from '../model/broadcast.ts';
import { Incarnations } from '../model/incarnations.ts';

const NEVER = Number.POSITIVE_INFINITY;

class State extends Broadcasts {
  paused = false;
  /** When the broadcast under way must have its result. */
  byMs = NEVER;

  /** Nothing more can come for the broadcast under way. */
  get isOver(): boolean {
    const { inFlight } = this;
    return (
      inFlight !== null &&
      inFlight.sent.length === inFlight.live.length &&
      inFlight.sent.every(({ answer, died }) => answer !== null || died)
    );
  }
}

export const broadcastEnd: Invariant<MeshEvent, MeshView> = {
  id: 'broadcast-end',
  holds: 'a broadcast ends as soon as everybody it was sent to has answered or died',
  create(context) {
    const { broadcastTimeoutMs } = context.view.config;
    const states = new Incarnations((_node, inc) => new State(inc, broadcastTimeoutMs));

    function punctual(state: State, node: number): void {
      if (state.paused || context.now() <= state.byMs) return;
      context.violate(
        `expected node ${node} to end ${state.inFlight?.op} at ${state.byMs} ms, when everybody had answered or died, found it not ended by ${context.now()} ms`,
      );
      state.byMs = NEVER;
    }

    function current({ node, inc }: { readonly node: number; readonly inc: number }): State {
      const state = states.of(node, inc);
      punctual(state, node);
      return state;
    }

    function changed(state: State): void {
      if (state.byMs === NEVER && state.isOver) state.byMs = context.now();
    }

    return {
      on: {
        'backend-register'(event) {
          current(event).registry.register(event.backend, event.endpoint, event.live);
        },
        'backend-live'(event) {
          const state = current(event);
          state.setLive(event.backend, event.live);
          changed(state);
        },
        'backend-send'(event) {
          const state = current(event);
          const { sent } = state.sending(event.op, context.now());
          sent.push({ backend: event.backend, endpoint: event.endpoint, answer: null, died: false });
        },
        'backend-answer'(event) {
          const state = current(event);
          state.answered(event.op, event.endpoint, event.answer, context.now());
          changed(state);
        },
        'broadcast-result'(event) {
          const state = current(event);
          state.resulted(event.op);
          state.byMs = NEVER;
        },
        'append-log': current,
        pause(event) {
          current(event).paused = true;
        },
        resume(event) {
          const state = current(event);
          state.paused = false;
          if (state.byMs !== NEVER) state.byMs = context.now();
        },
        crash(event) {
          current(event);
          states.end(event.node);
        },
      },
      end() {
        states.forEach(punctual);
      },
    };
  },
};
