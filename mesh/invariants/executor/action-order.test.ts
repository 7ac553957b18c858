import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { HEAT } from '../testing/fake-node.testing.ts';
import { actionOrder } from './action-order.ts';

function setup(semantics: 'strict' | 'netMesh021' = 'strict') {
  const mesh = new FakeMesh({}, semantics);
  return { mesh, node: mesh.node(1), checker: mesh.checker(actionOrder) };
}

describe('action-order', () => {
  it('holds when due actions go by deadline, then by order of setting, between fresh ones', () => {
    const { mesh, node, checker } = setup();
    for (let i = 1; i <= 6; i++) node.submit(`k${i}`);
    node.fresh(1n, { is: 'defer', ms: 30 });
    node.fresh(2n, { is: 'failed', reason: 'busy', retryAfterMs: 10 });
    mesh.after(10);
    node.fresh(3n, { is: 'defer', ms: 20 });
    node.fresh(4n, { is: 'defer', ms: 0 });
    node.due(2n, { is: 'defer', ms: 20 });
    node.due(4n, { is: 'ok' });
    node.fresh(5n, { is: 'ok' });
    mesh.after(20);
    node.due(1n, { is: 'ok' });
    node.fresh(6n, { is: 'ok' });
    node.due(3n, { is: 'ok' });
    node.due(2n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it.each(['strict', 'netMesh021'] as const)(
    'fires under %s when of two equal deadlines the one set later goes first',
    (semantics) => {
      const { mesh, node, checker } = setup(semantics);
      node.submit('k1');
      node.submit('k2');
      node.fresh(1n, { is: 'defer', ms: 10 });
      node.fresh(2n, { is: 'defer', ms: 10 });
      mesh.after(10);
      node.due(2n, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'admit' });
      expect(checker.found?.message).toBe(
        'expected node 1 to serve action 1, due at 10 ms and first in order, found action 2, which is due at 10 ms',
      );
    },
  );

  it('fires when a later deadline goes before an earlier one', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    node.fresh(1n, { is: 'defer', ms: 10 });
    node.fresh(2n, { is: 'failed', reason: 'busy', retryAfterMs: 5 });
    mesh.after(20);
    node.due(1n, { is: 'ok' });
    expect(checker.found?.message).toContain('to serve action 2, due at 5 ms');
  });

  it('counts a retry from the end of its dispatch', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.before('dispatch-end', () => mesh.after(100));
    node.fresh(1n, { is: 'failed', reason: 'busy', retryAfterMs: 10 });
    mesh.after(9);
    node.due(1n, { is: 'ok' });
    expect(checker.found?.message).toBe(
      'expected node 1 to leave action 1 alone until 110 ms, found it served at 109 ms',
    );
  });

  it('holds when a node that was paused serves late, and when the wall clock jumps', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.fresh(1n, { is: 'defer', ms: 10 });
    mesh.wallOffsetMs = 0;
    mesh.after(5000);
    node.due(1n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when fresh actions leave the queue out of order', () => {
    const { node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    node.fresh(2n, { is: 'ok' });
    expect(checker.found).toMatchObject({ event: 7, kind: 'dequeue' });
    expect(checker.found?.message).toContain('next 1, found 2');
  });

  it('fires when the inbox is emptied out of order', () => {
    const { node, checker } = setup();
    node.offer('k1', { kind: 'submit', action: HEAT });
    node.offer('k2', { kind: 'submit', action: HEAT });
    node.take('k2');
    expect(checker.found?.message).toContain('next k1, found k2');
  });

  it('fires when actions are handed over out of id order', () => {
    const { node, checker } = setup();
    node.collect('k1');
    node.collect('k2');
    node.collect('k3');
    node.enqueue(1n, 'full');
    expect(checker.found).toBeNull();
    node.enqueue(3n);
    expect(checker.found?.message).toContain('in id order, next 2, found 3');
  });

  it('fires when a close fails the deferred actions out of order, and not when in order', () => {
    for (const order of [
      [2n, 1n],
      [1n, 2n],
    ]) {
      const { node, checker } = setup();
      node.submit('k1');
      node.submit('k2');
      node.fresh(1n, { is: 'defer', ms: 20 });
      node.fresh(2n, { is: 'defer', ms: 10 });
      node.close(order);
      if (order[0] === 2n) expect(checker.found).toBeNull();
      else
        expect(checker.found).toMatchObject({
          kind: 'append-action',
          message: expect.stringContaining('to close action 2'),
        });
    }
  });

  it('fires when an action is served that was never deferred', () => {
    const { node, checker } = setup();
    node.submit('k1');
    node.fresh(1n, { is: 'ok' });
    node.due(1n, { is: 'ok' });
    expect(checker.found?.message).toContain('found action 1, which is not deferred');
  });

  it('forgets what was deferred when the node crashes', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.fresh(1n, { is: 'defer', ms: 10 });
    mesh.crash(1, 0);
    mesh.boot();
    const again = mesh.node(1);
    again.submit('k2');
    again.fresh(1n, { is: 'defer', ms: 100 });
    mesh.after(100);
    again.due(1n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('expects nothing more of an action whose budget is exhausted, or that failed for good', () => {
    const { mesh, node, checker } = setup();
    const tired = node.submit('tired');
    const failed = node.submit('failed');
    const other = node.submit('other');
    node.fresh(tired, { is: 'defer', ms: 0 });
    node.due(tired, { is: 'defer', ms: 0 });
    node.due(tired, { is: 'defer', ms: 0 });
    node.fresh(failed, { is: 'failed', reason: 'no route' });
    node.fresh(other, { is: 'defer', ms: 10 });
    mesh.after(10);
    node.due(other, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('passes over what inbox and queue dropped', () => {
    const { node, checker } = setup();
    node.offer('dropped', { kind: 'submit', action: HEAT }, 'full');
    node.enqueue(node.collect('k1'), 'full');
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('names the first in order where another goes before its own time', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'defer', ms: 10 });
    const second = node.submit('k2');
    node.fresh(second, { is: 'defer', ms: 20 });
    node.due(second, { is: 'ok' });
    expect(checker.found?.message).toContain('to serve action 1, due at 10 ms and first in order, found action 2');
  });

  it('takes nothing but a failure on the chain for the close of a deferred action', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'defer', ms: 10 });
    const second = node.submit('k2');
    node.fresh(second, { is: 'defer', ms: 20 });
    node.append(second, { type: 'dispatched' });
    expect(checker.found).toBeNull();
  });

  it('expects no turn of what failed for good or for want of budget, while others are overdue', () => {
    const mesh = new FakeMesh({ maxDefers: 1 });
    const checker = mesh.checker(actionOrder);
    const node = mesh.node(1);
    const tired = node.submit('tired');
    const overdue = node.submit('overdue');
    node.fresh(tired, { is: 'defer', ms: 0 });
    const last = node.submit('last');
    node.fresh(overdue, { is: 'defer', ms: 5 });
    mesh.after(10);
    node.due(tired, { is: 'defer', ms: 1 });
    node.fresh(last, { is: 'failed', reason: 'no route' });
    node.due(overdue, { is: 'ok' });
    expect(checker.found).toBeNull();
  });
});
