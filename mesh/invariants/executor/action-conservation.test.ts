import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { HEAT } from '../testing/fake-node.testing.ts';
import { actionConservation } from './action-conservation.ts';

const OTHER = { kind: 'reduce_heat', blob: 8n, by: 1 } as const;

function setup() {
  const mesh = new FakeMesh({ inboxCapacity: 2, queueCapacity: 2, maxDefers: 1 });
  return { mesh, node: mesh.node(1), checker: mesh.checker(actionConservation) };
}

describe('action-conservation', () => {
  it('holds when each submission ends once, in each of the ways there are', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('dispatched'), { is: 'ok' });
    node.fresh(node.submit('failed'), { is: 'failed', reason: 'no route' });
    node.fresh(node.submit('rejected'), { is: 'rejected' });
    node.fresh(node.submit('threw'), { is: 'threw' });
    node.fresh(node.submit('gated'), { is: 'gate', untilMs: 10 });
    const retried = node.submit('retried');
    node.fresh(retried, { is: 'failed', reason: 'busy', retryAfterMs: 5 });
    node.due(retried, { is: 'defer', ms: 1 });
    const closed = node.submit('closed');
    node.fresh(closed, { is: 'defer', ms: 50 });
    node.submit('queued 1');
    node.submit('queued 2');
    node.enqueue(node.collect('dropped by the queue'), 'full');
    node.offer('waiting 1', { kind: 'submit', action: HEAT });
    node.offer('waiting 2', { kind: 'submit', action: HEAT });
    node.offer('dropped by the inbox', { kind: 'submit', action: HEAT }, 'full');
    node.take('waiting 1');
    node.take('waiting 2');
    node.fresh(8n, { is: 'ok' });
    node.fresh(9n, { is: 'ok' });
    node.close();
    node.enqueue(11n, 'closed');
    node.enqueue(12n, 'closed');
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds for what was lost with its node, wherever it was', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('deferred'), { is: 'defer', ms: 10 });
    node.submit('queued');
    node.offer('in the inbox', { kind: 'submit', action: HEAT });
    mesh.crash(1, 0);
    mesh.node(1).offer('refused', { kind: 'submit', action: HEAT }, 'closed');
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('next'), { is: 'ok' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('leaves the order in which submissions are taken out to others, but not which', () => {
    const { mesh, node, checker } = setup();
    node.offer('a', { kind: 'submit', action: HEAT });
    node.offer('b', { kind: 'submit', action: OTHER });
    node.take('b', OTHER);
    node.take('a');
    for (const id of [1n, 2n]) node.enqueue(id);
    expect(checker.found).toBeNull();
    node.take('b');
    expect(checker.found).toMatchObject({ event: mesh.events.length, kind: 'take' });
    expect(checker.found?.message).toContain('found b');
  });

  it('fires at the end of an executor that leaves a deferred action without an end', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('lost'), { is: 'defer', ms: 50 });
    node.close([]);
    expect(checker.found).toMatchObject({ event: mesh.events.length, kind: 'executor-end' });
    expect(checker.found?.message).toBe(
      'expected every action handed to the executor of node 1 to have ended with it, found 1 that did not, first lost, which is deferred',
    );
  });

  it.each(['append-action', 'append-failure'] as const)(
    'takes the close of an action from the other port when %s is missing',
    (kind) => {
      const { mesh, node, checker } = setup();
      node.fresh(node.submit('closed'), { is: 'defer', ms: 50 });
      mesh.spoil(kind, () => null);
      node.close();
      expect(checker.found).toBeNull();
    },
  );

  it('takes a close that no chain would take for an end all the same', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('closed'), { is: 'defer', ms: 50 });
    node.seams.action = false;
    node.seams.failure = false;
    node.close();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires at the end of the run for what was collected and never handed over', () => {
    const { mesh, node, checker } = setup();
    node.collect('forgotten');
    mesh.end();
    expect(checker.found?.message).toContain('found forgotten, which is collected');
  });

  it.each(['the first of several', 'the only one'])('fires when a submission is taken out again: %s', (which) => {
    const { node, checker } = setup();
    node.offer('a', { kind: 'submit', action: HEAT });
    if (which === 'the first of several') node.offer('b', { kind: 'submit', action: OTHER });
    node.take('a');
    expect(checker.found).toBeNull();
    node.take('a');
    expect(checker.found?.message).toContain(
      'to take out of its inbox what it accepted and has not taken yet, found a',
    );
  });

  it('knows what is left where others were taken out before their turn', () => {
    const { mesh, node, checker } = setup();
    for (const op of ['a', 'b', 'c']) node.offer(op, { kind: 'submit', action: HEAT });
    node.take('b');
    node.take('a');
    for (const id of [1n, 2n]) node.enqueue(id);
    for (const id of [1n, 2n]) node.fresh(id, { is: 'ok' });
    expect(checker.found).toBeNull();
    mesh.end();
    expect(checker.found?.message).toContain('found c, which is in the inbox');
  });

  it('fires at the end of the run for what never left the inbox', () => {
    const { mesh, node, checker } = setup();
    node.offer('forgotten', { kind: 'submit', action: HEAT });
    mesh.end();
    expect(checker.found?.message).toContain('found forgotten, which is in the inbox');
  });

  it('fires when an action that ended is dispatched again', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('twice');
    node.fresh(id, { is: 'ok' });
    const before = mesh.events.length;
    node.due(id, { is: 'ok' });
    // The depth comes first, then admission.
    expect(checker.found).toMatchObject({ event: before + 2, kind: 'admit' });
    expect(checker.found?.message).toContain('found it ended (dispatched)');
  });

  it('fires when an action is served after its budget was exhausted', () => {
    const { node, checker } = setup();
    const id = node.submit('tired');
    node.fresh(id, { is: 'defer', ms: 1 });
    node.due(id, { is: 'defer', ms: 1 });
    node.due(id, { is: 'ok' });
    expect(checker.found?.message).toContain('found it ended (failed for want of budget)');
  });

  it('fires when an action is dispatched that was gated', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('gated');
    mesh.spoil('admit', (event) => ({ ...event, decision: 'gate', ms: 100, reason: 'daemon-backoff' }));
    node.fresh(id, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dispatch' });
  });

  it('fires when one action is handed over twice', () => {
    const { node, checker } = setup();
    node.enqueue(node.submit('twice'));
    expect(checker.found).toMatchObject({ kind: 'enqueue' });
    expect(checker.found?.message).toContain('to be collected when it was handed to the executor, found it queued');
  });

  it('fires when the action handed over is not the one submitted', () => {
    const { mesh, node, checker } = setup();
    const id = node.collect('changed');
    mesh.spoil('enqueue', (event) => ({
      ...event,
      pending: { ...event.pending, action: { kind: 'reduce_heat', blob: 8n, by: 1 } },
    }));
    node.enqueue(id);
    expect(checker.found?.message).toContain('found {kind: "reduce_heat", blob: 8, by: 1}');
  });

  it('fires when the action dispatched is not the one submitted', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('changed');
    mesh.spoil('dispatch', (event) => ({
      ...event,
      pending: { ...event.pending, action: { kind: 'drop_replica', chain: 1n } },
    }));
    node.fresh(id, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dispatch' });
  });

  it('fires when something is handed over that nobody submitted', () => {
    const { node, checker } = setup();
    node.enqueue(1n);
    expect(checker.found?.message).toContain('action 1 of node 1 (incarnation 0), which nobody submitted');
  });

  it('fires when something is taken out that was never accepted', () => {
    const { node, checker } = setup();
    node.take('ghost');
    expect(checker.found).toMatchObject({ event: 1, kind: 'take' });
  });

  it('fires when an action is passed over at the hand-over', () => {
    const { node, checker } = setup();
    node.collect('forgotten');
    node.enqueue(node.collect('next'));
    expect(checker.found).toMatchObject({ kind: 'enqueue' });
    expect(checker.found?.message).toContain('in turn, next 1 (forgotten), found 2');
  });

  it('fires when a queue with room drops an action', () => {
    const { node, checker } = setup();
    node.enqueue(node.collect('dropped'), 'full');
    expect(checker.found?.message).toContain('found it dropped with 0 waiting');
  });

  it('fires when an inbox with room drops a submission', () => {
    const { node, checker } = setup();
    node.offer('dropped', { kind: 'submit', action: HEAT }, 'full');
    expect(checker.found?.message).toContain('found it dropped with 0 waiting');
  });

  it('fires when an open queue refuses an action, and when a closed one accepts it', () => {
    const open = setup();
    open.node.enqueue(open.node.collect('refused'), 'closed');
    expect(open.checker.found?.message).toContain('found it refused by an open one');
    const closed = setup();
    closed.node.close();
    closed.node.submit('accepted');
    expect(closed.checker.found?.message).toContain('found it accepted');
  });

  it('fires when a running node refuses a submission, and when one that is down accepts it', () => {
    const running = setup();
    running.node.offer('refused', { kind: 'submit', action: HEAT }, 'closed');
    expect(running.checker.found?.message).toContain('found it refused by a running node');
    const down = setup();
    down.mesh.crash(1, 0);
    down.node.offer('accepted', { kind: 'submit', action: HEAT });
    expect(down.checker.found?.message).toContain("found 'sent'");
  });

  it('names the first action without an end, not one that has its own', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('ended'), { is: 'ok' });
    node.fresh(node.submit('open'), { is: 'defer', ms: 50 });
    node.close([]);
    expect(checker.found?.message).toContain('found 1 that did not, first open, which is deferred');
  });

  it('names where an action may be when admission decides on it', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('never taken');
    mesh.spoil('dequeue', () => null);
    node.fresh(id, { is: 'ok' });
    expect(checker.found?.message).toBe(
      'expected action 1 of node 1 (incarnation 0) (never taken) to be in hand or deferred when it was decided on by admission, found it queued',
    );
  });

  it('names where an action may be when it is dispatched, and when its dispatch ends', () => {
    const gated = setup();
    gated.mesh.spoil('admit', (event) => ({ ...event, decision: 'gate', ms: 100, reason: 'daemon-backoff' }));
    gated.node.fresh(gated.node.submit('gated'), { is: 'ok' });
    expect(gated.checker.found?.message).toContain('to be admitted when it was dispatched, found it ended (gated)');
    const unasked = setup();
    unasked.mesh.spoil('dispatch', () => null);
    unasked.node.fresh(unasked.node.submit('unasked'), { is: 'ok' });
    expect(unasked.checker.found?.message).toContain(
      'to be dispatching when it was answered by the dispatcher, found it admitted',
    );
  });

  it('fires when the executor takes what its queue dropped or refused', () => {
    const dropped = setup();
    dropped.node.submit('queued 1');
    dropped.node.submit('queued 2');
    const third = dropped.node.collect('dropped');
    dropped.node.enqueue(third, 'full');
    dropped.node.fresh(third, { is: 'ok' });
    expect(dropped.checker.found).toMatchObject({ kind: 'dequeue' });
    expect(dropped.checker.found?.message).toContain(
      'to be queued when it was taken by the executor, found it ended (dropped, queue full)',
    );
    const refused = setup();
    refused.node.close();
    const late = refused.node.collect('refused');
    refused.node.enqueue(late, 'closed');
    refused.node.fresh(late, { is: 'ok' });
    expect(refused.checker.found?.message).toContain('found it ended (refused, queue closed)');
  });

  it('fires when the executor takes, or the dispatcher answers, what nobody submitted', () => {
    const taken = setup();
    taken.node.fresh(1n, { is: 'ok' });
    expect(taken.checker.found).toMatchObject({ event: 1, kind: 'dequeue' });
    const answered = setup();
    const { at } = answered.node;
    answered.mesh.emit({
      kind: 'dispatch-end',
      ...at,
      id: 1n,
      call: 0,
      result: 'ok',
      reason: null,
      retryAfterMs: null,
    });
    expect(answered.checker.found).toMatchObject({ event: 1, kind: 'dispatch-end' });
  });

  it('holds when an action comes as another object of equal content', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('enqueue', (event) => ({ ...event, pending: structuredClone(event.pending) }));
    mesh.spoil('dispatch', (event) => ({ ...event, pending: structuredClone(event.pending) }));
    node.fresh(node.submit('copied'), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when an action is handed over under the id of another', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('enqueue', (event) => ({ ...event, pending: { ...event.pending, id: 9n } }));
    node.submit('renamed');
    expect(checker.found).toMatchObject({ kind: 'enqueue' });
    expect(checker.found?.message).toContain('found 9');
  });

  it('holds when a running node refuses all after the run has settled', () => {
    const { mesh, node, checker } = setup();
    const late = node.collect('late');
    mesh.settled();
    node.offer('later', { kind: 'submit', action: HEAT }, 'closed');
    node.enqueue(late, 'closed');
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when inbox or queue drop something after they have been emptied', () => {
    const inbox = setup();
    inbox.node.collect('a');
    inbox.node.collect('b');
    inbox.node.offer('dropped', { kind: 'submit', action: HEAT }, 'full');
    expect(inbox.checker.found?.message).toContain('found it dropped with 0 waiting');
    const queue = setup();
    queue.node.fresh(queue.node.submit('a'), { is: 'ok' });
    queue.node.fresh(queue.node.submit('b'), { is: 'ok' });
    queue.node.enqueue(queue.node.collect('dropped'), 'full');
    expect(queue.checker.found?.message).toContain('found it dropped with 0 waiting');
  });

  it('takes an answer without a hint for the end, whatever is written down of it', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-failure', () => null);
    mesh.spoil('append-action', () => null);
    const id = node.submit('failed');
    node.fresh(id, { is: 'failed', reason: 'no route' });
    node.close();
    expect(checker.found).toBeNull();
    node.due(id, { is: 'ok' });
    expect(checker.found?.message).toContain('found it ended (failed)');
  });

  it('does not take a reason of the dispatcher for a close', () => {
    const { node, checker } = setup();
    node.fresh(node.submit('reads like one'), { is: 'failed', reason: 'executor closed' });
    node.close();
    expect(checker.found).toBeNull();
  });

  it('leaves records of what nobody submitted to other invariants', () => {
    const { node, checker } = setup();
    node.fail(99n, { type: 'failed', reason: 'executor closed', retryAfterMs: null });
    expect(checker.found).toBeNull();
  });

  it('takes nothing but a failure on the chain for the end of a deferred action', () => {
    const { node, checker } = setup();
    const id = node.submit('deferred');
    node.fresh(id, { is: 'defer', ms: 50 });
    node.append(id, { type: 'dispatched' });
    node.close([]);
    expect(checker.found).toMatchObject({ kind: 'executor-end' });
  });

  it('says with which reason a deferred action ended', () => {
    const { node, checker } = setup();
    const id = node.submit('deferred');
    node.fresh(id, { is: 'defer', ms: 50 });
    node.fail(id, { type: 'failed', reason: 'for a reason', retryAfterMs: null });
    node.due(id, { is: 'ok' });
    expect(checker.found?.message).toContain('found it ended (for a reason)');
  });
});
