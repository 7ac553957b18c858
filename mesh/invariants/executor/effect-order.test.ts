import { describe, expect, it } from 'vitest';
import type { MeshEventKind } from '../../events.ts';
import type { MeshConfig } from '../../scenario/scenario.ts';
import { CLOSED_REASON } from '../model/actions.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import type { FakeNode, Turn } from '../testing/fake-node.testing.ts';
import { effectOrder } from './effect-order.ts';

/** An action may be put off twice; backpressure is asserted at 3 and released at 1. */
function setup(semantics: 'strict' | 'netMesh021' = 'strict', config: Partial<MeshConfig> = {}) {
  const mesh = new FakeMesh(config, semantics);
  return { mesh, node: mesh.node(1), checker: mesh.checker(effectOrder) };
}

const FAILED: Turn = { is: 'failed', reason: 'no route' };
const RETRIED: Turn = { is: 'failed', reason: 'busy', retryAfterMs: 1 };

/** Keeps back the nth event of a kind, from 1. */
function withhold(mesh: FakeMesh, kind: MeshEventKind, nth = 1): void {
  for (let i = 1; i < nth; i++) mesh.spoil(kind, (event) => event);
  mesh.spoil(kind, () => null);
}

/** Under `netMesh021` nothing is fed after an action, and a retried attempt is on the chain alone. */
function recorded(mesh: FakeMesh, node: FakeNode, turn: Turn): void {
  const id = node.submit(`k${mesh.events.length}`);
  const failed = turn.is !== 'ok' && turn.is !== 'defer' && turn.is !== 'gate';
  withhold(mesh, 'depth', failed ? 3 : 2);
  if (turn.is === 'failed' && turn.retryAfterMs !== undefined) {
    mesh.spoil('append-failure', () => {
      node.recentFailures.items.pop();
      return null;
    });
    mesh.before('append-action', () => node.recentFailures.items.pop());
  }
  node.fresh(id, turn);
}

