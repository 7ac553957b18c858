/** A correct mesh, with every kind of fault that a node survives, is found correct by every checker. */
import { describe, expect, it } from 'vitest';
import { MESH_INVARIANTS } from './all.ts';
import { FakeMesh } from './testing/fake-mesh.testing.ts';

/** A day in the life of two nodes: every way an action can end, a crash, lost appends, damage, other versions, settle. */
function fullRun(mesh: FakeMesh): void {
  const one = mesh.node(1);
  const two = mesh.node(2);
  mesh.start();
  mesh.ask(1);
  mesh.ask(2);
  for (let i = 1; i <= 4; i++) one.collect(`a${i}`);
  two.collect('b1', { kind: 'pull_replica', chain: 4n, source: 1n });
  two.collect('b2', { kind: 'pull_replica', chain: 5n, source: 1n });
  mesh.pass(500);
  one.tick();
  two.tick();
  one.fresh(1n, { is: 'ok' });
  one.fresh(2n, { is: 'failed', reason: 'no route' });
  one.fresh(3n, { is: 'failed', reason: 'busy', retryAfterMs: 30 });
  one.fresh(4n, { is: 'rejected' });
  two.fresh(1n, { is: 'ok' });
  two.fresh(2n, { is: 'defer', ms: 250 });
  two.askLog('asked for');
  two.audit('op');
  mesh.pass(30).replicate();
  one.due(3n, { is: 'ok' });
  for (let i = 5; i <= 8; i++) one.collect(`a${i}`);
  mesh.pass(220).replicate();
  two.due(2n, { is: 'ok' });
  mesh.pass(250);
  one.seams.log = false;
  one.seams.audit = false;
  one.tick();
  one.audit('nobody');
  two.tick();
  one.seams.failure = false;
  one.fresh(5n, { is: 'threw' });
  one.seams.failure = true;
  one.seams.action = false;
  one.fresh(6n, { is: 'failed', reason: 'unreachable' });
  one.seams.action = true;
  one.seams.damage = Uint8Array.of(1, 0xff, 0xff);
  one.fresh(7n, { is: 'failed', reason: 'unreachable' });
  one.seams.damage = null;
  one.writerVersion = 2;
  one.fresh(8n, { is: 'failed', reason: 'unreachable' });
  one.writerVersion = 1;
  two.readerVersion = 3;
  mesh.pass(220).replicate();
  two.readerVersion = 1;
  mesh.wallOffsetMs -= 5000;
  one.collect('a9');
  mesh.pass(280);
  one.tick();
  two.tick();
  // The last entry was not synced, and no other node has seen it.
  one.fresh(9n, { is: 'ok' });
  one.collect('lost');
  mesh.crash(1, one.chain(1).stored.length - 1);
  mesh.boot();
  mesh.ask(1);
  const again = mesh.node(1);
  again.collect('a10');
  const untilMs = mesh.nowMs + 505;
  const daemon = { id: 1n, name: 'telemetry' };
  again.offer('g1', { kind: 'gate-daemon', daemon, untilMs });
  mesh.emit({ kind: 'take', ...again.at, op: 'g1', input: 'gate-daemon' });
  mesh.emit({ kind: 'gate', ...again.at, daemonId: daemon.id, daemonName: daemon.name, untilMs });
  again.collect('a11', { kind: 'start_daemon', daemon });
  mesh.emit({ kind: 'settle', boundMs: 1000 });
  mesh.pass(500);
  again.tick();
  two.tick();
  again.fresh(1n, { is: 'ok' });
  again.fresh(2n, { is: 'gate', untilMs });
  mesh.pass(100).replicate();
  mesh.settled();
  again.close();
  two.close();
  mesh.end();
}

describe('a correct mesh', () => {
  it('gives no checker anything to object to', () => {
    const mesh = new FakeMesh({ recentFailures: 4 });
    mesh.firstSeq = 1;
    const checkers = MESH_INVARIANTS.map((invariant) => ({ id: invariant.id, checker: mesh.checker(invariant) }));
    fullRun(mesh);
    expect(
      checkers
        .filter(({ checker }) => checker.found !== null)
        .map(({ id, checker }) => `${id}: ${checker.found?.message}`),
    ).toEqual([]);
  });

  it('has an invariant for each line of the table but those that the driver raises, and for those that were added', () => {
    expect(MESH_INVARIANTS.map(({ id }) => id)).toEqual([
      'ring-fifo',
      'drop-count',
      'wire-round-trip',
      'wire-version',
      'wire-damage',
      'decode-reason',
      'decode-allocation',
      'record-content',
      'ring-equivalence',
      'fold-replay',
      'replica-convergence',
      're-request',
      'replication',
      'recovered-tail',
      'sync-interval',
      'log-form',
      'log-recovery',
      'action-conservation',
      'action-order',
      'hand-over',
      'prompt-inbox',
      'cadence',
      'stats-ledger',
      'failure-seq',
      'append-nonfatal',
      'pull-cooldown',
      'drain-rate',
      'stabilization',
      'daemon-gate',
      'defer-budget',
      'backpressure-edges',
      'effect-order',
      'wake-up',
      'broadcast-partition',
      'broadcast-model',
      'broadcast-end',
      'settle',
    ]);
    for (const { holds } of MESH_INVARIANTS) expect(holds).not.toMatch(/\.$/);
  });
});
