import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { deferBudget } from './defer-budget.ts';

/** An action may be put off twice. */
function setup() {
  const mesh = new FakeMesh();
  return { mesh, node: mesh.node(1), checker: mesh.checker(deferBudget) };
}

describe('defer-budget', () => {
  it('holds when the third time is the last, defers and retries counted together', () => {
    const { node, checker } = setup();
    const one = node.submit('k1');
    node.fresh(one, { is: 'defer', ms: 1 });
    node.due(one, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    node.due(one, { is: 'defer', ms: 1 });
    const two = node.submit('k2');
    node.fresh(two, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    node.due(two, { is: 'defer', ms: 1 });
    node.due(two, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    const three = node.submit('k3');
    node.fresh(three, { is: 'defer', ms: 1 });
    node.due(three, { is: 'defer', ms: 1 });
    node.due(three, { is: 'failed', reason: 'no route' });
    expect(checker.found).toBeNull();
  });

  it('holds when the close fails what waits within its budget', () => {
    const { node, checker } = setup();
    const id = node.submit('k1');
    node.fresh(id, { is: 'defer', ms: 1 });
    node.close();
    expect(checker.found).toBeNull();
  });

  it('fires when an action over its budget is left to wait', () => {
    for (const turn of [
      { is: 'defer', ms: 1 },
      { is: 'failed', reason: 'busy', retryAfterMs: 1 },
    ] as const) {
      const { mesh, node, checker } = setup();
      const id = node.submit('k1');
      node.fresh(id, turn);
      node.due(id, turn);
      mesh.spoil('append-failure', () => null);
      mesh.spoil('append-action', () => null);
      node.due(id, turn);
      expect(checker.found).toMatchObject({ event: mesh.events.length, kind: 'depth' });
      expect(checker.found?.message).toBe(
        'expected action 1 of node 1, put off 3 times with 2 allowed, to have failed, found it left to wait',
      );
    }
  });

  it('fires when an action over its budget is served again', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('k1');
    node.fresh(id, { is: 'defer', ms: 1 });
    node.due(id, { is: 'defer', ms: 1 });
    mesh.spoil('append-action', () => null);
    node.due(id, { is: 'defer', ms: 1 });
    expect(checker.found).toBeNull();
    node.due(id, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'admit' });
    expect(checker.found?.message).toContain('to have failed, found it served again');
  });

  it('fires when a deferred action fails one time too early', () => {
    const { node, checker } = setup();
    const id = node.submit('k1');
    node.fresh(id, { is: 'defer', ms: 1 });
    node.fail(id, { type: 'failed', reason: 'deferred 1 times — exceeds max_defer_count 2', retryAfterMs: null });
    expect(checker.found).toMatchObject({ kind: 'append-failure' });
    expect(checker.found?.message).toContain(
      'put off 1 of 2 times, to be served again, found it failed with "deferred 1 times',
    );
  });

  it('fires when a retried action fails one time too early', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', (event) => ({
      ...event,
      ms: null,
      reason: 'dispatch retry budget exhausted after 1 attempts',
    }));
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toContain('put off 1 of 2 times, to be served again');
  });

  it('fires when the words of the budget are wrong, or the dispatcher speaks in their stead', () => {
    for (const reason of [
      'deferred 2 times — exceeds max_defer_count 2',
      'deferred 3 times — exceeds max_defer_count 3',
      'busy',
    ]) {
      const { mesh, node, checker } = setup();
      const id = node.submit('k1');
      node.fresh(id, { is: 'defer', ms: 1 });
      node.due(id, { is: 'defer', ms: 1 });
      mesh.spoil('append-action', (event) => ({ ...event, reason }));
      node.due(id, { is: 'defer', ms: 1 });
      expect(checker.found).toMatchObject({ kind: 'append-action' });
      expect(checker.found?.message).toContain(
        'to fail with "deferred 3 times — exceeds max_defer_count 2", found it failed with',
      );
    }
  });

  it('fires when a retry over the budget is promised another', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('k1');
    node.fresh(id, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    node.due(id, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    mesh.spoil('append-action', (event) => ({ ...event, ms: 1n }));
    node.due(id, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    expect(checker.found?.message).toContain(
      'to fail with "dispatch retry budget exhausted after 3 attempts", found it failed with',
    );
  });

  it('counts anew in each incarnation', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('k1');
    node.fresh(id, { is: 'defer', ms: 1 });
    node.due(id, { is: 'defer', ms: 1 });
    mesh.crash(1, 0);
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('k2'), { is: 'defer', ms: 1 });
    again.due(1n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('leaves the records of other actions alone, and goes on waiting for the one that is due', () => {
    for (const written of [true, false]) {
      const { mesh, node, checker } = setup();
      const other = node.submit('other');
      const id = node.submit('tired');
      node.fresh(id, { is: 'defer', ms: 1 });
      node.due(id, { is: 'defer', ms: 1 });
      mesh.before('append-failure', () => node.append(other, { type: 'dispatched' }));
      if (!written) {
        mesh.spoil('append-failure', () => null);
        mesh.spoil('append-action', (event) => event);
        mesh.spoil('append-action', () => null);
      }
      node.due(id, { is: 'defer', ms: 1 });
      if (written) expect(checker.found).toBeNull();
      else expect(checker.found?.message).toContain('found it left to wait');
    }
  });

  it('fires when an exhausted action is said to be gated', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('k1');
    node.fresh(id, { is: 'defer', ms: 1 });
    node.due(id, { is: 'defer', ms: 1 });
    mesh.spoil('append-action', (event) => ({ ...event, type: 'gated' }));
    node.due(id, { is: 'defer', ms: 1 });
    expect(checker.found?.message).toContain('found it gated with "deferred 3 times');
  });

  it('takes nothing but a failure on the chain for the failure of what waits', () => {
    const { node, checker } = setup();
    const id = node.submit('k1');
    node.fresh(id, { is: 'defer', ms: 1 });
    node.append(id, { type: 'dispatched' });
    expect(checker.found).toBeNull();
  });

  it('asks for nothing more once the failure is on the chain, and lets the depth be fed before', () => {
    for (const early of [true, false]) {
      const { mesh, node, checker } = setup();
      const id = node.submit('k1');
      node.fresh(id, { is: 'defer', ms: 1 });
      node.due(id, { is: 'defer', ms: 1 });
      if (early) mesh.before('append-action', () => node.feed(0));
      else mesh.spoil('append-failure', () => null);
      node.due(id, { is: 'defer', ms: 1 });
      node.feed(0);
      expect(checker.found).toBeNull();
    }
  });
});
