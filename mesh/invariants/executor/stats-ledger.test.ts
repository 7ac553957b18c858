import { describe, expect, it } from 'vitest';
import type { ExecutorStats } from '../../../src/executor/ports.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { statsLedger } from './stats-ledger.ts';

function setup() {
  const mesh = new FakeMesh({ maxDefers: 1, backpressureOn: 2, backpressureOff: 0 });
  return { mesh, node: mesh.node(1), checker: mesh.checker(statsLedger) };
}

/** Every counter moves. */
function busy(mesh: FakeMesh): void {
  const node = mesh.node(1);
  for (let i = 1; i <= 5; i++) node.submit(`k${i}`);
  node.fresh(1n, { is: 'ok' });
  node.fresh(2n, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
  node.fresh(3n, { is: 'gate', untilMs: 10 });
  node.fresh(4n, { is: 'defer', ms: 1 });
  node.seams.action = false;
  node.fresh(5n, { is: 'threw' });
  node.seams.action = true;
  mesh.after(1);
  node.due(2n, { is: 'failed', reason: 'busy', retryAfterMs: 1 });
  node.due(4n, { is: 'defer', ms: 1 });
  node.feed(2, true);
  node.feed(0, true);
  node.enqueue(node.collect('k6'), 'full');
  node.enqueue(node.collect('k7'), 'closed');
}

describe('stats-ledger', () => {
  it('holds when every counter is what the ports saw, through a close, a crash and a restart', () => {
    const { mesh, node, checker } = setup();
    busy(mesh);
    expect(node.stats).toEqual({
      dispatched: 1,
      failed: 3,
      deferred: 1,
      gated: 1,
      dispatchRetries: 1,
      backpressureAsserts: 2,
      backpressureReleases: 2,
      chainAppendFailures: 1,
      hookFailures: 2,
    });
    mesh.crash(1, 0);
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('k8'), { is: 'defer', ms: 1 });
    again.close();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  const counters: readonly (keyof ExecutorStats)[] = [
    'dispatched',
    'failed',
    'deferred',
    'gated',
    'dispatchRetries',
    'backpressureAsserts',
    'backpressureReleases',
    'chainAppendFailures',
    'hookFailures',
  ];

  it.each(counters)('fires when %s is off by one, when the next action is taken up', (counter) => {
    const { mesh, node, checker } = setup();
    busy(mesh);
    node.stats[counter]++;
    const id = node.submit('k8');
    expect(checker.found).toBeNull();
    node.fresh(id, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'admit' });
    const correct = node.stats[counter] - (counter === 'dispatched' ? 2 : 1);
    expect(checker.found?.message).toContain(
      `the counter ${counter} of node 1 to be ${correct}, as the ports saw, found ${correct + 1}`,
    );
  });

  it('fires at the record already when its own action was not counted', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('k1');
    mesh.before('append-action', () => {
      node.stats.dispatched = 0;
    });
    node.fresh(id, { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
  });

  it('fires when an action failed by the close is not counted', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'defer', ms: 9 });
    mesh.before('append-action', () => {
      node.stats.failed = 0;
    });
    node.close();
    expect(checker.found?.message).toContain('the counter failed of node 1 to be 1, as the ports saw, found 0');
  });

  it('fires when a failed append is not counted, after a crash at the latest', () => {
    const { mesh, node, checker } = setup();
    const id = node.submit('k1');
    node.seams.action = false;
    node.fresh(id, { is: 'ok' });
    node.stats.chainAppendFailures = 0;
    mesh.crash(1, 0);
    expect(checker.found).toMatchObject({ kind: 'crash' });
  });

  it('counts what throws under netMesh021 too, but no hook failures', () => {
    const mesh = new FakeMesh({ backpressureOn: 1, backpressureOff: 0 }, 'netMesh021');
    const checker = mesh.checker(statsLedger);
    const node = mesh.node(1);
    node.feed(1, true);
    node.stats.hookFailures = 0;
    node.fresh(node.submit('k1'), { is: 'threw' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when a drop or a refusal at the queue is not counted, in the next instant or at the end', () => {
    for (const counter of ['droppedQueueFull', 'refusedQueueClosed'] as const) {
      const { mesh, node, checker } = setup();
      const outcome = counter === 'droppedQueueFull' ? 'full' : 'closed';
      node.enqueue(node.collect('k1'), outcome);
      node.enqueue(node.collect('k2'), outcome);
      node[counter] = 1;
      expect(checker.found).toBeNull();
      mesh.after(500);
      node.submit('k3');
      expect(checker.found).toMatchObject({ kind: 'enqueue' });
      expect(checker.found?.message).toContain(`the counter ${counter} of node 1 to be 2, as the ports saw, found 1`);
      const ended = setup();
      ended.node.enqueue(ended.node.collect('k1'), outcome);
      ended.node[counter] = 0;
      ended.mesh.end();
      expect(ended.checker.found).toMatchObject({ kind: 'the end' });
    }
  });

  it.each(counters)('fires at the end of the executor, of the node or of the run when %s is off by one', (counter) => {
    for (const when of ['executor-end', 'crash', 'the end'] as const) {
      const { mesh, node, checker } = setup();
      busy(mesh);
      node.stats[counter]++;
      if (when === 'executor-end') node.close();
      else if (when === 'crash') mesh.crash(1, 0);
      else mesh.end();
      expect(checker.found).toMatchObject({ kind: when });
      expect(checker.found?.message).toContain(`the counter ${counter} of node 1`);
    }
  });

  it('looks at drops and refusals at the hand-over only after there were some, and when the node dies', () => {
    for (const counter of ['droppedQueueFull', 'refusedQueueClosed'] as const) {
      const { mesh, node, checker } = setup();
      node[counter] = 1;
      mesh.after(10);
      node.submit('k1');
      expect(checker.found).toBeNull();
      mesh.crash(1, 0);
      expect(checker.found?.message).toBe(
        `expected the counter ${counter} of node 1 to be 0, as the ports saw, found 1`,
      );
    }
  });

  it('looks at drops in the instant after the first of the run', () => {
    const { mesh, node, checker } = setup();
    node.enqueue(node.collect('k1'), 'full');
    node.droppedQueueFull = 0;
    mesh.after(1);
    node.submit('k2');
    expect(checker.found).toMatchObject({ kind: 'enqueue' });
  });

  it('counts an action once that failed for good when it was due, and each by itself', () => {
    const { mesh, node, checker } = setup();
    const first = node.submit('k1');
    const second = node.submit('k2');
    node.fresh(first, { is: 'defer', ms: 0 });
    node.fresh(second, { is: 'failed', reason: 'busy', retryAfterMs: 0 });
    node.due(first, { is: 'failed', reason: 'no route' });
    node.due(second, { is: 'gate', untilMs: 5 });
    node.fresh(node.submit('k3'), { is: 'defer', ms: 9 });
    node.append(3n, { type: 'dispatched' });
    node.close();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds nothing seen of an earlier incarnation against the one that is shown', () => {
    const { mesh, checker } = setup();
    busy(mesh);
    mesh.spoil('crash', () => null);
    mesh.crash(1, 0);
    mesh.boot();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('lets the node count a drop within its instant', () => {
    const { mesh, node, checker } = setup();
    node.enqueue(node.collect('k1'), 'full');
    node.droppedQueueFull = 0;
    node.submit('k2');
    expect(checker.found).toBeNull();
    node.droppedQueueFull = 1;
    mesh.after(1);
    node.submit('k3');
    expect(checker.found).toBeNull();
  });

  it('holds when the close fails what was to be dispatched again', () => {
    const { mesh, node, checker } = setup();
    node.fresh(node.submit('k1'), { is: 'failed', reason: 'busy', retryAfterMs: 9 });
    node.close();
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('lets the executor count a failed append after the next one', () => {
    const { mesh, node, checker } = setup();
    for (const op of ['k1', 'k2']) node.fresh(node.submit(op), { is: 'defer', ms: 9 });
    node.seams.action = false;
    mesh.before('append-action', () => {});
    mesh.before('append-action', () => {
      node.stats.chainAppendFailures--;
    });
    mesh.before('executor-end', () => {
      node.stats.chainAppendFailures++;
    });
    node.close();
    mesh.end();
    expect(checker.found).toBeNull();
  });
});
