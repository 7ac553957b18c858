/**
 * Backpressure is asserted at its on mark and released at its off mark, in turns. The depths are those of queue and
 * deferred actions together, and the hook hears of every edge once. Whatever has drained is released, with or without
 * traffic: under `strict` as soon as the last action is done, and in any case before the executor ends and once all has
 * settled.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Putoffs } from '../model/actions.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

type Edge = 'asserted' | 'released';

class Pressure {
  readonly inc: number;
  readonly putoffs: Putoffs;
  /** By action id: put off and not taken up again. */
  readonly waiting: boolean[] = [];
  asserted = false;
  queued = 0;
  deferred = 0;
  /**
   * 1 while a fresh action was taken and admission has not decided on it. A due action still counts as deferred until then.
   */
  inHand = 0;
  /** A dispatch failed, and the depth without its action was not fed yet. */
  failed = false;
  /** That action is put off again afterwards. */
  requeues = false;
  /** The edge that the hook has not heard of. */
  untold: Edge | null = null;
  /** Under `strict`: an action is done, or put off, and the depth was not fed yet. */
  owed = false;
  /** An action was done, or put off, since the executor began. */
  served = false;
  /** How often the depth was fed since then, or since a fresh action was taken. */
  fed = 0;
  /** The executor's queue is closed. */
  closed = false;

  constructor(inc: number, maxDefers: number) {
    this.inc = inc;
    this.putoffs = new Putoffs(maxDefers);
  }

  setWaiting(id: number, waiting: boolean): void {
    while (this.waiting.length <= id) this.waiting.push(false);
    this.waiting[id] = waiting;
  }
}

