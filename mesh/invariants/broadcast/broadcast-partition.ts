/**
 * A broadcast leaves no backend out and counts none twice. Every backend registered at the sending stands in exactly one of
 * the four lists, by its whole key, each list in insertion order. It was sent to exactly the backends that were live then,
 * once to each.
 */

import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { BackendKey } from '../../../src/broadcast/backend.ts';
import type { MeshEvent } from '../../events.ts';
import { backendKey, backendName } from '../../system/backends.ts';
import type { MeshView } from '../../view.ts';
import { inWords as dataInWords } from '../model/actions.ts';
import { Broadcasts, type InFlight } from '../model/broadcast.ts';
import { Incarnations } from '../model/incarnations.ts';

/** Field by field, as registries compare them. */
function sameKey(a: BackendKey, b: BackendKey): boolean {
  if (a.serviceName !== b.serviceName || a.serviceVersion !== b.serviceVersion) return false;
  const x = a.instance;
  const y = b.instance;
  switch (x.kind) {
    case 'shared':
      return y.kind === 'shared';
    case 'private':
      return y.kind === 'private' && x.serviceName === y.serviceName;
    case 'explicit':
      return y.kind === 'explicit' && x.name === y.name;
  }
}

/** 1 if the list holds the backend, else 0. Each stands in a list once at most. */
function holds(list: readonly string[], backend: string): number {
  return list.includes(backend) ? 1 : 0;
}

export const broadcastPartition: Invariant<MeshEvent, MeshView> = {
  id: 'broadcast-partition',
  holds: 'every backend is in exactly one list, in order; only live ones received',
  create(context) {
    const timeoutMs = context.view.config.broadcastTimeoutMs;
    const states = new Incarnations((_node, inc) => new Broadcasts(inc, timeoutMs));
    /** By name, because results name the same few again and again. */
    const keys = new Map<string, BackendKey>();

    type Result = Extract<MeshEvent, { kind: 'broadcast-result' }>;

    /** The names of a list stand in the order in which the backends were registered. */
    function inOrder(event: Result, members: readonly string[], name: string, list: readonly string[]): boolean {
      let last = -1;
      for (const backend of list) {
        const index = members.indexOf(backend);
        if (index < 0) {
          context.violate(`expected only registered backends in the ${name} of ${event.op}, found ${backend}`);
          return false;
        }
        if (index <= last) {
          context.violate(
            `expected the ${name} of ${event.op} in insertion order, each backend once, found ${list.join(', ')}`,
          );
          return false;
        }
        last = index;
      }
      return true;
    }

    /** The keys in the result are the backends' whole keys, and not only right in the field that tells them apart. */
    function keyed({ op, result }: Result): boolean {
      for (const found of result.acks) if (!keyedRight(op, found)) return false;
      for (const { key } of result.timeouts) if (!keyedRight(op, key)) return false;
      for (const { key } of result.failures) if (!keyedRight(op, key)) return false;
      for (const found of result.skippedDead) if (!keyedRight(op, found)) return false;
      return true;
    }

    function keyedRight(op: string, found: BackendKey): boolean {
      const backend = backendName(found);
      const registered = registeredKey(backend);
      if (sameKey(registered, found)) return true;
      const expected = dataInWords(registered);
      context.violate(
        `expected the result of ${op} to name ${backend} by its key, ${expected}, found ${dataInWords(found)}`,
      );
      return false;
    }

    function registeredKey(backend: string): BackendKey {
      const known = keys.get(backend);
      if (known !== undefined) return known;
      const made = backendKey(backend);
      keys.set(backend, made);
      return made;
    }

    function partitions(event: Result, flight: InFlight, members: readonly string[]): void {
      const failures = event.failures.map(([backend]) => backend);
      const ordered =
        inOrder(event, members, 'acks', event.acks) &&
        inOrder(event, members, 'timeouts', event.timeouts) &&
        inOrder(event, members, 'failures', failures) &&
        inOrder(event, members, 'skipped dead', event.skippedDead);
      if (!ordered) return;
      const { acks, timeouts, skippedDead } = event;
      for (const backend of members) {
        const times =
          holds(acks, backend) + holds(timeouts, backend) + holds(failures, backend) + holds(skippedDead, backend);
        if (times === 1) continue;
        context.violate(`expected ${backend} in exactly one list of ${event.op}, found it in ${times}`);
        return;
      }
      for (const backend of flight.dead) {
        if (event.skippedDead.includes(backend)) continue;
        context.violate(
          `expected ${backend}, dead when ${event.op} was sent, to be skipped, found it among those that were sent to`,
        );
        return;
      }
      for (const { name } of flight.live) {
        if (!event.skippedDead.includes(name)) continue;
        context.violate(
          `expected ${name}, live when ${event.op} was sent, not to be skipped as dead, found it skipped`,
        );
        return;
      }
    }

    return {
      on: {
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
          states.of(event.node, event.inc).asked.push(event.op);
        },
        'broadcast-refused'(event) {
          states.of(event.node, event.inc).refused(event.op);
        },
        'backend-send'(event) {
          const state = states.of(event.node, event.inc);
          const flight = state.sending(event.op, context.now());
          const target = flight.live[flight.sent.length];
          if (target === undefined || target.name !== event.backend || target.endpoint !== event.endpoint) {
            const expected = target === undefined ? 'nobody more' : `${target.name} (endpoint ${target.endpoint})`;
            const registered = state.registry.find(event.backend);
            const dead = registered !== undefined && !registered.live ? ', which is dead' : '';
            context.violate(
              `expected ${event.op} to be sent to the live backends of node ${event.node} in order, next ${expected}, found ${event.backend} (endpoint ${event.endpoint})${dead}`,
            );
            return;
          }
          flight.sent.push({ backend: event.backend, endpoint: event.endpoint, answer: null, died: false });
        },
        'broadcast-result'(event) {
          const state = states.of(event.node, event.inc);
          const flight = state.sending(event.op, context.now());
          if (!keyed(event)) return;
          if (flight.sent.length < flight.live.length) {
            context.violate(
              `expected ${event.op} to be sent to all ${flight.live.length} live backends of node ${event.node}, found it sent to ${flight.sent.length}`,
            );
            return;
          }
          // Backends are only ever added to the registry, at its end. So the first ones are those of the sending.
          const count = flight.live.length + flight.dead.length;
          partitions(
            event,
            flight,
            state.registry.backends.slice(0, count).map(({ name }) => name),
          );
          state.resulted(event.op);
        },
      },
    };
  },
};
