import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import type { FakeNode } from '../testing/fake-node.testing.ts';
import { wakeUp } from './wake-up.ts';

/** An action may be put off twice. */
function setup(semantics: 'strict' | 'netMesh021' = 'strict') {
  const mesh = new FakeMesh({}, semantics);
  return { mesh, node: mesh.node(1), checker: mesh.checker(wakeUp) };
}

function pause(mesh: FakeMesh, node: FakeNode): void {
  mesh.emit({ kind: 'pause', ...node.at });
}

function resume(mesh: FakeMesh, node: FakeNode): void {
  mesh.emit({ kind: 'resume', ...node.at });
}

function closeQueue(mesh: FakeMesh, node: FakeNode): void {
  mesh.emit({ kind: 'queue-close', ...node.at });
}

/** The dispatch that comes next takes so long. */
function slow(mesh: FakeMesh, ms: number): void {
  mesh.before('dispatch-end', () => mesh.after(ms));
}

describe('wake-up', () => {
  it('holds when everything is taken up as soon as it is ready and the executor free, in any order', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    slow(mesh, 30);
    node.fresh(1n, { is: 'ok' });
    node.fresh(2n, { is: 'defer', ms: 10 });
    mesh.after(10);
    node.submit('k3');
    slow(mesh, 25);
    node.due(2n, { is: 'failed', reason: 'busy', retryAfterMs: 5 });
    slow(mesh, 20);
    node.fresh(3n, { is: 'ok' });
    node.due(2n, { is: 'defer', ms: 100 });
    node.submit('k4');
    node.fresh(4n, { is: 'gate', untilMs: 500 });
    node.log('line');
    mesh.after(50);
    node.log('line');
    mesh.after(50);
    node.due(2n, { is: 'ok' });
    mesh.after(1000);
    node.log('line');
    node.close();
    mesh.after(1000);
    node.log('line');
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when a fresh action is taken up a millisecond late', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    mesh.after(1);
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dequeue' });
    expect(checker.found?.message).toBe(
      'expected the executor of node 1 to take up the first of 2 queued actions at 0 ms, found that it had not when 1 ms were reached',
    );
  });

  it('fires when a due action is taken up a millisecond late', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.fresh(1n, { is: 'defer', ms: 10 });
    mesh.after(11);
    node.due(1n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'admit' });
    expect(checker.found?.message).toBe(
      'expected the executor of node 1 to take up what is due, action 1 since 10 ms, at 10 ms, found that it had not when 11 ms were reached',
    );
  });

  it('asks nothing more for a due action that was taken up and is done', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.fresh(1n, { is: 'defer', ms: 1 });
    mesh.after(1);
    node.due(1n, { is: 'ok' });
    mesh.after(100);
    node.log('line');
    expect(checker.found).toBeNull();
  });

  it('takes an action for done by its own outcome alone', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    node.fresh(1n, { is: 'defer', ms: 100 });
    mesh.emit({ kind: 'dequeue', ...node.at, id: 2n });
    node.append(1n, { type: 'failed', reason: 'busy', retryAfterMs: null });
    mesh.after(1);
    node.log('line');
    expect(checker.found).toMatchObject({ kind: 'append-log' });
    expect(checker.found?.message).toContain('to be done with action 2, or have it dispatched, at 0 ms');
  });

  it('counts a retry from the end of its dispatch, and an earlier deadline that was set later', () => {
    for (const lateMs of [0, 1]) {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      node.submit('k2');
      node.fresh(1n, { is: 'defer', ms: 100 });
      slow(mesh, 7);
      node.fresh(2n, { is: 'failed', reason: 'busy', retryAfterMs: 5 });
      mesh.after(5 + lateMs);
      node.due(2n, { is: 'ok' });
      if (lateMs === 0) expect(checker.found).toBeNull();
      else expect(checker.found?.message).toContain('action 2 since 12 ms, at 12 ms');
    }
  });

  it('fires when one of several that are ready is left waiting by an executor that is free again', () => {
    const { mesh, node, checker } = setup();
    for (let i = 1; i <= 3; i++) node.submit(`k${i}`);
    slow(mesh, 10);
    node.fresh(1n, { is: 'defer', ms: 5 });
    slow(mesh, 10);
    node.fresh(2n, { is: 'ok' });
    node.fresh(3n, { is: 'ok' });
    expect(checker.found).toBeNull();
    mesh.after(1);
    node.due(1n, { is: 'ok' });
    expect(checker.found?.message).toContain('action 1 since 5 ms, at 20 ms');
  });

  it('waits for an executor that dispatches, and fires when it is not done once that has ended', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.before('dispatch-end', () => {
      mesh.after(700);
      node.log('line');
    });
    mesh.before('append-action', () => mesh.after(1));
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toBe(
      'expected the executor of node 1 to be done with action 1, or have it dispatched, at 700 ms, found that it had not when 701 ms were reached',
    );
  });

  it('fires when time goes by between taking an action up and asking about it or dispatching it', () => {
    for (const kind of ['admit', 'dispatch'] as const) {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      mesh.before(kind, () => mesh.after(3));
      node.fresh(1n, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toContain('to be done with action 1');
    }
  });

  it('asks nothing of a paused executor, and everything of one that resumes', () => {
    for (const lateMs of [0, 1]) {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      pause(mesh, node);
      node.submit('k2');
      mesh.after(100);
      node.log('line');
      resume(mesh, node);
      mesh.after(lateMs);
      node.fresh(1n, { is: 'ok' });
      node.fresh(2n, { is: 'ok' });
      if (lateMs === 0) expect(checker.found).toBeNull();
      else expect(checker.found?.message).toContain('to take up the first of 2 queued actions at 100 ms');
    }
  });

  it('fires when the executor was late before it was paused', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.after(1);
    pause(mesh, node);
    expect(checker.found).toMatchObject({ kind: 'pause' });
  });

  it('asks nothing of a dead node, nothing of a new one for what was lost, and fires for what it left before', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.crash(1, 0);
    mesh.after(100);
    mesh.boot();
    mesh.after(100);
    mesh.node(1).log('line');
    mesh.end();
    expect(checker.found).toBeNull();
    const late = setup();
    late.node.submit('k1');
    late.mesh.after(1);
    late.mesh.crash(1, 0);
    expect(late.checker.found).toMatchObject({ kind: 'crash' });
  });

  it.each([
    ['append-log', (node) => node.log('line')],
    ['enqueue', (node) => node.enqueue(node.take('k9'))],
    ['queue-close', (node, mesh) => closeQueue(mesh, node)],
    ['the end', (_node, mesh) => mesh.end()],
  ] as readonly (readonly [string, (node: FakeNode, mesh: FakeMesh) => void])[])(
    'sees at %s that an executor sleeps over its work',
    (kind, happens) => {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      mesh.after(1);
      happens(node, mesh);
      expect(checker.found).toMatchObject({ kind });
    },
  );

  it('counts nothing that the queue dropped or refused', () => {
    const { mesh, node, checker } = setup();
    node.enqueue(node.collect('dropped'), 'full');
    node.enqueue(node.collect('refused'), 'closed');
    mesh.after(1000);
    node.log('line');
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('asks nothing more for an action that failed for want of budget', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.fresh(1n, { is: 'defer', ms: 0 });
    node.due(1n, { is: 'failed', reason: 'busy', retryAfterMs: 0 });
    node.due(1n, { is: 'defer', ms: 0 });
    node.submit('k2');
    node.fresh(2n, { is: 'defer', ms: 0 });
    node.due(2n, { is: 'failed', reason: 'busy', retryAfterMs: 0 });
    node.due(2n, { is: 'failed', reason: 'busy', retryAfterMs: 0 });
    mesh.after(1000);
    node.log('line');
    expect(checker.found).toBeNull();
  });

  it('leaves the order of due actions to others', () => {
    const { mesh, node, checker } = setup();
    for (let i = 1; i <= 3; i++) node.submit(`k${i}`);
    node.fresh(1n, { is: 'defer', ms: 10 });
    node.fresh(2n, { is: 'defer', ms: 10 });
    node.fresh(3n, { is: 'defer', ms: 5 });
    mesh.after(5);
    node.due(3n, { is: 'defer', ms: 5 });
    mesh.after(5);
    for (const id of [3n, 2n, 1n]) node.due(id, { is: 'ok' });
    mesh.after(100);
    node.log('line');
    expect(checker.found).toBeNull();
  });

  it('waits for ever for a hint past all time', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.spoil('dispatch-end', (event) => ({ ...event, retryAfterMs: 0xffff_ffff_ffff_ffffn }));
    node.fresh(1n, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
    mesh.after(1_000_000);
    node.log('line');
    expect(checker.found).toBeNull();
  });

  describe('at the close', () => {
    it('holds when all that is queued goes first, and fires when what is due does', () => {
      for (const due of [false, true]) {
        const { mesh, node, checker } = setup();
        for (let i = 1; i <= 3; i++) node.submit(`k${i}`);
        node.fresh(1n, { is: 'defer', ms: 10 });
        slow(mesh, 10);
        mesh.before('dispatch-end', () => closeQueue(mesh, node));
        node.fresh(2n, { is: 'ok' });
        node.fresh(3n, { is: 'ok' });
        if (due) node.due(1n, { is: 'ok' });
        node.close();
        if (!due) expect(checker.found).toBeNull();
        else {
          expect(checker.found).toMatchObject({ kind: 'admit' });
          expect(checker.found?.message).toBe(
            'expected the executor of node 1 to close and take up nothing else, its queue being closed and empty, found action 1 taken up',
          );
        }
      }
    });

    it('holds when what is due goes before something queued', () => {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      node.fresh(1n, { is: 'defer', ms: 0 });
      node.submit('k2');
      closeQueue(mesh, node);
      node.due(1n, { is: 'ok' });
      node.fresh(2n, { is: 'ok' });
      mesh.emit({ kind: 'executor-end', ...node.at });
      mesh.after(100);
      node.log('line');
      expect(checker.found).toBeNull();
    });

    it('fires when the executor ends late', () => {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      node.fresh(1n, { is: 'defer', ms: 500 });
      closeQueue(mesh, node);
      mesh.after(2);
      mesh.emit({ kind: 'executor-end', ...node.at });
      expect(checker.found).toMatchObject({ kind: 'executor-end' });
      expect(checker.found?.message).toContain('to end, its queue being closed and empty, at 0 ms');
    });

    it.each(['open', 'closed'] as const)(
      'fires when the executor ends with something in its queue, that being %s',
      (how) => {
        const { mesh, node, checker } = setup();
        node.submit('k1');
        if (how === 'closed') closeQueue(mesh, node);
        mesh.emit({ kind: 'executor-end', ...node.at });
        expect(checker.found).toMatchObject({ kind: 'executor-end' });
        expect(checker.found?.message).toContain(`found that it ended with the queue ${how} and 1 in it`);
      },
    );

    it('fires when the executor ends with its queue open and empty', () => {
      const { mesh, node, checker } = setup();
      mesh.emit({ kind: 'executor-end', ...node.at });
      expect(checker.found?.message).toContain('with the queue open and 0 in it');
    });
  });

  describe('under netMesh021', () => {
    /** The node feeds its depth by the idle tick at each of these times, after an action so long in the dispatcher, if any. */
    function ticks(times: readonly number[], dispatchMs = 0) {
      const made = setup('netMesh021');
      const { mesh, node } = made;
      mesh.emit({ kind: 'boot', ...node.at, entries: 0 });
      node.feed(0);
      if (dispatchMs > 0) {
        node.submit('k1');
        slow(mesh, dispatchMs);
        // Nothing is fed when an action is done with.
        mesh.spoil('depth', (event) => event);
        mesh.spoil('depth', () => null);
        node.fresh(1n, { is: 'ok' });
      }
      for (const atMs of times) {
        mesh.nowMs = atMs;
        node.feed(0);
      }
      return made;
    }

    it.each([
      ['every 100 ms', [100, 200, 300], 0],
      ['in its old phase when it was up to 5 ms late', [105, 200], 105],
      ['in a new phase when it was later than 5 ms', [106, 206], 106],
    ] as const)('holds when the idle tick comes %s', (_what, times, dispatchMs) => {
      expect(ticks(times, dispatchMs).checker.found).toBeNull();
    });

    it.each([
      ['early', [99], 0, 'to sleep until its idle tick at 100 ms, found the depth fed at 99 ms'],
      ['late', [101], 0, 'to feed the depth by its idle tick at 100 ms, found that it had not when 101 ms'],
      ['in a new phase after 5 ms', [105, 205], 105, 'by its idle tick at 200 ms'],
      ['in its old phase after 6 ms', [106, 200], 106, 'until its idle tick at 206 ms'],
      ['twice', [100, 100], 0, 'until its idle tick at 200 ms'],
    ] as const)('fires when the idle tick comes %s', (_what, times, dispatchMs, words) => {
      const { checker } = ticks(times, dispatchMs);
      expect(checker.found).toMatchObject({ kind: 'depth' });
      expect(checker.found?.message).toContain(words);
    });

    it('fires when the first tick is not at once', () => {
      const { mesh, node, checker } = setup('netMesh021');
      mesh.emit({ kind: 'boot', ...node.at, entries: 0 });
      mesh.after(1);
      node.log('line');
      expect(checker.found?.message).toContain('by its idle tick at 0 ms');
    });

    it('tells the depth of a due action from that of the tick', () => {
      for (const tickMs of [100, 101]) {
        const { mesh, node, checker } = ticks([]);
        node.submit('k1');
        mesh.spoil('depth', (event) => event);
        mesh.spoil('depth', () => null);
        node.fresh(1n, { is: 'defer', ms: 50 });
        mesh.after(50);
        mesh.spoil('depth', (event) => event);
        mesh.spoil('depth', () => null);
        node.due(1n, { is: 'ok' });
        mesh.nowMs = tickMs;
        node.feed(0);
        if (tickMs === 100) expect(checker.found).toBeNull();
        else expect(checker.found?.message).toContain('by its idle tick at 100 ms');
      }
    });

    it('fires when the depth is fed after an action', () => {
      const { node, checker } = ticks([]);
      node.submit('k1');
      node.fresh(1n, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'depth' });
      expect(checker.found?.message).toContain('to sleep until its idle tick at 100 ms, found the depth fed at 0 ms');
    });

    it('fires when the tick goes before the close', () => {
      const { mesh, node, checker } = ticks([]);
      mesh.after(100);
      closeQueue(mesh, node);
      node.feed(0);
      expect(checker.found?.message).toBe(
        'expected the executor of node 1 to close and take up nothing else, its queue being closed and empty, found the depth fed',
      );
    });

    it('asks nothing more of an executor that a throw has ended', () => {
      for (const where of ['hook', 'dispatch'] as const) {
        const { mesh, node, checker } = ticks([]);
        node.submit('k1');
        if (where === 'hook') mesh.emit({ kind: 'hook', ...node.at, change: 'asserted', threw: true });
        else {
          const at = { ...node.at, id: 1n, call: 0 };
          mesh.emit({ kind: 'dequeue', ...node.at, id: 1n });
          mesh.emit({ kind: 'dispatch', ...at, pending: node.pending(1n) });
          mesh.emit({ kind: 'dispatch-end', ...at, result: 'threw', reason: null, retryAfterMs: null });
        }
        mesh.after(1000);
        node.log('line');
        mesh.end();
        expect(checker.found).toBeNull();
      }
    });

    it.each([
      [99, 'to sleep until its idle tick at 100 ms, found the depth fed at 99 ms'],
      [100, null],
      [101, 'to feed the depth by its idle tick at 100 ms, found that it had not when 101 ms'],
    ])('goes on after a pause with the phase of the ticks before: at %i ms', (atMs, words) => {
      const { mesh, node, checker } = ticks([]);
      mesh.after(10);
      pause(mesh, node);
      mesh.after(10);
      resume(mesh, node);
      mesh.nowMs = atMs;
      node.feed(0);
      if (words === null) expect(checker.found).toBeNull();
      else expect(checker.found?.message).toContain(words);
    });

    it('asks for no tick where a pause hides when the first was', () => {
      const { mesh, node, checker } = setup('netMesh021');
      mesh.emit({ kind: 'boot', ...node.at, entries: 0 });
      pause(mesh, node);
      mesh.after(3);
      resume(mesh, node);
      node.feed(0);
      for (const ms of [97, 3, 200]) {
        mesh.after(ms);
        node.feed(0);
        node.log('line');
      }
      expect(checker.found).toBeNull();
    });
  });

  it('goes on under strict after a throw', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    mesh.emit({ kind: 'hook', ...node.at, change: 'asserted', threw: true });
    node.fresh(1n, { is: 'threw' });
    mesh.after(1);
    node.log('line');
    expect(checker.found?.message).toContain('to take up the first of 1 queued actions at 0 ms');
  });
});
