/**
 * The live broadcaster gives what the model gives.
 *
 * The result comes from the membership at the sending: each backend's response is its answer if that arrived in time and
 * the backend did not die first, else a timeout. Broadcasts of a node run one after another in the order in which they were
 * asked for. Each is sent as soon as the one before is over, and each gets a result: at once when everybody has answered,
 * else within a millisecond of the timeout. Whoever asked for the broadcast gets the result then. A paused node does all
 * this when it resumes.
 *
 * Registering a backend returns the one that it replaced; saying whether it lives returns whether it is known. Up to the
 * bound, broadcasts wait for the one under way. One more is refused at once, and no other is.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { BroadcastOperation } from '../../../src/broadcast/operation.ts';
import type { BroadcastResult } from '../../../src/broadcast/operation-result.ts';
import { WAITING_BROADCASTS_CAPACITY } from '../../../src/ring/capacities.ts';
import type { BroadcastClient, MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { inWords as dataInWords, sameData } from '../model/actions.ts';
import { Broadcasts, type InFlight } from '../model/broadcast.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

type Result = Extract<MeshEvent, { kind: 'broadcast-result' }>;

/** A result that was given, and who must get it. */
interface Reply {
  readonly op: string;
  readonly client: BroadcastClient;
  readonly result: BroadcastResult;
}

/** How long after the timeout a result may come: an answer may come exactly at the timeout. */
const RESULT_AFTER_MS = 1;

class State extends Broadcasts {
  /** The operation of the broadcast under way, in the words of the event. */
  operation = '';
  /** The operation asked for, by operation key. */
  readonly given = new Map<string, Extract<MeshEvent, { kind: 'broadcast' }>>();
  /**
   * Broadcasts that found the waiting places full, or perhaps did: which one the broadcaster has just taken cannot be seen.
   */
  readonly tooMany = new Set<string>();
  readonly perhapsTooMany = new Set<string>();
  paused = false;
  /** When the broadcaster must have done its next step: send the oldest that was asked for, or give its result. */
  byMs = Number.POSITIVE_INFINITY;
  /** Results given in the latest millisecond that had any. */
  readonly replies: Reply[] = [];
  /** When those who asked must have got them. */
  repliesByMs = 0;

  resumed(nowMs: number): void {
    this.paused = false;
    this.byMs = Math.max(this.byMs, nowMs);
    this.repliesByMs = Math.max(this.repliesByMs, nowMs);
  }
}

function placeInWords(endpoint: number): string {
  return endpoint === 0 ? 'nobody' : `endpoint ${endpoint}`;
}

interface Lists {
  readonly acks: readonly string[];
  readonly timeouts: readonly string[];
  readonly failures: readonly (readonly [string, string])[];
  readonly skippedDead: readonly string[];
}

function modelOf(flight: InFlight): Lists {
  const acks: string[] = [];
  const timeouts: string[] = [];
  const failures: [string, string][] = [];
  for (const { backend, answer } of flight.sent) {
    if (answer === null) timeouts.push(backend);
    else if (answer === 'ack') acks.push(backend);
    else failures.push([backend, answer]);
  }
  return { acks, timeouts, failures, skippedDead: flight.dead };
}

function allAnswered(flight: InFlight): boolean {
  for (const { answer } of flight.sent) if (answer === null) return false;
  return true;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameFailures(a: Lists['failures'], b: Lists['failures']): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i]?.[0] !== b[i]?.[0] || a[i]?.[1] !== b[i]?.[1]) return false;
  return true;
}

function inWords(lists: Lists): string {
  const failures = lists.failures.map(([backend, reason]) => `${backend} (${reason})`);
  const part = (name: string, list: readonly string[]): string =>
    `${name} ${list.length === 0 ? 'none' : list.join(' ')}`;
  return [
    part('acks', lists.acks),
    part('timeouts', lists.timeouts),
    part('failures', failures),
    part('dead', lists.skippedDead),
  ].join(', ');
}

