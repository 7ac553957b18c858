import { describe, expect, it } from 'vitest';
import type { PendingAction } from '../action/action.ts';
import { DeferredQueue } from './deferred-queue.ts';
import type { ExecutorSemantics } from './semantics.ts';

function pending(id: number): PendingAction {
  return { id: BigInt(id), action: { kind: 'reduce_heat', blob: 1n, by: 1 }, emittedAtMs: 0 };
}

/** The order in which the actions 1, 2, 3, … of these deadlines leave. */
function leaving(equalDeadlines: ExecutorSemantics['equalDeadlines'], deadlines: readonly number[]): number[] {
  const queue = new DeferredQueue(equalDeadlines);
  for (const [index, deadlineMs] of deadlines.entries()) queue.push(pending(index + 1), deadlineMs, 1);
  const ids: number[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) ids.push(Number(next.pending.id));
  return ids;
}

const equal = (count: number) => Array.from({ length: count }, () => 50);

describe('first set, first served', () => {
  it('orders by deadline, then by order of setting', () => {
    expect(leaving('first-set-first', [30, 10, 20, 10, 30, 10])).toEqual([2, 4, 6, 3, 1, 5]);
  });

  it('keeps equal deadlines in order of setting, however many', () => {
    expect(leaving('first-set-first', equal(2_000))).toEqual(equal(2_000).map((_, index) => index + 1));
  });

  it('keeps equal deadlines in order of setting, however often some were set and left before', () => {
    const queue = new DeferredQueue('first-set-first');
    const action = pending(1);
    for (let set = 1; set <= 3; set += 1) queue.push(action, 50, set);
    const outOfOrder: number[] = [];
    for (let set = 4; set <= 70_000; set += 1) {
      queue.push(action, 50, set);
      if (queue.pop()?.defers !== set - 3) outOfOrder.push(set);
    }
    expect(outOfOrder).toEqual([]);
  });

  it('counts a deadline set again as set last', () => {
    const queue = new DeferredQueue('first-set-first');
    queue.push(pending(1), 10, 1);
    queue.push(pending(2), 20, 1);
    const first = queue.pop();
    expect(first?.pending.id).toBe(1n);
    queue.push(pending(1), 20, 2);
    expect(queue.pop()?.pending.id).toBe(2n);
    expect(queue.pop()).toMatchObject({ pending: pending(1), deadlineMs: 20, defers: 2 });
  });
});

describe('as the binary heap of the standard library of Rust', () => {
  it('orders by deadline', () => {
    expect(leaving('as-std-binary-heap', [30, 10, 20, 5])).toEqual([4, 2, 3, 1]);
  });

  it('gives four equal deadlines back as 1, 3, 2, 4', () => {
    expect(leaving('as-std-binary-heap', equal(4))).toEqual([1, 3, 2, 4]);
  });
});

it('tells the earliest deadline and its length', () => {
  const queue = new DeferredQueue('first-set-first');
  expect(queue.earliestMs).toBeUndefined();
  expect(queue.pop()).toBeUndefined();
  queue.push(pending(1), 20, 1);
  queue.push(pending(2), 10, 1);
  expect(queue.earliestMs).toBe(10);
  expect(queue.length).toBe(2);
});