describe('effect-order', () => {
  it('holds through every way an action can end, a close and a restart', () => {
    const { mesh, node, checker } = setup();
    for (let i = 1; i <= 8; i++) node.submit(`k${i}`);
    node.fresh(1n, { is: 'ok' });
    node.fresh(2n, FAILED);
    node.fresh(3n, RETRIED);
    node.fresh(4n, { is: 'rejected' });
    node.fresh(5n, { is: 'threw' });
    node.fresh(6n, { is: 'gate', untilMs: 9 });
    node.fresh(7n, { is: 'defer', ms: 1 });
    mesh.after(1);
    node.due(3n, RETRIED);
    node.due(7n, { is: 'defer', ms: 1 });
    node.fresh(8n, { is: 'defer', ms: 1 });
    mesh.after(1);
    node.due(3n, RETRIED);
    node.due(7n, { is: 'defer', ms: 1 });
    const last = node.submit('last');
    node.seams.failure = false;
    node.seams.action = false;
    node.fresh(last, FAILED);
    node.close();
    mesh.crash(1, 0);
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('again'), FAILED);
    again.close();
    mesh.end();
    expect(checker.found).toBeNull();
    expect(mesh.events.filter(({ kind }) => kind === 'hook').length).toBeGreaterThan(1);
  });

  it('holds under netMesh021, where the idle tick feeds the depth and a throw ends the executor', () => {
    const { mesh, node, checker } = setup('netMesh021');
    node.feed(0);
    recorded(mesh, node, { is: 'ok' });
    recorded(mesh, node, FAILED);
    recorded(mesh, node, { is: 'gate', untilMs: 9 });
    recorded(mesh, node, { is: 'defer', ms: 1 });
    node.feed(0);
    withhold(mesh, 'depth', 2);
    node.due(4n, { is: 'ok' });
    const id = node.submit('thrown');
    for (const kind of ['release', 'append-failure', 'append-action'] as const) withhold(mesh, kind);
    withhold(mesh, 'depth', 2);
    mesh.spoil('depth', () => null);
    node.fresh(id, { is: 'threw' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds under netMesh021 when an executor ends and leaves its deferred actions', () => {
    const { mesh, node, checker } = setup('netMesh021');
    recorded(mesh, node, { is: 'defer', ms: 9 });
    mesh.emit({ kind: 'queue-close', ...node.at });
    mesh.emit({ kind: 'executor-end', ...node.at });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds under netMesh021 when a retried attempt is on the action chain alone', () => {
    const { mesh, node, checker } = setup('netMesh021');
    recorded(mesh, node, RETRIED);
    expect(mesh.events.at(-1)).toMatchObject({ kind: 'append-action', ms: 1n });
    expect(checker.found).toBeNull();
  });

  it('holds under netMesh021 when a retried attempt is counted after the hook was told of the release', () => {
    const { mesh, node, checker } = setup('netMesh021', { backpressureOn: 1, backpressureOff: 0 });
    withhold(mesh, 'hook', 3);
    recorded(mesh, node, RETRIED);
    expect(mesh.events.findLast(({ kind }) => kind === 'hook')).toMatchObject({ change: 'released' });
    expect(checker.found).toBeNull();
  });

  it('holds when a run ends with nothing in hand, or when a node dies amid an action and stays down', () => {
    for (const dies of [false, true]) {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      if (dies) {
        mesh.before('dispatch', () => mesh.crash(1, 0));
        for (const kind of ['dispatch', 'dispatch-end', 'append-action'] as const) withhold(mesh, kind);
        withhold(mesh, 'depth', 2);
      }
      node.fresh(1n, { is: 'ok' });
      mesh.end();
      expect(checker.found).toBeNull();
    }
  });

  it('holds nothing seen of an incarnation against the state of another that is shown', () => {
    const { mesh, node, checker } = setup('strict', { backpressureOn: 1, backpressureOff: 0 });
    node.submit('k1');
    node.submit('k2');
    node.fresh(1n, FAILED);
    mesh.spoil('crash', () => null);
    mesh.crash(1, 0);
    mesh.boot();
    node.fresh(2n, FAILED);
    expect(mesh.events.findLast(({ kind }) => kind === 'hook')).toMatchObject({ inc: 0, change: 'released' });
    expect(checker.found).toBeNull();
  });

  it('does not wait for what the queue did not take', () => {
    const { node, checker } = setup();
    for (const outcome of ['full', 'closed'] as const) node.enqueue(node.collect(outcome), outcome);
    node.close();
    expect(checker.found).toBeNull();
  });

  it.each([
    ['the depth with a fresh action', { is: 'ok' }, 'depth', 1, 'admit', 'feed the depth with action 1'],
    ['admission', { is: 'ok' }, 'admit', 1, 'dispatch', 'ask admission about action 1'],
    ['the dispatch', { is: 'ok' }, 'dispatch', 1, 'dispatch-end', 'dispatch action 1'],
    ['the end of the dispatch', { is: 'ok' }, 'dispatch-end', 1, 'append-action', 'see the end of the dispatch'],
    ['the chain append of a success', { is: 'ok' }, 'append-action', 1, 'depth', 'append action 1 to the action chain'],
    ['the release', FAILED, 'release', 1, 'depth', 'give back what action 1, whose dispatch failed, had reserved'],
    ['the release before a retry', RETRIED, 'release', 1, 'depth', 'give back what action 1'],
    ['the release of a rejected dispatch', { is: 'rejected' }, 'release', 1, 'depth', 'give back what action 1'],
    ['the release of a thrown dispatch', { is: 'threw' }, 'release', 1, 'depth', 'give back what action 1'],
    ['the depth without a failed action', FAILED, 'depth', 2, 'append-failure', 'feed the depth without action 1'],
    ['the failure chain', FAILED, 'append-failure', 1, 'append-action', 'count action 1 and append it to the failure'],
    ['the failure chain of a retry', RETRIED, 'append-failure', 1, 'append-action', 'append it to the failure chain'],
    ['the failure chain of a gate', { is: 'gate', untilMs: 9 }, 'append-failure', 1, 'append-action', 'failure chain'],
    ['the chain append of a failure', FAILED, 'append-action', 1, 'depth', 'append action 1 to the action chain'],
    ['the chain append of a gate', { is: 'gate', untilMs: 9 }, 'append-action', 1, 'depth', 'to the action chain'],
  ] as const)('fires when %s is left out', (_what, turn, kind, nth, seenAt, next) => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    withhold(mesh, kind, nth);
    node.fresh(1n, turn);
    expect(checker.found).toMatchObject({ kind: seenAt });
    expect(checker.found?.message).toContain('expected the executor of node 1 to ');
    expect(checker.found?.message).toContain(next);
    expect(checker.found?.message).toContain(`found '${seenAt}'`);
  });

  it.each([
    ['dequeue', { is: 'ok' }],
    ['depth', { is: 'ok' }],
    ['admit', { is: 'ok' }],
    ['dispatch', { is: 'ok' }],
    ['dispatch-end', { is: 'ok' }],
    ['append-action', { is: 'ok' }],
    ['release', FAILED],
    ['release', RETRIED],
    ['append-failure', FAILED],
    ['append-failure', { is: 'gate', untilMs: 9 }],
    ['append-action', { is: 'gate', untilMs: 9 }],
  ] as const)("fires when '%s' comes twice", (kind, turn) => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.spoil(kind, (event) => {
      mesh.emit(event);
      return event;
    });
    node.fresh(1n, turn);
    expect(checker.found).toMatchObject({ kind });
    expect(checker.found?.message).toContain(`found '${kind}'`);
  });

  it.each([
    ['a success', { is: 'ok' }],
    ['a gate', { is: 'gate', untilMs: 9 }],
    ['a defer', { is: 'defer', ms: 9 }],
  ] as const)('fires when %s is released', (_what, turn) => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.spoil('depth', (event) => event);
    mesh.before('depth', () => {});
    mesh.before('depth', () => mesh.emit({ kind: 'release', ...node.at, id: 1n }));
    node.fresh(1n, turn);
    expect(checker.found).toMatchObject({ kind: 'release' });
    expect(checker.found?.message).toBe(
      "expected the executor of node 1 to feed the depth, action 1 being done with, next, found 'release' of action 1",
    );
  });

  it('fires when the depth without a failed action is fed before the release', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.before('release', () => node.feed(0));
    node.fresh(1n, FAILED);
    expect(checker.found).toMatchObject({ kind: 'depth' });
    expect(checker.found?.message).toContain(
      "to give back what action 1, whose dispatch failed, had reserved next, found 'depth'",
    );
  });

  it('fires when another action is released, asked about, dispatched or written than is in hand', () => {
    for (const kind of ['release', 'admit', 'dispatch', 'dispatch-end', 'append-action'] as const) {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      mesh.spoil(kind, (event) => ({ ...event, id: 2n }));
      node.fresh(1n, FAILED);
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toContain(`found '${kind}' of action 2`);
    }
  });

  it('fires when a defer writes something', () => {
    for (const kind of ['append-failure', 'append-action'] as const) {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      mesh.before('depth', () => {});
      mesh.before('depth', () => {
        if (kind === 'append-action') node.append(1n, { type: 'dispatched' });
        else node.fail(1n, { type: 'failed', reason: 'deferred', retryAfterMs: null });
      });
      node.fresh(1n, { is: 'defer', ms: 9 });
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toContain('to feed the depth, action 1 being done with, next');
    }
  });

  it('fires when the next action is taken up before the depth is fed after the last, under strict', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    withhold(mesh, 'depth', 2);
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toBeNull();
    node.fresh(2n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dequeue' });
    expect(checker.found?.message).toContain(
      "to feed the depth, action 1 being done with, next, found 'dequeue' of action 2",
    );
  });

  it('fires when an action is taken up while another is in hand', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    mesh.before('dispatch-end', () => node.fresh(2n, { is: 'ok' }));
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dequeue' });
    expect(checker.found?.message).toContain('to see the end of the dispatch of action 1 next');
  });

  it('fires under strict when the depth is fed and no due action is asked about', () => {
    const { node, checker } = setup();
    node.submit('k1');
    node.feed(0);
    expect(checker.found).toBeNull();
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dequeue' });
    expect(checker.found?.message).toContain('to ask admission about the action that is due next');
  });

  it('fires under either preset when a due action is asked about before the depth is fed with it', () => {
    for (const semantics of ['strict', 'netMesh021'] as const) {
      const { mesh, node, checker } = setup(semantics);
      node.submit('k1');
      if (semantics === 'strict') node.fresh(1n, { is: 'defer', ms: 0 });
      else {
        withhold(mesh, 'depth', 2);
        node.fresh(1n, { is: 'defer', ms: 0 });
      }
      mesh.spoil('depth', () => null);
      node.due(1n, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'admit' });
      expect(checker.found?.message).toContain("next, found 'admit' of action 1");
    }
  });

  it('fires under either preset when the first thing an executor does is to ask about a due action', () => {
    for (const semantics of ['strict', 'netMesh021'] as const) {
      const { mesh, node, checker } = setup(semantics);
      mesh.spoil('depth', () => null);
      node.due(1n, { is: 'ok' });
      expect(checker.found).toMatchObject({ event: 1, kind: 'admit' });
    }
  });

  it('fires when the depth is fed again before the hook is told', () => {
    const { mesh, node, checker } = setup('strict', { backpressureOn: 1, backpressureOff: 0 });
    node.submit('k1');
    withhold(mesh, 'hook', 2);
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toBeNull();
    node.feed(1);
    expect(checker.found).toMatchObject({ kind: 'depth' });
    expect(checker.found?.message).toContain("to tell the hook 'released' next, found 'depth'");
  });

  it('fires when the hook is told too late, of another edge, or of none', () => {
    const late = setup();
    for (let i = 1; i <= 3; i++) late.node.submit(`k${i}`);
    withhold(late.mesh, 'hook');
    late.node.fresh(1n, { is: 'ok' });
    expect(late.checker.found).toMatchObject({ kind: 'admit' });
    expect(late.checker.found?.message).toBe(
      "expected the executor of node 1 to tell the hook 'asserted' next, found 'admit' of action 1",
    );
    const other = setup();
    for (let i = 1; i <= 3; i++) other.node.submit(`k${i}`);
    other.mesh.spoil('hook', (event) => ({ ...event, change: 'released' }));
    other.node.fresh(1n, { is: 'ok' });
    expect(other.checker.found).toMatchObject({ kind: 'hook' });
    const none = setup();
    none.mesh.emit({ kind: 'hook', ...none.node.at, change: 'asserted', threw: false });
    expect(none.checker.found?.message).toContain("found 'hook'");
  });

  it('fires when the hook of a release hears of it after the failure was written', () => {
    const { mesh, node, checker } = setup('strict', { backpressureOn: 1, backpressureOff: 0 });
    node.submit('k1');
    withhold(mesh, 'hook', 2);
    node.fresh(1n, FAILED);
    expect(checker.found).toMatchObject({ kind: 'append-failure' });
    expect(checker.found?.message).toContain("to tell the hook 'released' next");
  });

  it('fires when an edge is not counted yet, or twice, when the hook is told', () => {
    for (const off of [-1, 1]) {
      const { mesh, node, checker } = setup();
      for (let i = 1; i <= 3; i++) node.submit(`k${i}`);
      mesh.before('hook', () => {
        node.stats.backpressureAsserts += off;
      });
      node.fresh(1n, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'hook' });
      expect(checker.found?.message).toBe(
        `expected node 1 to have counted 1 edges when its hook is told 'asserted', found ${1 + off}`,
      );
    }
  });

  it.each([
    ['append-failure', FAILED, 'failed'],
    ['append-failure', RETRIED, 'dispatchRetries'],
    ['append-failure', { is: 'gate', untilMs: 9 }, 'gated'],
    ['append-action', FAILED, 'failed'],
    ['append-action', { is: 'ok' }, 'dispatched'],
  ] as const)("fires at '%s' when its outcome is not counted yet", (kind, turn, counter) => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.before(kind, () => {
      node.stats[counter]--;
    });
    node.fresh(1n, turn);
    expect(checker.found).toMatchObject({ kind });
    expect(checker.found?.message).toBe(
      `expected node 1 to have counted 1 outcomes at '${kind}', action 1 being in hand, found 0`,
    );
  });

  it('fires when a defer is not counted by the time the depth is fed', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    mesh.before('depth', () => {});
    mesh.before('depth', () => {
      node.stats.deferred--;
    });
    node.fresh(1n, { is: 'defer', ms: 9 });
    expect(checker.found).toMatchObject({ kind: 'depth' });
    expect(checker.found?.message).toContain("to have counted 1 outcomes at 'depth'");
  });

  it.each(['release', 'depth', 'hook'] as const)("fires at '%s' when a failure is counted already", (kind) => {
    const { mesh, node, checker } = setup('strict', { backpressureOn: 1, backpressureOff: 0 });
    node.submit('k1');
    if (kind !== 'release') mesh.before(kind, () => {});
    mesh.before(kind, () => {
      node.stats.failed++;
    });
    node.fresh(1n, FAILED);
    expect(checker.found).toMatchObject({ kind });
    expect(checker.found?.message).toBe(
      `expected node 1 to have counted 0 outcomes at '${kind}', action 1 being in hand, found 1`,
    );
  });

  it('fires when the ring has a failure before the failure chain was asked, or not when the action chain is', () => {
    const early = setup();
    early.node.submit('k1');
    early.mesh.before('append-failure', () =>
      early.node.recentFailures.push({ seq: 1n, source: '', reason: '', recordedAtMs: 0n }),
    );
    early.node.fresh(1n, FAILED);
    expect(early.checker.found).toMatchObject({ kind: 'append-failure' });
    expect(early.checker.found?.message).toBe(
      "expected the ring of recent failures of node 1 to have got 0 entries at 'append-failure' of action 1, found 1",
    );
    const late = setup();
    late.node.submit('k1');
    late.mesh.before('append-action', () => late.node.recentFailures.items.pop());
    late.node.fresh(1n, { is: 'gate', untilMs: 9 });
    expect(late.checker.found).toMatchObject({ kind: 'append-action' });
    expect(late.checker.found?.message).toContain('to have got 1 entries');
  });

  it('counts what the ring has evicted', () => {
    const { node, checker } = setup('strict', { recentFailures: 1 });
    for (let i = 1n; i <= 4n; i++) {
      node.submit(`k${i}`);
      node.fresh(i, FAILED);
    }
    expect(checker.found).toBeNull();
  });

  it.each(['append-failure', 'append-action'] as const)(
    "fires at '%s' when a retried action waits again already",
    (kind) => {
      const { mesh, node, checker } = setup();
      node.submit('k1');
      node.submit('k2');
      node.fresh(1n, { is: 'defer', ms: 9 });
      mesh.before(kind, () => {
        node.deferred++;
      });
      node.fresh(2n, RETRIED);
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toBe(
        `expected action 2 of node 1 to be put back among the deferred after '${kind}', found 2 deferred instead of 1 before`,
      );
    },
  );

  it('leaves what is deferred alone when an action fails for good', () => {
    const { mesh, node, checker } = setup();
    node.submit('k1');
    node.submit('k2');
    node.fresh(1n, RETRIED);
    mesh.before('append-action', () => {
      node.deferred++;
    });
    node.fresh(2n, FAILED);
    node.deferred--;
    expect(checker.found).toBeNull();
  });

  describe('at the close', () => {
    /** Two actions are deferred and the queue is closed. */
    function closing(semantics: 'strict' | 'netMesh021' = 'strict') {
      const made = setup(semantics);
      const { mesh, node } = made;
      for (const id of [1n, 2n]) {
        node.submit(`k${id}`);
        if (semantics === 'netMesh021') withhold(mesh, 'depth', 2);
        node.fresh(id, { is: 'defer', ms: 9 });
      }
      mesh.emit({ kind: 'queue-close', ...node.at });
      return made;
    }

    function failFor(node: FakeNode, id: bigint): void {
      node.deferred--;
      node.stats.failed++;
      node.fail(id, { type: 'failed', reason: CLOSED_REASON, retryAfterMs: null });
    }

    it('fires when the depth is fed after each action', () => {
      const { node, checker } = closing();
      failFor(node, 1n);
      node.feed(0);
      expect(checker.found).toMatchObject({ kind: 'depth' });
      expect(checker.found?.message).toContain(
        "to fail the next deferred action, or to feed a depth of 0 and end, next, found 'depth'",
      );
    });

    it('fires when the depth of 0 is fed twice, or not at all', () => {
      const twice = closing();
      failFor(twice.node, 1n);
      failFor(twice.node, 2n);
      twice.node.feed(0);
      expect(twice.checker.found).toBeNull();
      twice.node.feed(0);
      expect(twice.checker.found).toMatchObject({ kind: 'depth' });
      expect(twice.checker.found?.message).toContain("to end next, found 'depth'");
      const never = closing();
      failFor(never.node, 1n);
      failFor(never.node, 2n);
      never.mesh.emit({ kind: 'executor-end', ...never.node.at });
      expect(never.checker.found).toMatchObject({ kind: 'executor-end' });
      expect(never.checker.found?.message).toContain('to feed a depth of 0 and end');
    });

    it('fires when an executor with nothing deferred ends without feeding the depth', () => {
      const { mesh, node, checker } = setup();
      mesh.emit({ kind: 'queue-close', ...node.at });
      mesh.emit({ kind: 'executor-end', ...node.at });
      expect(checker.found).toMatchObject({ kind: 'executor-end' });
    });

    it('fires when an action is taken up after the first has failed for the close', () => {
      const { node, checker } = closing();
      failFor(node, 1n);
      node.due(2n, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'depth' });
    });

    it('fires when something fails without being taken up while the queue is open, or not empty', () => {
      const open = setup();
      open.node.submit('k1');
      open.node.fresh(1n, { is: 'defer', ms: 9 });
      failFor(open.node, 1n);
      expect(open.checker.found).toMatchObject({ kind: 'append-failure' });
      expect(open.checker.found?.message).toBe(
        "expected the executor of node 1 to take up another action, or to close once its queue is closed and empty, next, found 'append-failure'",
      );
      const full = setup();
      full.node.submit('k1');
      full.node.submit('k2');
      full.node.fresh(1n, { is: 'defer', ms: 9 });
      full.mesh.emit({ kind: 'queue-close', ...full.node.at });
      failFor(full.node, 1n);
      expect(full.checker.found).toMatchObject({ kind: 'append-failure' });
    });

    it('fires when a depth of 0 is fed while the queue is open', () => {
      const { node, checker } = setup();
      node.feed(0);
      expect(checker.found).toMatchObject({ kind: 'depth' });
    });

    it('fires when a failure is not counted before it is written', () => {
      const { node, checker } = closing();
      node.deferred--;
      node.fail(1n, { type: 'failed', reason: CLOSED_REASON, retryAfterMs: null });
      expect(checker.found).toMatchObject({ kind: 'append-failure' });
      expect(checker.found?.message).toContain("to have counted 3 outcomes at 'append-failure', found 2");
    });

    it('fires under netMesh021 when what is deferred is failed', () => {
      const { node, checker } = closing('netMesh021');
      failFor(node, 1n);
      expect(checker.found).toMatchObject({ kind: 'append-failure' });
    });
  });

  describe('under netMesh021', () => {
    it('fires when a retried attempt is on the failure chain', () => {
      const { node, checker } = setup('netMesh021');
      node.submit('k1');
      node.fresh(1n, RETRIED);
      expect(checker.found).toMatchObject({ kind: 'append-failure' });
      expect(checker.found?.message).toContain('to append action 1 to the action chain next');
    });

    it('fires when the hook of a release hears of it after a retried attempt was written', () => {
      const { mesh, node, checker } = setup('netMesh021', { backpressureOn: 1, backpressureOff: 0 });
      withhold(mesh, 'hook', 2);
      recorded(mesh, node, RETRIED);
      expect(checker.found).toMatchObject({ kind: 'append-action' });
      expect(checker.found?.message).toContain("to tell the hook 'released' next");
    });

    it('fires when the depth is fed by an idle tick while an action is in hand', () => {
      const { mesh, node, checker } = setup('netMesh021');
      node.submit('k1');
      mesh.before('dispatch-end', () => node.feed(0));
      node.fresh(1n, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'depth' });
      expect(checker.found?.message).toContain("to see the end of the dispatch of action 1 next, found 'depth'");
    });

    it('fires when a fresh action is asked about before the depth is fed with it, whatever an idle tick fed', () => {
      const { mesh, node, checker } = setup('netMesh021');
      node.submit('k1');
      node.feed(0);
      mesh.spoil('depth', () => null);
      node.fresh(1n, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'admit' });
      expect(checker.found?.message).toContain("to feed the depth with action 1 next, found 'admit'");
    });

    it('fires when another action than the one in hand is written, the second time, too', () => {
      const { mesh, node, checker } = setup('netMesh021');
      recorded(mesh, node, { is: 'ok' });
      expect(checker.found).toBeNull();
      mesh.spoil('append-action', (event) => ({ ...event, id: 1n }));
      recorded(mesh, node, { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'append-action' });
      expect(checker.found?.message).toContain("to append action 2 to the action chain next, found 'append-action' of");
    });

    it('fires at the end of the run when the hook has not heard of the last edge', () => {
      const { mesh, node, checker } = setup('netMesh021', { backpressureOn: 1 });
      node.submit('k1');
      withhold(mesh, 'hook');
      node.feed(0);
      mesh.end();
      expect(checker.found).toMatchObject({ kind: 'the end' });
      expect(checker.found?.message).toContain("to tell the hook 'asserted' next, found nothing more of it");
    });

    it('fires when the executor goes on after a dispatch or a hook that threw', () => {
      const dispatch = setup('netMesh021');
      dispatch.node.submit('k1');
      dispatch.node.fresh(1n, { is: 'threw' });
      expect(dispatch.checker.found).toMatchObject({ kind: 'release' });
      expect(dispatch.checker.found?.message).toContain('to do nothing, having ended, next');
      const hook = setup('netMesh021');
      for (let i = 1; i <= 3; i++) hook.node.submit(`k${i}`);
      hook.mesh.spoil('hook', (event) => ({ ...event, threw: true }));
      hook.node.fresh(1n, { is: 'ok' });
      expect(hook.checker.found).toMatchObject({ kind: 'admit' });
      expect(hook.checker.found?.message).toContain('to do nothing, having ended, next');
    });
  });

  it('goes on under strict after a hook that threw', () => {
    const { mesh, node, checker } = setup();
    for (let i = 1; i <= 3; i++) node.submit(`k${i}`);
    mesh.spoil('hook', (event) => ({ ...event, threw: true }));
    node.fresh(1n, { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires at the end of the run when an effect is still owed, and not for a dispatch under way', () => {
    const owed = setup();
    owed.node.submit('k1');
    withhold(owed.mesh, 'depth', 2);
    owed.node.fresh(1n, { is: 'ok' });
    owed.mesh.end();
    expect(owed.checker.found).toMatchObject({ kind: 'the end' });
    expect(owed.checker.found?.message).toBe(
      'expected the executor of node 1 to feed the depth, action 1 being done with, next, found nothing more of it',
    );
    const untold = setup();
    for (let i = 1; i <= 3; i++) untold.node.submit(`k${i}`);
    withhold(untold.mesh, 'hook');
    untold.node.feed(0);
    untold.mesh.end();
    expect(untold.checker.found?.message).toContain("to tell the hook 'asserted' next, found nothing more of it");
    const running = setup();
    running.node.submit('k1');
    for (const kind of ['dispatch-end', 'append-action'] as const) withhold(running.mesh, kind);
    withhold(running.mesh, 'depth', 2);
    running.node.fresh(1n, { is: 'ok' });
    running.mesh.end();
    expect(running.checker.found).toBeNull();
  });
});
