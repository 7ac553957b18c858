import { describe, expect, it } from 'vitest';
import type { DaemonRef } from '../../../src/action/action.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import type { FakeNode } from '../testing/fake-node.testing.ts';
import { pull, start } from '../testing/windows.testing.ts';
import { daemonGate } from './daemon-gate.ts';

const daemon: DaemonRef = { id: 1n, name: 'telemetry' };

function setup() {
  const mesh = new FakeMesh();
  return { mesh, node: mesh.node(1), checker: mesh.checker(daemonGate) };
}

/** A gate goes through the inbox and is set as soon as it is taken out. */
function gate(mesh: FakeMesh, node: FakeNode, untilMs: number, which: DaemonRef = daemon): void {
  const op = `gate ${mesh.events.length}`;
  node.offer(op, { kind: 'gate-daemon', daemon: which, untilMs });
  mesh.emit({ kind: 'take', ...node.at, op, input: 'gate-daemon' });
  mesh.emit({ kind: 'gate', ...node.at, daemonId: which.id, daemonName: which.name, untilMs });
}

describe('daemon-gate', () => {
  it('holds when actions of a gated daemon are gated until its gate opens, and all others are not', () => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    node.fresh(node.submit('k1', start(daemon)), { is: 'gate', untilMs: 100 });
    node.fresh(node.submit('k2', { kind: 'stop_daemon', daemon, reason: 'r', deadlineMs: 1 }), {
      is: 'gate',
      untilMs: 100,
    });
    node.fresh(node.submit('k3', { kind: 'apply_backoff', daemon, untilMs: 900 }), { is: 'gate', untilMs: 100 });
    node.fresh(node.submit('k4', start({ id: 1n, name: 'other' })), { is: 'ok' });
    node.fresh(node.submit('k5', start({ id: 2n, name: 'telemetry' })), { is: 'ok' });
    node.fresh(node.submit('k6', pull(1n)), { is: 'defer', ms: 1 });
    mesh.after(100);
    node.fresh(node.submit('k7', start(daemon)), { is: 'ok' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each([50, 200])('holds when a gate until %i ms replaces the earlier one until 100 ms', (untilMs) => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    gate(mesh, node, untilMs);
    node.fresh(node.submit('k1', start(daemon)), { is: 'gate', untilMs });
    mesh.after(untilMs);
    node.fresh(node.submit('k2', start(daemon)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when a gated daemon is let through', () => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    mesh.after(99);
    node.fresh(node.submit('k1', start(daemon)), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'admit' });
    expect(checker.found?.message).toBe(
      "expected action 1 of node 1 to be gated until 100 ms for 'daemon-backoff', found 'admit' 0 for 'null'",
    );
  });

  it('fires at the dispatch when admission was not seen to decide on it', () => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    mesh.spoil('admit', () => null);
    node.fresh(node.submit('k1', start(daemon)), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'dispatch' });
  });

  it('fires when a shorter gate does not replace a longer one', () => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    gate(mesh, node, 50);
    mesh.after(50);
    node.fresh(node.submit('k1', start(daemon)), { is: 'gate', untilMs: 100 });
    expect(checker.found?.message).toBe(
      "expected action 1 of node 1 not to be held back at 50 ms, when no gate of its daemon stands, found 'gate' 100",
    );
  });

  it('fires when a gate still stands at its very end', () => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    mesh.after(100);
    node.fresh(node.submit('k1', start(daemon)), { is: 'gate', untilMs: 100 });
    expect(checker.found).toMatchObject({ kind: 'admit' });
  });

  it('fires when a daemon of the same id or name is gated, when an action is deferred, or when one of no daemon is gated', () => {
    for (const other of [
      { id: 1n, name: 'other' },
      { id: 2n, name: 'telemetry' },
    ]) {
      const { mesh, node, checker } = setup();
      gate(mesh, node, 100);
      node.fresh(node.submit('k1', start(other)), { is: 'gate', untilMs: 100 });
      expect(checker.found).toMatchObject({ kind: 'admit' });
    }
    const deferred = setup();
    deferred.node.fresh(deferred.node.submit('k1', start(daemon)), { is: 'defer', ms: 5 });
    expect(deferred.checker.found?.message).toContain("found 'defer' 5");
    const noDaemon = setup();
    noDaemon.node.fresh(noDaemon.node.submit('k1', pull(1n)), { is: 'gate', untilMs: 5 });
    expect(noDaemon.checker.found?.message).toContain("found 'gate' 5");
  });

  it('fires when the end or the reason of a gate is wrong', () => {
    for (const change of [{ ms: 99 }, { reason: 'backoff' }]) {
      const { mesh, node, checker } = setup();
      gate(mesh, node, 100);
      mesh.spoil('admit', (event) => ({ ...event, ...change }));
      node.fresh(node.submit('k1', start(daemon)), { is: 'gate', untilMs: 100 });
      expect(checker.found).toMatchObject({ kind: 'admit' });
    }
  });

  it('fires when a gate is not set at once, set otherwise, or set without being asked for', () => {
    const late = setup();
    late.mesh.spoil('gate', () => null);
    gate(late.mesh, late.node, 100);
    late.node.submit('k1');
    expect(late.checker.found).toMatchObject({ kind: 'take' });
    expect(late.checker.found?.message).toContain('to gate daemon 1 (telemetry) at once when told to');
    const never = setup();
    never.mesh.spoil('gate', () => null);
    gate(never.mesh, never.node, 100);
    never.mesh.end();
    expect(never.checker.found).toMatchObject({ kind: 'the end' });
    const other = setup();
    other.mesh.spoil('gate', (event) => ({ ...event, untilMs: 101 }));
    gate(other.mesh, other.node, 100);
    expect(other.checker.found?.message).toContain('found daemon 1 (telemetry) gated until 101 ms');
    const unasked = setup();
    unasked.mesh.emit({ kind: 'gate', ...unasked.node.at, daemonId: 1n, daemonName: 'x', untilMs: 5 });
    expect(unasked.checker.found?.message).toContain('that nobody asked for');
  });

  it('forgets the gates of an incarnation that died', () => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    mesh.crash(1, 0);
    mesh.boot();
    const again = mesh.node(1);
    again.fresh(again.submit('k1', start(daemon)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('knows each of several gates by its daemon', () => {
    const { mesh, node, checker } = setup();
    const other: DaemonRef = { id: 2n, name: 'other' };
    gate(mesh, node, 100);
    gate(mesh, node, 300, other);
    gate(mesh, node, 200, other);
    node.fresh(node.submit('k1', start(other)), { is: 'gate', untilMs: 200 });
    node.fresh(node.submit('k2', start(daemon)), { is: 'gate', untilMs: 100 });
    expect(checker.found).toBeNull();
  });

  it('takes nothing for asked that the inbox dropped, or that nobody offered', () => {
    const { mesh, node, checker } = setup();
    node.offer('dropped', { kind: 'gate-daemon', daemon, untilMs: 100 }, 'full');
    mesh.emit({ kind: 'take', ...node.at, op: 'dropped', input: 'gate-daemon' });
    mesh.emit({ kind: 'take', ...node.at, op: 'unknown', input: 'gate-daemon' });
    node.fresh(node.submit('k1', start(daemon)), { is: 'ok' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('takes nothing but what was asked for', () => {
    for (const change of [{ daemonId: 2n }, { daemonName: 'other' }]) {
      const { mesh, node, checker } = setup();
      mesh.spoil('gate', (event) => ({ ...event, ...change }));
      gate(mesh, node, 100);
      expect(checker.found).toMatchObject({ kind: 'gate' });
      expect(checker.found?.message).toContain('expected daemon 1 (telemetry) to be gated until 100 ms on node 1');
    }
  });

  it('fires when one request gates twice', () => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    mesh.emit({ kind: 'gate', ...node.at, daemonId: 1n, daemonName: 'telemetry', untilMs: 100 });
    expect(checker.found?.message).toContain('found daemon 1 (telemetry) gated until 100 ms');
    const again = setup();
    gate(again.mesh, again.node, 100);
    const [offer] = again.mesh.events;
    if (offer?.kind === 'offer')
      again.mesh.emit({ kind: 'take', ...again.node.at, op: offer.op, input: 'gate-daemon' });
    again.mesh.end();
    expect(again.checker.found).toBeNull();
  });

  it.each(['enqueue', 'admit'] as const)('fires at %s when the loop went on without setting a gate', (kind) => {
    const { mesh, node, checker } = setup();
    const id = node.collect('k1', start(daemon));
    if (kind === 'admit') node.enqueue(id);
    mesh.spoil('gate', () => null);
    gate(mesh, node, 100);
    if (kind === 'enqueue') node.enqueue(id);
    else node.fresh(id, { is: 'gate', untilMs: 100 });
    expect(checker.found).toMatchObject({ kind });
    expect(checker.found?.message).toContain('to gate daemon 1 (telemetry) at once');
  });

  it('lets an action through at the end of its gate, and one of no daemon at any time, wherever admission was', () => {
    const { mesh, node, checker } = setup();
    gate(mesh, node, 100);
    mesh.spoil('admit', () => null);
    node.fresh(node.submit('k1', pull(1n)), { is: 'ok' });
    mesh.after(100);
    mesh.spoil('admit', () => null);
    node.fresh(node.submit('k2', start(daemon)), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when an action of no daemon is gated beside a gate that stands, or one of a gated daemon is put off', () => {
    const noDaemon = setup();
    gate(noDaemon.mesh, noDaemon.node, 100);
    noDaemon.node.fresh(noDaemon.node.submit('k1', pull(1n)), { is: 'gate', untilMs: 100 });
    expect(noDaemon.checker.found?.message).toContain("found 'gate' 100");
    const putOff = setup();
    gate(putOff.mesh, putOff.node, 100);
    putOff.mesh.spoil('admit', (event) => ({ ...event, decision: 'defer' }));
    putOff.node.fresh(putOff.node.submit('k1', start(daemon)), { is: 'gate', untilMs: 100 });
    expect(putOff.checker.found?.message).toContain("found 'defer' 100 for 'daemon-backoff'");
  });
});
