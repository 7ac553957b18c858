/**
 * What the executor does about one action comes in one order, each effect once. First the depth with the action, and the
 * hook; then admission; then the dispatch. After a failed dispatch come the release and the depth without the action. Then
 * the counter, the failure chain, the ring and the action chain, and the way back among the deferred. Under `strict` the
 * depth follows once more. A close fails what is left and feeds a depth of 0. Counters and rings are read at the ports,
 * where this order says what they must hold already, and what not yet.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent, MeshEventKind } from '../../events.ts';
import type { MeshView, NodeView } from '../../view.ts';
import { Putoffs } from '../model/actions.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

/** What the executor does next. */
type Step =
  /** It takes up an action, or closes. */
  | 'idle'
  | 'feed-with'
  | 'admit'
  | 'dispatch'
  /** The dispatcher has it. */
  | 'answer'
  | 'release'
  | 'feed-without'
  | 'failure'
  | 'chain'
  | 'feed-after'
  /** It has failed a deferred action because of the close. It fails the next, or feeds the last depth. */
  | 'close'
  | 'end'
  /** Nothing: it has ended. */
  | 'over';

class Turn {
  readonly inc: number;
  readonly putoffs: Putoffs;
  step: Step = 'idle';
  /** The action in hand; 0 while it is a due one that admission was not asked about. */
  id = 0n;
  /** It is to be dispatched again: last of all it goes back among the deferred. */
  retries = false;
  /** It fails because of the close. */
  closes = false;
  /** How many were deferred when it was dispatched. */
  deferred = 0;
  /** Under `netMesh021`, where an idle tick feeds the depth too: it was fed since an action was last taken up. */
  fed = false;
  /** The edge that the hook has not heard of. */
  untold: 'asserted' | 'released' | null = null;
  queued = 0;
  closed = false;
  /** Outcomes that must have been counted: dispatched, failed, deferred, gated, retried. */
  outcomes = 0;
  edges = 0;
  /** Failures that the ring must have got. */
  failures = 0;

  constructor(inc: number, maxDefers: number) {
    this.inc = inc;
    this.putoffs = new Putoffs(maxDefers);
  }
}

type Seen = { readonly node: number; readonly inc: number; readonly kind: MeshEventKind };

