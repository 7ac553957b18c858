import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import type { FakeNode } from '../testing/fake-node.testing.ts';
import type { FakeRing } from '../testing/fake-ring.testing.ts';
import { dropCount } from './drop-count.ts';

function setup() {
  const mesh = new FakeMesh({
    recentFailures: 2,
    logRing: 2,
    auditRing: 2,
    failureChain: 2,
    logChain: 2,
    auditChain: 2,
  });
  return { mesh, node: mesh.node(1), checker: mesh.checker(dropCount) };
}

function fill(mesh: FakeMesh, times: number): void {
  const node = mesh.node(1);
  for (let i = 1; i <= times; i++) {
    node.fresh(node.submit(`k${mesh.events.length}`), { is: 'failed', reason: `reason ${i}` });
    node.log(`line ${i}`);
    node.audit(`operator ${i}`);
  }
  mesh.replicate();
}

const rings: readonly [string, (node: FakeNode) => FakeRing<unknown>][] = [
  ['ring of recent failures', (node) => node.recentFailures],
  ['log ring', (node) => node.logRing],
  ['audit ring', (node) => node.auditRing],
  ['failure chain', (node) => node.failureChain],
  ['log chain', (node) => node.logChain],
  ['audit chain', (node) => node.auditChain],
  ['folded ring of chain 1', (node) => node.chain(1).folded],
];

describe('drop-count', () => {
  it('holds while every eviction is counted, and starts at 0 with each incarnation', () => {
    const { mesh, checker } = setup();
    fill(mesh, 5);
    mesh.crash(1, 5);
    mesh.boot();
    fill(mesh, 3);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('does not count what an append refused', () => {
    const { mesh, node, checker } = setup();
    node.seams.failure = false;
    node.seams.log = false;
    node.seams.audit = false;
    fill(mesh, 3);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each(rings)(
    'fires when the %s counts an eviction twice, misses one, or counts one before it is full',
    (name, ringOf) => {
      for (const [filled, by] of [
        [3, 1],
        [3, -1],
        [1, 1],
      ] as const) {
        const { mesh, node, checker } = setup();
        fill(mesh, filled);
        expect(checker.found).toBeNull();
        ringOf(node).evicted += by;
        fill(mesh, 1);
        expect(checker.found?.message).toContain(`of the ${name} of node 1`);
      }
    },
  );

  it('says so when a count falls', () => {
    const { mesh, node, checker } = setup();
    fill(mesh, 4);
    node.logRing.evicted = 0;
    node.log('one more');
    expect(checker.found?.message).toBe(
      'expected the evictions of the log ring of node 1 never to fall below 2, found 1',
    );
  });

  it('fires where the run ends when a count changed since the last arrival', () => {
    const { mesh, node, checker } = setup();
    fill(mesh, 3);
    node.auditChain.evicted = 9;
    mesh.end();
    expect(checker.found).toMatchObject({ kind: 'the end' });
    expect(checker.found?.message).toBe(
      'expected 1 evictions of the audit chain of node 1, which got 3 and holds 2, found 9',
    );
  });

  it('counts nothing for a record that pushes nothing', () => {
    const { mesh, node, checker } = setup();
    fill(mesh, 3);
    node.fresh(node.submit('fine'), { is: 'ok' });
    fill(mesh, 1);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each(rings)('fires where the run ends, or the node dies, when the count of the %s is wrong', (name, ringOf) => {
    for (const when of ['the end', 'crash'] as const) {
      const { mesh, node, checker } = setup();
      fill(mesh, 3);
      ringOf(node).evicted = 9;
      if (when === 'crash') mesh.crash(1, 3);
      else mesh.end();
      expect(checker.found).toMatchObject({ kind: when });
      expect(checker.found?.message).toBe(
        `expected 1 evictions of the ${name} of node 1, which got 3 and holds 2, found 9`,
      );
    }
  });

  it.each(['append-failure', 'append-action', 'admit', 'executor-end'] as const)(
    'looks at the ring of recent failures when the executor goes on with %s',
    (kind) => {
      const { node, checker } = setup();
      const entry = { seq: 0n, source: 's', reason: 'r', recordedAtMs: 0n };
      node.recordFailure(entry);
      node.recentFailures.evicted = 1;
      const pending = node.submit('k1');
      expect(checker.found).toBeNull();
      if (kind === 'append-failure') node.recordFailure(entry);
      else if (kind === 'append-action') node.append(pending, { type: 'dispatched' });
      else if (kind === 'admit') node.fresh(pending, { is: 'defer', ms: 5 });
      else node.close();
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toContain('ring of recent failures');
    },
  );

  it('looks at a ring that is rebuilt only once it has been', () => {
    const { mesh, checker } = setup();
    fill(mesh, 3);
    mesh.crash(1, 3);
    mesh.before('fold', () => {
      mesh.node(1).chain(1).folded.evicted = 5;
    });
    mesh.boot();
    expect(checker.found).toBeNull();
    mesh.end();
    expect(checker.found?.message).toContain('the folded ring of chain 1 of node 1');
  });

  it('says nothing of a ring into which something went that it cannot read', () => {
    const { mesh, node, checker } = setup();
    fill(mesh, 1);
    mesh.spoil('fold', (event) => ({ ...event, outcome: 'folded', payload: Uint8Array.of(1, 0xff) }));
    node.fresh(node.submit('k'), { is: 'ok' });
    node.chain(1).folded.evicted = 9;
    node.fresh(node.submit('l'), { is: 'failed', reason: 'r' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds nothing seen of an earlier incarnation against the one that is shown', () => {
    const { mesh, node, checker } = setup();
    fill(mesh, 3);
    node.recordFailure({ seq: 0n, source: 's', reason: 'r', recordedAtMs: 0n });
    mesh.spoil('crash', () => null);
    mesh.crash(1, 3);
    mesh.spoil('fold', () => null);
    mesh.spoil('fold', () => null);
    mesh.spoil('fold', () => null);
    mesh.boot();
    node.recordFailure({ seq: 0n, source: 's', reason: 'r', recordedAtMs: 0n });
    node.log('late');
    node.audit('late');
    node.append(1n, { type: 'failed', reason: 'late', retryAfterMs: null });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('looks at the folded ring of every chain, whatever it could not read of another', () => {
    for (const unreadable of [true, false]) {
      const { mesh, node, checker } = setup();
      if (unreadable) mesh.spoil('fold', (event) => ({ ...event, outcome: 'folded', payload: Uint8Array.of(1, 0xff) }));
      node.fresh(node.submit('k'), { is: 'ok' });
      node.chain(2).folded.evicted = 1;
      mesh.end();
      expect(checker.found?.message).toContain('the folded ring of chain 2 of node 1');
    }
  });

  it('says nothing of a chain that there is not', () => {
    const { mesh, checker } = setup();
    const payload = Uint8Array.of(1);
    const at = { ...mesh.node(1).at, chain: 9, seq: 3n, reader: 1, length: 0, payload, rebuild: false };
    mesh.emit({ kind: 'fold', ...at, outcome: 'folded' });
    expect(checker.found).toBeNull();
  });
});
