/**
 * The live broadcaster gives what the model gives: from the membership at the sending, each backend's response being its
 * answer if that arrived in time and the backend did not die first, else a timeout. Broadcasts of a node run one after
 * another in the order in which they were asked for, and none goes without a result.
 */
import type { Invariant } from '../../invariant/invariant.ts';
import type { MeshEvent } from '../events.ts';
import type { MeshView } from '../view.ts';
import { inWords as dataInWords, sameData } from './model/actions.ts';
import { Broadcasts, type InFlight } from './model/broadcast.ts';
import { Incarnations } from './model/incarnations.ts';

type Result = Extract<MeshEvent, { kind: 'broadcast-result' }>;

class State extends Broadcasts {
  /** Operation sent by the broadcast under way, in the words of the event. */
  operation = '';
  /** What the clients gave to be sent, by operation key. */
  readonly given = new Map<string, unknown>();
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
  holds: "the live broadcaster's result is the model's",
  create(context) {
    const timeoutMs = context.view.config.broadcastTimeoutMs;
    const states = new Incarnations((_node, inc) => new State(inc, timeoutMs));

    /** Nobody who could still answer in time was given up. */
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

    /** What the result says of itself beside its lists is true. */
    function tellsItself(event: Result, given: unknown): boolean {
      const { result } = event;
      if (!sameData(result.operation, given)) {
        context.violate(
          `expected the result of ${event.op} to name what was asked for, ${dataInWords(given)}, found ${dataInWords(result.operation)}`,
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
          states.end(event.node);
        },
        'backend-register'(event) {
          states.of(event.node, event.inc).registry.register(event.backend, event.endpoint, event.live);
        },
        'backend-live'(event) {
          states.of(event.node, event.inc).setLive(event.backend, event.live);
        },
        broadcast(event) {
          const state = states.of(event.node, event.inc);
          state.asked.push(event.op);
          state.given.set(event.op, event.given.operation);
        },
        'backend-send'(event) {
          const state = states.of(event.node, event.inc);
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
        },
        'backend-answer'(event) {
          const state = states.of(event.node, event.inc);
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
        },
        'broadcast-result'(event) {
          const state = states.of(event.node, event.inc);
          if (state.asked[0] !== event.op) {
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
          if (!tellsItself(event, state.given.get(event.op))) return;
          state.given.delete(event.op);
          state.resulted(event.op);
        },
      },
      end() {
        states.forEach((state, node) => {
          const op = state.asked[0];
          if (op !== undefined)
            context.violate(`expected a result of ${op} on node ${node} by the end of the run, found none`);
        });
      },
    };
  },
};
