/**
 * First come, first served. Fresh actions go through inbox and queue in the order in which they were submitted. Deferred
 * ones are taken by deadline, then by order of setting. Whether a fresh or a due action goes first is left open.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { Putoffs } from '../model/actions.ts';
import { Deferred } from '../model/deferred.ts';
import { Fifo } from '../model/fifo.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

class Order {
  readonly inc: number;
  /** Operations of the submissions in the inbox. */
  readonly inbox = new Fifo<string>();
  /** Ids in the executor's queue. */
  readonly queue = new Fifo<bigint>();
  readonly deferred = new Deferred();
  readonly putoffs: Putoffs;
  lastEnqueued = 0n;
  /** The fresh action last taken out of the queue. */
  fresh = 0n;

  constructor(inc: number, maxDefers: number) {
    this.inc = inc;
    this.putoffs = new Putoffs(maxDefers);
  }
}

export const actionOrder: Invariant<MeshEvent, MeshView> = {
  id: 'action-order',
  holds: 'fresh actions are served in order of submission, due ones by deadline, then by order of setting',
  create(context) {
    const { config } = context.view;
    const orders = new Incarnations((_node, inc) => new Order(inc, config.maxDefers));

    function putOff(order: Order, id: bigint, deadlineMs: number): void {
      const key = numberOf(id);
      if (order.putoffs.allow(key)) order.deferred.add(key, deadlineMs);
    }

    /** A deferred action leaves. It must be the first by deadline, then by order of setting. */
    function leaves(order: Order, node: number, id: bigint, how: string): void {
      const { deferred } = order;
      if (deferred.firstId !== numberOf(id)) {
        const deadline = deferred.deadlineOf(numberOf(id));
        const own = deadline === null ? 'which is not deferred' : `which is due at ${deadline} ms`;
        context.violate(
          `expected node ${node} to ${how} action ${deferred.firstId}, due at ${deferred.firstDeadlineMs} ms and first in order, found action ${id}, ${own}`,
        );
        return;
      }
      deferred.removeFirst();
    }

    return {
      on: {
        crash(event) {
          orders.end(event.node);
        },
        offer(event) {
          if (event.outcome === 'sent' && event.input === 'submit')
            orders.of(event.node, event.inc).inbox.push(event.op);
        },
        take(event) {
          if (event.input !== 'submit') return;
          const first = orders.of(event.node, event.inc).inbox.shift();
          if (first !== event.op) {
            context.violate(
              `expected node ${event.node} to take submissions in their order, next ${first ?? 'none'}, found ${event.op}`,
            );
          }
        },
        enqueue(event) {
          const order = orders.of(event.node, event.inc);
          if (event.id !== order.lastEnqueued + 1n) {
            context.violate(
              `expected node ${event.node} to hand its actions over in id order, next ${order.lastEnqueued + 1n}, found ${event.id}`,
            );
            return;
          }
          order.lastEnqueued = event.id;
          if (event.outcome === 'sent') order.queue.push(event.id);
        },
        dequeue(event) {
          const order = orders.of(event.node, event.inc);
          const first = order.queue.shift();
          order.fresh = event.id;
          if (first !== event.id) {
            context.violate(
              `expected fresh actions to leave the queue of node ${event.node} in their order, next ${first ?? 'none'}, found ${event.id}`,
            );
          }
        },
        admit(event) {
          const order = orders.of(event.node, event.inc);
          const nowMs = context.now();
          if (order.fresh === event.id) {
            order.fresh = 0n;
          } else {
            if (order.deferred.firstId === numberOf(event.id) && order.deferred.firstDeadlineMs > nowMs) {
              context.violate(
                `expected node ${event.node} to leave action ${event.id} alone until ${order.deferred.firstDeadlineMs} ms, found it served at ${nowMs} ms`,
              );
              return;
            }
            leaves(order, event.node, event.id, 'serve');
          }
          if (event.decision === 'defer') putOff(order, event.id, nowMs + event.ms);
        },
        'dispatch-end'(event) {
          if (event.result !== 'failed' || event.retryAfterMs === null) return;
          putOff(orders.of(event.node, event.inc), event.id, context.now() + Number(event.retryAfterMs));
        },
        'append-action'(event) {
          // Only a close ends deferred actions without serving them.
          if (event.type !== 'failed' || event.ms !== null) return;
          const order = orders.of(event.node, event.inc);
          if (order.deferred.length > 0 && order.deferred.deadlineOf(numberOf(event.id)) !== null) {
            leaves(order, event.node, event.id, 'close');
          }
        },
      },
    };
  },
};
