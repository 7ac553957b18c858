/**
 * An action is put off at most `maxDefers` times, defers and retries counted together. The next time it fails, with the
 * words of the budget; it never fails so before.
 */
import type { Invariant } from '../../../sim/invariant/invariant.ts';
import type { MeshEvent } from '../../events.ts';
import type { MeshView } from '../../view.ts';
import { CLOSED_REASON, deferBudgetText, inWords, Putoffs, retryBudgetText } from '../model/actions.ts';
import { Incarnations } from '../model/incarnations.ts';
import { numberOf } from '../model/numbers.ts';

class Budget {
  readonly inc: number;
  readonly putoffs: Putoffs;
  /** By action id: put off within the budget and not taken up again. */
  readonly waiting: boolean[] = [];
  /** The action last put off, and how, until its record is appended or another is taken up. */
  id = 0n;
  how: 'deferred' | 'retried' = 'deferred';
  exhausted = false;
  /**
   * How many depths may still be fed before its failure is written: one, with the reservation of a failed dispatch given
   * back.
   */
  depths = 0;

  constructor(inc: number, maxDefers: number) {
    this.inc = inc;
    this.putoffs = new Putoffs(maxDefers);
  }

  setWaiting(id: number, waiting: boolean): void {
    while (this.waiting.length <= id) this.waiting.push(false);
    this.waiting[id] = waiting;
  }
}

export const deferBudget: Invariant<MeshEvent, MeshView> = {
  id: 'defer-budget',
  holds: 'an action is put off at most maxDefers times, and fails for want of budget the next time, never before',
  create(context) {
    const max = context.view.config.maxDefers;
    const budgets = new Incarnations((_node, inc) => new Budget(inc, max));

    function putOff(budget: Budget, id: bigint, how: 'deferred' | 'retried'): void {
      budget.id = id;
      budget.how = how;
      budget.exhausted = !budget.putoffs.allow(numberOf(id));
      budget.depths = how === 'retried' ? 1 : 0;
      if (!budget.exhausted) budget.setWaiting(numberOf(id), true);
    }

    function within(budget: Budget, node: number, id: bigint, what: string): void {
      const count = budget.putoffs.count(numberOf(id));
      if (count <= max) return;
      context.violate(
        `expected action ${id} of node ${node}, put off ${count} times with ${max} allowed, to have failed, found it ${what}`,
      );
    }

    function failedEarly(node: number, id: bigint, count: number, reason: string | null): void {
      context.violate(
        `expected action ${id} of node ${node}, put off ${count} of ${max} times, to be served again, found it failed with ${inWords(reason)}`,
      );
    }

    return {
      on: {
        crash(event) {
          budgets.end(event.node);
        },
        admit(event) {
          const budget = budgets.of(event.node, event.inc);
          budget.id = 0n;
          budget.setWaiting(numberOf(event.id), false);
          within(budget, event.node, event.id, 'served again');
          if (event.decision === 'defer') putOff(budget, event.id, 'deferred');
        },
        'dispatch-end'(event) {
          if (event.result === 'failed' && event.retryAfterMs !== null) {
            putOff(budgets.of(event.node, event.inc), event.id, 'retried');
          }
        },
        depth(event) {
          const budget = budgets.of(event.node, event.inc);
          if (!budget.exhausted || budget.id === 0n || budget.depths-- > 0) return;
          within(budget, event.node, budget.id, 'left to wait');
        },
        'append-failure'(event) {
          const budget = budgets.of(event.node, event.inc);
          if (budget.exhausted) budget.depths = Number.POSITIVE_INFINITY;
          if (budget.id === 0n || budget.exhausted || budget.how !== 'deferred' || event.reason === CLOSED_REASON)
            return;
          // A defer within the budget writes nothing. Only a close may follow it.
          failedEarly(event.node, budget.id, budget.putoffs.count(numberOf(budget.id)), event.reason);
        },
        'append-action'(event) {
          const budget = budgets.of(event.node, event.inc);
          const key = numberOf(event.id);
          const count = budget.putoffs.count(key);
          if (budget.id === event.id && budget.exhausted) {
            const reason = budget.how === 'deferred' ? deferBudgetText(count, max) : retryBudgetText(count);
            if (event.type !== 'failed' || event.ms !== null || event.reason !== reason) {
              context.violate(
                `expected action ${event.id} of node ${event.node} to fail with ${inWords(reason)}, found it ${event.type} with ${inWords(event.reason)} and ${event.ms === null ? 'no' : event.ms} ms`,
              );
            }
          } else if (
            budget.waiting[key] === true &&
            event.type === 'failed' &&
            event.ms === null &&
            event.reason !== CLOSED_REASON
          ) {
            failedEarly(event.node, event.id, count, event.reason);
          }
          if (budget.id === event.id) budget.id = 0n;
        },
      },
    };
  },
};