export const effectOrder: Invariant<MeshEvent, MeshView> = {
  id: 'effect-order',
  holds: 'what the executor does about an action comes in the order of the specification, each effect once',
  create(context) {
    const { view } = context;
    const strict = view.semantics === 'strict';
    const turns = new Incarnations((_node, inc) => new Turn(inc, view.config.maxDefers));

    function outOfTurn(turn: Turn, event: Seen): void {
      context.violate(
        `expected the executor of node ${event.node} to ${nextOf(turn)} next, found '${event.kind}'${'id' in event ? ` of action ${event.id}` : ''}`,
      );
    }

    /** The executor does what it must do next, and the hook has heard of the last edge. */
    function inTurn(turn: Turn, event: Seen, step: Step): boolean {
      if (turn.step === step && turn.untold === null) return true;
      outOfTurn(turn, event);
      return false;
    }

    /** The same, and it concerns the action that is in hand. */
    function inTurnWith(turn: Turn, event: Seen & { readonly id: bigint }, step: Step): boolean {
      if (turn.step === step && turn.untold === null && turn.id === event.id) return true;
      outOfTurn(turn, event);
      return false;
    }

    /** The close is next: nothing is in hand, or one action failed because of it. */
    function mayClose(turn: Turn): boolean {
      return turn.step === 'close' || (turn.step === 'idle' && turn.closed && turn.queued === 0);
    }

    function shownOf(turn: Turn, event: Seen): NodeView | null {
      const shown = view.node(event.node);
      return shown.inc === turn.inc ? shown : null;
    }

    /** Every outcome so far is counted, and no other. */
    function counted(turn: Turn, event: Seen, shown: NodeView, expected: number): boolean {
      const { dispatched, failed, deferred, gated, dispatchRetries } = shown.stats;
      const found = dispatched + failed + deferred + gated + dispatchRetries;
      if (found === expected) return true;
      context.violate(
        `expected node ${event.node} to have counted ${expected} outcomes at '${event.kind}'${turn.id === 0n ? '' : `, action ${turn.id} being in hand`}, found ${found}`,
      );
      return false;
    }

    /** The ring has every failure so far, and no other. */
    function onRing(turn: Turn, event: Seen, shown: NodeView): boolean {
      const { length, evicted } = shown.recentFailures;
      if (length + evicted === turn.failures) return true;
      context.violate(
        `expected the ring of recent failures of node ${event.node} to have got ${turn.failures} entries at '${event.kind}' of action ${turn.id}, found ${length + evicted}`,
      );
      return false;
    }

    /** A retried action waits again only when all is written. */
    function notYetBack(turn: Turn, event: Seen, shown: NodeView): void {
      if (!turn.retries || shown.deferred === turn.deferred) return;
      context.violate(
        `expected action ${turn.id} of node ${event.node} to be put back among the deferred after '${event.kind}', found ${shown.deferred} deferred instead of ${turn.deferred} before`,
      );
    }

    /** The action in hand is counted and written, or put off. */
    function handled(turn: Turn): void {
      if (strict && !turn.closes) {
        turn.step = 'feed-after';
        return;
      }
      turn.step = strict ? 'close' : 'idle';
      turn.closes = false;
      turn.id = 0n;
    }

    /** It has failed, or is gated. It is counted, then written on the failure chain. */
    function fails(turn: Turn): void {
      turn.outcomes++;
      turn.step = 'failure';
    }

    /** The depth is fed while nothing is in hand. False if it must not be. */
    function fedIdle(turn: Turn, depth: number): boolean {
      if (!strict) {
        // By the idle tick, or with a due action.
        turn.fed = true;
        return turn.step === 'idle';
      }
      if (depth === 0) {
        // A due action would count. The close feeds 0 when nothing is left.
        if (!mayClose(turn)) return false;
        turn.step = 'end';
        return true;
      }
      if (turn.step !== 'idle') return false;
      turn.step = 'admit';
      return true;
    }

    /** The depth is fed, which completes the step that it belongs to. False if it belongs to none. */
    function fed(turn: Turn, depth: number): boolean {
      switch (turn.step) {
        case 'feed-with':
          turn.step = 'admit';
          return true;
        case 'feed-without':
          fails(turn);
          // Retried attempts are on the failure ring under `strict` only.
          if (turn.retries && !strict) turn.step = 'chain';
          return true;
        case 'feed-after':
          turn.step = 'idle';
          turn.id = 0n;
          return true;
        default:
          return fedIdle(turn, depth);
      }
    }

    return {
      on: {
        crash(event) {
          turns.end(event.node);
        },
        enqueue(event) {
          if (event.outcome === 'sent') turns.of(event.node, event.inc).queued++;
        },
        'queue-close'(event) {
          turns.of(event.node, event.inc).closed = true;
        },
        dequeue(event) {
          const turn = turns.of(event.node, event.inc);
          if (!inTurn(turn, event, 'idle')) return;
          turn.queued--;
          turn.id = event.id;
          turn.step = 'feed-with';
        },
        depth(event) {
          const turn = turns.of(event.node, event.inc);
          const before = turn.outcomes;
          if (turn.untold !== null || !fed(turn, event.depth)) {
            outOfTurn(turn, event);
            return;
          }
          const shown = shownOf(turn, event);
          if (shown !== null && !counted(turn, event, shown, before)) return;
          if (event.change === 'steady') return;
          turn.untold = event.change;
          turn.edges++;
        },
        hook(event) {
          const turn = turns.of(event.node, event.inc);
          if (turn.untold !== event.change) {
            outOfTurn(turn, event);
            return;
          }
          turn.untold = null;
          const shown = shownOf(turn, event);
          if (shown !== null) {
            const { backpressureAsserts, backpressureReleases } = shown.stats;
            if (backpressureAsserts + backpressureReleases !== turn.edges) {
              context.violate(
                `expected node ${event.node} to have counted ${turn.edges} edges when its hook is told '${event.change}', found ${backpressureAsserts + backpressureReleases}`,
              );
              return;
            }
            // A failure is counted when the depth was fed without it and the hook knows.
            const failing = turn.step === 'failure' || turn.step === 'chain';
            if (!counted(turn, event, shown, failing ? turn.outcomes - 1 : turn.outcomes)) return;
          }
          if (event.threw && !strict) turn.step = 'over';
        },
        admit(event) {
          const turn = turns.of(event.node, event.inc);
          if (turn.step === 'idle' && turn.fed) turn.step = 'admit';
          turn.fed = false;
          if (turn.id === 0n) turn.id = event.id;
          if (turn.step !== 'admit' || turn.untold !== null || turn.id !== event.id) {
            outOfTurn(turn, event);
            return;
          }
          turn.retries = false;
          if (event.decision === 'admit') {
            turn.step = 'dispatch';
          } else if (event.decision === 'defer' && turn.putoffs.allow(numberOf(event.id))) {
            turn.outcomes++;
            handled(turn);
          } else {
            fails(turn);
          }
        },
        dispatch(event) {
          const turn = turns.of(event.node, event.inc);
          if (!inTurnWith(turn, event, 'dispatch')) return;
          turn.step = 'answer';
          turn.deferred = view.node(event.node).deferred;
        },
        'dispatch-end'(event) {
          const turn = turns.of(event.node, event.inc);
          if (!inTurnWith(turn, event, 'answer')) return;
          if (event.result === 'ok') {
            turn.outcomes++;
            turn.step = 'chain';
            return;
          }
          turn.step = event.result === 'threw' && !strict ? 'over' : 'release';
          turn.retries =
            event.result === 'failed' && event.retryAfterMs !== null && turn.putoffs.allow(numberOf(event.id));
        },
        release(event) {
          const turn = turns.of(event.node, event.inc);
          if (!inTurnWith(turn, event, 'release')) return;
          turn.step = 'feed-without';
          const shown = shownOf(turn, event);
          if (shown !== null) counted(turn, event, shown, turn.outcomes);
        },
        'append-failure'(event) {
          const turn = turns.of(event.node, event.inc);
          if (strict && mayClose(turn)) {
            turn.closes = true;
            turn.retries = false;
            fails(turn);
          }
          if (!inTurn(turn, event, 'failure')) return;
          turn.step = 'chain';
          const shown = shownOf(turn, event);
          if (shown !== null && counted(turn, event, shown, turn.outcomes) && onRing(turn, event, shown)) {
            notYetBack(turn, event, shown);
          }
          turn.failures++;
        },
        'append-action'(event) {
          const turn = turns.of(event.node, event.inc);
          if (turn.closes) turn.id = event.id;
          if (!inTurnWith(turn, event, 'chain')) return;
          const shown = shownOf(turn, event);
          if (shown !== null && counted(turn, event, shown, turn.outcomes) && onRing(turn, event, shown)) {
            notYetBack(turn, event, shown);
          }
          handled(turn);
        },
        'executor-end'(event) {
          const turn = turns.of(event.node, event.inc);
          if (inTurn(turn, event, strict ? 'end' : 'idle')) turn.step = 'over';
        },
      },
      end() {
        turns.forEach((turn, node) => {
          const rests = turn.step === 'idle' || turn.step === 'answer' || turn.step === 'over';
          if (rests && turn.untold === null) return;
          context.violate(`expected the executor of node ${node} to ${nextOf(turn)} next, found nothing more of it`);
        });
      },
    };
  },
};

function nextOf({ step, id, untold }: Turn): string {
  if (untold !== null) return `tell the hook '${untold}'`;
  switch (step) {
    case 'idle':
      return 'take up another action, or to close once its queue is closed and empty,';
    case 'feed-with':
      return `feed the depth with action ${id}`;
    case 'admit':
      return `ask admission about ${id === 0n ? 'the action that is due' : `action ${id}`}`;
    case 'dispatch':
      return `dispatch action ${id}`;
    case 'answer':
      return `see the end of the dispatch of action ${id}`;
    case 'release':
      return `give back what action ${id}, whose dispatch failed, had reserved`;
    case 'feed-without':
      return `feed the depth without action ${id}, whose dispatch failed,`;
    case 'failure':
      return `count action ${id} and append it to the failure chain`;
    case 'chain':
      return `append action ${id} to the action chain`;
    case 'feed-after':
      return `feed the depth, action ${id} being done with,`;
    case 'close':
      return 'fail the next deferred action, or to feed a depth of 0 and end,';
    case 'end':
      return 'end';
    case 'over':
      return 'do nothing, having ended,';
  }
}