export const broadcastModel: Invariant<MeshEvent, MeshView> = {
  id: 'broadcast-model',
  holds: "the live broadcaster's result is the model's, is there when it can be, and gets to whoever asked",
  create(context) {
    const { broadcastTimeoutMs: timeoutMs, waitingBroadcastsMax = WAITING_BROADCASTS_CAPACITY } = context.view.config;
    const states = new Incarnations((_node, inc) => new State(inc, timeoutMs));

    function onTime(state: State, node: number): boolean {
      const nowMs = context.now();
      if (state.paused || nowMs <= state.byMs) return true;
      const [op] = state.asked;
      context.violate(
        state.inFlight === null
          ? `expected ${op} to be sent by node ${node} at ${state.byMs} ms, when nothing was before it any more, found it not sent by ${nowMs} ms`
          : `expected the result of ${op}, sent by node ${node} at ${state.inFlight.sentAtMs} ms, at ${state.byMs} ms at the latest, found none by ${nowMs} ms`,
      );
      return false;
    }

    function refusedIfTooMany(state: State, { node, op }: { readonly node: number; readonly op: string }): boolean {
      if (!state.tooMany.has(op)) return true;
      context.violate(
        `expected node ${node} to refuse ${op}, as ${waitingBroadcastsMax} broadcasts waited when it was asked for, found it carried out`,
      );
      return false;
    }

    /** Those who asked have got the results that were given. */
    function replied(state: State, node: number): boolean {
      const { replies } = state;
      if (replies.length === 0 || state.paused || context.now() <= state.repliesByMs) return true;
      for (const { op, client, result } of replies) {
        if (sameData(client.result, result)) continue;
        const found = client.result === null ? 'none' : dataInWords(client.result);
        context.violate(
          `expected whoever asked node ${node} for ${op} to get its result at ${state.repliesByMs} ms, ${dataInWords(result)}, found ${found}`,
        );
        return false;
      }
      replies.length = 0;
      return true;
    }

    /** The memory of the incarnation. Null if it is behind with something. */
    function current(node: number, inc: number): State | null {
      const state = states.of(node, inc);
      return onTime(state, node) && replied(state, node) ? state : null;
    }

    /** No backend was given up that could still answer in time. */
    function waitedLongEnough(event: Result, flight: InFlight): boolean {
      const nowMs = context.now();
      if (nowMs >= flight.deadlineMs) return true;
      for (const sent of flight.sent) {
        if (sent.answer !== null || sent.died) continue;
        context.violate(
          `expected ${event.op} to wait for ${sent.backend} until ${flight.deadlineMs} ms, found its result at ${nowMs} ms`,
        );
        return false;
      }
      return true;
    }

    /** What the result says of itself, besides its lists, is true. */
    function tellsItself(event: Result, given: BroadcastOperation): boolean {
      const { result } = event;
      if (!sameData(result.operation, given)) {
        context.violate(
          `expected the result of ${event.op} to name what was asked for, ${dataInWords(given)}, found ${dataInWords(result.operation)}`,
        );
        return false;
      }
      for (const { timeoutMs: told } of result.timeouts) {
        if (numberOf(told) === event.timeoutMs) continue;
        context.violate(
          `expected the backends that timed out in ${event.op} to stand there with ${event.timeoutMs} ms, found ${told} ms`,
        );
        return false;
      }
      const sent = event.acks.length + event.timeouts.length + event.failures.length;
      if (result.sentCount !== sent) {
        context.violate(`expected ${event.op} to count ${sent} sendings, found ${result.sentCount}`);
        return false;
      }
      const allAcked = event.timeouts.length + event.failures.length === 0;
      if (result.allLiveBackendsAcked !== allAcked) {
        context.violate(
          `expected ${event.op} to say ${allAcked} of whether all live backends acked, found ${result.allLiveBackendsAcked}`,
        );
        return false;
      }
      return true;
    }

    return {
      on: {
        boot(event) {
          states.of(event.node, event.inc);
        },
        crash(event) {
          current(event.node, event.inc);
          states.end(event.node);
        },
        pause(event) {
          current(event.node, event.inc);
          states.of(event.node, event.inc).paused = true;
        },
        resume(event) {
          states.of(event.node, event.inc).resumed(context.now());
        },
        'backend-register'(event) {
          const { registry } = states.of(event.node, event.inc);
          const known = registry.find(event.backend)?.endpoint ?? 0;
          if (event.replaced !== known) {
            context.violate(
              `expected ${event.backend} on node ${event.node} to take the place of ${placeInWords(known)}, found ${placeInWords(event.replaced)} given back`,
            );
            return;
          }
          registry.register(event.backend, event.endpoint, event.live);
        },
        'backend-live'(event) {
          const state = states.of(event.node, event.inc);
          const known = state.registry.find(event.backend) !== undefined;
          if (event.found !== known) {
            context.violate(
              `expected node ${event.node} to ${known ? 'know' : 'know nothing of'} ${event.backend} when ${event.op} said whether it lives, found that it says ${known ? 'it does not' : 'it does'}`,
            );
            return;
          }
          state.setLive(event.backend, event.live);
        },
        broadcast(event) {
          const state = current(event.node, event.inc);
          if (state === null) return;
          if (state.asked.length === 0) state.byMs = context.now();
          const ahead = state.asked.length;
          // The oldest of them may be under way, and then does not wait.
          if (ahead > waitingBroadcastsMax) state.tooMany.add(event.op);
          if (ahead >= waitingBroadcastsMax + (state.inFlight === null ? 0 : 1)) state.perhapsTooMany.add(event.op);
          state.asked.push(event.op);
          state.given.set(event.op, event);
        },
        'broadcast-refused'(event) {
          const state = current(event.node, event.inc);
          if (state === null) return;
          if (!state.perhapsTooMany.has(event.op)) {
            context.violate(
              `expected node ${event.node} to take ${event.op}, as fewer than ${waitingBroadcastsMax} broadcasts waited, found it refused`,
            );
            return;
          }
          state.tooMany.delete(event.op);
          state.refused(event.op);
          if (state.asked.length === 0) state.byMs = Number.POSITIVE_INFINITY;
        },
        'backend-send'(event) {
          const state = current(event.node, event.inc);
          if (state === null || !refusedIfTooMany(state, event)) return;
          const next = state.asked[0];
          if (next !== event.op) {
            context.violate(
              `expected the broadcasts of node ${event.node} to run one after another as asked for, now ${next ?? 'none'}, found ${event.op} sent`,
            );
            return;
          }
          const flight = state.sending(event.op, context.now());
          if (flight.sent.length === 0) {
            state.operation = event.operation;
          } else if (state.operation !== event.operation || flight.sentAtMs !== context.now()) {
            context.violate(
              `expected ${event.op} to be sent to all at once, ${state.operation} at ${flight.sentAtMs} ms, found ${event.operation} sent to ${event.backend} at ${context.now()} ms`,
            );
            return;
          }
          flight.sent.push({ backend: event.backend, endpoint: event.endpoint, answer: null, died: false });
          state.byMs = flight.deadlineMs + RESULT_AFTER_MS;
        },
        'backend-answer'(event) {
          const state = current(event.node, event.inc);
          if (state === null) return;
          const nowMs = context.now();
          const { last } = state;
          if (last !== null && last.op === event.op && nowMs <= last.deadlineMs) {
            const sent = last.sent.find(({ endpoint }) => endpoint === event.endpoint);
            if (sent !== undefined && sent.answer === null && !sent.died) {
              context.violate(
                `expected the answer of ${event.backend} to ${event.op} to count, because it arrived at ${nowMs} ms and not after ${last.deadlineMs} ms, found the result given without it`,
              );
            }
            return;
          }
          state.answered(event.op, event.endpoint, event.answer, nowMs);
          if (state.inFlight?.op === event.op && allAnswered(state.inFlight)) state.byMs = Math.min(state.byMs, nowMs);
        },
        'broadcast-result'(event) {
          const state = current(event.node, event.inc);
          if (state === null || !refusedIfTooMany(state, event)) return;
          const asked = state.given.get(event.op);
          if (asked === undefined || state.asked[0] !== event.op) {
            context.violate(
              `expected the results of node ${event.node} in the order asked for, next ${state.asked[0] ?? 'none'}, found ${event.op}`,
            );
            return;
          }
          const flight = state.sending(event.op, context.now());
          if (!waitedLongEnough(event, flight)) return;
          const model = modelOf(flight);
          if (
            !sameTexts(model.acks, event.acks) ||
            !sameTexts(model.timeouts, event.timeouts) ||
            !sameFailures(model.failures, event.failures) ||
            !sameTexts(model.skippedDead, event.skippedDead)
          ) {
            const expected = inWords(model);
            const found = inWords(event);
            context.violate(`expected of ${event.op}: ${expected}, found: ${found}`, { expected, found });
            return;
          }
          if (event.timeoutMs !== state.timeoutMs) {
            context.violate(
              `expected a timeout of ${state.timeoutMs} ms in the result of ${event.op}, found ${event.timeoutMs} ms`,
            );
            return;
          }
          if (!tellsItself(event, asked.given.operation)) return;
          state.replies.push({ op: event.op, client: asked.client, result: event.result });
          state.repliesByMs = context.now();
          state.given.delete(event.op);
          state.resulted(event.op);
          state.byMs = state.asked.length === 0 ? Number.POSITIVE_INFINITY : context.now();
        },
      },
      end() {
        states.forEach((state, node) => {
          const op = state.asked[0];
          if (op !== undefined)
            context.violate(`expected a result of ${op} on node ${node} by the end of the run, found none`);
          else replied(state, node);
        });
      },
    };
  },
};