export const backpressureEdges: Invariant<MeshEvent, MeshView> = {
  id: 'backpressure-edges',
  holds: 'asserted and released alternate, each at the right depth, and what has drained is released',
  create(context) {
    const { view } = context;
    const { backpressureOn: on, backpressureOff: off, maxDefers } = view.config;
    const strict = view.semantics === 'strict';
    const states = new Incarnations((_node, inc) => new Pressure(inc, maxDefers));

    /** The executor goes on. The hook must have heard of the last edge. */
    function goesOn(state: Pressure, event: { readonly node: number; readonly kind: string }): boolean {
      if (state.untold === null) return true;
      context.violate(
        `expected the hook of node ${event.node} to be told '${state.untold}' at once, found '${event.kind}' first`,
      );
      return false;
    }

    /** A record about an action is written. The depth must have been fed since its dispatch failed. */
    function fedBefore(state: Pressure, event: { readonly node: number; readonly kind: string }): boolean {
      if (!state.failed) return true;
      context.violate(
        `expected the queue depth of node ${event.node} to be fed after a failed dispatch, before anything is written, found '${event.kind}' first`,
      );
      return false;
    }

    /** The executor has turned to other things, or another task runs. Under `strict` it has fed the depth before. */
    function fedAfter(state: Pressure, event: { readonly node: number; readonly kind: string }): boolean {
      if (!state.owed) return true;
      context.violate(
        `expected the queue depth of node ${event.node} to be fed once an action was done with, found '${event.kind}' first, backpressure being ${state.asserted ? 'asserted' : 'released'} at depth ${state.queued + state.deferred}`,
      );
      return false;
    }

    /** Admission decides on an action. The depth with it must have been fed. */
    function fedWith(state: Pressure, event: { readonly node: number; readonly id: bigint }, fresh: boolean): boolean {
      // A due action leaves no trace when it is taken. So a depth fed for it must be told apart from one fed after the
      // action before.
      if (state.fed >= (fresh || !strict || !state.served ? 1 : 2)) return true;
      context.violate(
        `expected the queue depth of node ${event.node} to be fed with action ${event.id} before admission decided on it, found that it was not`,
      );
      return false;
    }

    function drained(state: Pressure, node: number, when: string): void {
      const depth = state.queued + state.deferred;
      if (!state.asserted || depth > off) return;
      context.violate(
        `expected the backpressure of node ${node} to be released ${when}, at depth ${depth} with an off mark of ${off}, found it asserted`,
      );
    }

    /** An action is done, or put off. Under `strict` the depth is fed before anything else happens. */
    function done(state: Pressure): void {
      state.owed = strict;
      state.served = true;
      state.fed = 0;
    }

    function expectedChange(state: Pressure, depth: number): Edge | 'steady' {
      if (!state.asserted) return depth >= on ? 'asserted' : 'steady';
      return depth <= off ? 'released' : 'steady';
    }

    return {
      on: {
        crash(event) {
          states.end(event.node);
        },
        enqueue(event) {
          const state = states.of(event.node, event.inc);
          if (fedAfter(state, event) && event.outcome === 'sent') state.queued++;
        },
        'queue-close'(event) {
          states.of(event.node, event.inc).closed = true;
        },
        dequeue(event) {
          const state = states.of(event.node, event.inc);
          if (!goesOn(state, event) || !fedAfter(state, event)) return;
          state.queued--;
          state.fed = 0;
          state.inHand = 1;
        },
        depth(event) {
          const state = states.of(event.node, event.inc);
          if (!goesOn(state, event)) return;
          const depth = state.queued + state.deferred + state.inHand;
          // `action-conservation` checks what a closing executor forgets. The executor ends at depth 0 in any case.
          if (state.closed && event.depth === 0) state.deferred = 0;
          else if (event.depth !== depth) {
            context.violate(
              `expected depth ${depth} on node ${event.node}, ${state.queued} queued, ${state.deferred} deferred and ${state.inHand} in hand, found ${event.depth}`,
            );
            return;
          }
          const change = expectedChange(state, event.depth);
          if (event.change !== change) {
            context.violate(
              `expected depth ${event.depth} on node ${event.node} to be '${change}' with marks ${on} and ${off}, backpressure being ${state.asserted ? 'asserted' : 'released'}, found '${event.change}'`,
            );
            return;
          }
          if (change !== 'steady') {
            state.asserted = change === 'asserted';
            state.untold = change;
          }
          state.owed = false;
          state.fed++;
          state.failed = false;
          if (state.requeues) {
            state.requeues = false;
            state.deferred++;
          }
        },
        hook(event) {
          const state = states.of(event.node, event.inc);
          const untold = state.untold;
          state.untold = null;
          if (event.change === untold) return;
          context.violate(
            `expected the hook of node ${event.node} to be told ${untold === null ? 'nothing, as there was no edge' : `'${untold}'`}, found '${event.change}'`,
          );
        },
        admit(event) {
          const state = states.of(event.node, event.inc);
          if (!goesOn(state, event)) return;
          const id = numberOf(event.id);
          const due = state.waiting[id] === true;
          if (!fedWith(state, event, !due)) return;
          if (due) {
            state.waiting[id] = false;
            state.deferred--;
          } else {
            state.inHand = 0;
          }
          if (event.decision !== 'defer') return;
          if (!state.putoffs.allow(id)) return;
          state.setWaiting(id, true);
          state.deferred++;
          done(state);
        },
        'dispatch-end'(event) {
          if (event.result === 'ok') return;
          const state = states.of(event.node, event.inc);
          const id = numberOf(event.id);
          state.failed = true;
          if (event.result === 'failed' && event.retryAfterMs !== null && state.putoffs.allow(id)) {
            state.setWaiting(id, true);
            state.requeues = true;
          }
        },
        'append-failure'(event) {
          const state = states.of(event.node, event.inc);
          if (goesOn(state, event)) fedBefore(state, event);
        },
        'append-action'(event) {
          const state = states.of(event.node, event.inc);
          if (!goesOn(state, event) || !fedBefore(state, event)) return;
          const id = numberOf(event.id);
          if (event.type === 'failed' && event.ms === null && state.waiting[id] === true) {
            // A deferred action that fails without being taken up: the executor closes, and feeds the depth at its end.
            state.waiting[id] = false;
            state.deferred--;
            return;
          }
          done(state);
        },
        'executor-end'(event) {
          const state = states.of(event.node, event.inc);
          if (goesOn(state, event) && fedAfter(state, event)) drained(state, event.node, 'before its executor ends');
        },
        settled() {
          states.forEach((state, node) => {
            drained(state, node, 'once everything has settled');
          });
        },
      },
      end() {
        states.forEach((state, node) => {
          drained(state, node, 'by the end of the run');
        });
      },
    };
  },
};
