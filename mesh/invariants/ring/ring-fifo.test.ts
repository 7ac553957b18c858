import { describe, expect, it } from 'vitest';
import type { AdminAuditRecord, LogRecord } from '../../../src/chain/records.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import type { FakeNode } from '../testing/fake-node.testing.ts';
import type { FakeRing } from '../testing/fake-ring.testing.ts';
import { ringFifo } from './ring-fifo.ts';

/** All rings hold 2, so that a third entry evicts the first. */
function setup() {
  const mesh = new FakeMesh({
    recentFailures: 2,
    logRing: 2,
    auditRing: 2,
    failureChain: 2,
    logChain: 2,
    auditChain: 2,
  });
  return { mesh, node: mesh.node(1), checker: mesh.checker(ringFifo) };
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

describe('ring-fifo', () => {
  it('holds while rings fill and when they evict, over a crash and a rebuild', () => {
    const { mesh, checker } = setup();
    fill(mesh, 5);
    mesh.crash(1, 5);
    mesh.boot();
    fill(mesh, 1);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds where appends fail: the ring gets the entry, the chain does not', () => {
    const { mesh, node, checker } = setup();
    node.seams.failure = false;
    node.seams.log = false;
    node.seams.audit = false;
    fill(mesh, 3);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('takes a capacity of 0 for 1', () => {
    const mesh = new FakeMesh({ recentFailures: 0, logRing: 0 });
    const checker = mesh.checker(ringFifo);
    fill(mesh, 2);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each(rings)(
    'fires at the next arrival when the %s has evicted its newest instead of its oldest',
    (name, ringOf) => {
      const { mesh, node, checker } = setup();
      fill(mesh, 2);
      const ring = ringOf(node);
      ring.push = (item) => {
        ring.items.pop();
        ring.items.push(item);
        ring.evicted++;
      };
      const before = mesh.events.length;
      fill(mesh, 1);
      expect(checker.found?.event).toBeGreaterThan(before);
      expect(checker.found?.message).toContain(`in the ${name} of node 1`);
    },
  );

  it.each(rings)('fires when the %s holds one too few', (name, ringOf) => {
    const { mesh, node, checker } = setup();
    fill(mesh, 2);
    ringOf(node).push = () => undefined;
    ringOf(node).items.pop();
    fill(mesh, 1);
    expect(checker.found?.message).toContain(`expected the ${name} o`);
    expect(checker.found?.message).toMatch(/to hold 2.*, found 1/);
  });

  it.each(rings)('fires when the %s has another capacity', (name, ringOf) => {
    const { mesh, node, checker } = setup();
    ringOf(node).capacity = 3;
    fill(mesh, 1);
    expect(checker.found?.message).toContain(
      `expected the ${name} of node 1 to hold 1 with room for 2, found 1 with room for 3`,
    );
  });

  it.each(rings)('fires where an incarnation ends when an entry in the middle of the %s is wrong', (name, ringOf) => {
    const mesh = new FakeMesh();
    const checker = mesh.checker(ringFifo);
    fill(mesh, 3);
    const ring = ringOf(mesh.node(1));
    const [first] = ring.items;
    ring.items[1] = first;
    mesh.crash(1, 3);
    expect(checker.found).toMatchObject({ kind: 'crash' });
    expect(checker.found?.message).toContain(`expected entry 1 of 3 in the ${name} of node 1`);
  });

  it('fires when the length that a fold reports is wrong', () => {
    const { mesh, checker } = setup();
    mesh.spoil('fold', (event) => ({ ...event, length: 2 }));
    fill(mesh, 1);
    expect(checker.found).toMatchObject({ kind: 'fold' });
  });

  it('checks a rebuilt ring once the view shows it', () => {
    const { mesh, checker } = setup();
    fill(mesh, 3);
    mesh.crash(1, 3);
    mesh.boot();
    expect(checker.found).toBeNull();
    mesh.node(1).chain(1).folded.items.shift();
    mesh.end();
    expect(checker.found?.message).toContain('folded ring of chain 1 of node 1');
  });

  it.each(['append-failure', 'append-action', 'admit', 'executor-end'] as const)(
    'looks at the ring of recent failures when the executor goes on with %s',
    (kind) => {
      const { node, checker } = setup();
      const entry = { seq: 0n, source: 's', reason: 'r', recordedAtMs: 0n };
      node.recordFailure(entry);
      node.recentFailures.items.length = 0;
      const pending = node.submit('k1');
      expect(checker.found).toBeNull();
      if (kind === 'append-failure') node.recordFailure(entry);
      else if (kind === 'append-action') node.append(pending, { type: 'dispatched' });
      else if (kind === 'admit') node.fresh(pending, { is: 'defer', ms: 5 });
      else node.close();
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toContain('expected the ring of recent failures of node 1 to hold 1');
    },
  );

  it.each(rings)(
    'fires at the next arrival when the oldest entry of the %s, or all of them are others',
    (name, ringOf) => {
      for (const hide of [true, false]) {
        const { mesh, node, checker } = setup();
        fill(mesh, 1);
        const ring = ringOf(node);
        if (hide) ring.at = () => undefined;
        else ring.items[0] = 'another';
        const before = mesh.events.length;
        fill(mesh, 1);
        expect(checker.found?.event).toBeGreaterThan(before);
        expect(checker.found?.kind).not.toBe('the end');
        expect(checker.found?.message).toContain(`in the ${name} of node 1`);
      }
    },
  );

  const logs: readonly Partial<LogRecord>[] = [
    { seq: 9n },
    { tsMs: 9n },
    { level: 'warn' },
    { daemonId: 9n },
    { nodeId: 9n },
    { message: 'other' },
  ];

  it.each(logs)('fires when a log entry is another: %o', (change) => {
    const { mesh, node, checker } = setup();
    node.log('line');
    const [entry] = node.logRing.items;
    if (entry !== undefined) node.logRing.items[0] = { ...entry, ...change };
    mesh.end();
    expect(checker.found?.message).toContain('expected entry 0 of 1 in the log ring of node 1');
  });

  const audits: readonly Partial<AdminAuditRecord>[] = [
    { seq: 9n },
    { tsMs: 9n },
    { nodeId: 9n },
    { operator: 'other' },
    { operation: 'other' },
    { outcome: 'rejected' },
  ];

  it.each(audits)('fires when an audit entry is another: %o', (change) => {
    const { mesh, node, checker } = setup();
    node.audit('operator');
    const [entry] = node.auditRing.items;
    if (entry !== undefined) node.auditRing.items[0] = { ...entry, ...change };
    mesh.end();
    expect(checker.found?.message).toContain('expected entry 0 of 1 in the audit ring of node 1');
  });

  it('takes another object of equal content for the same entry, marked or not', () => {
    const { mesh, node, checker } = setup();
    fill(mesh, 1);
    const { logRing, auditRing, recentFailures } = node;
    logRing.items = logRing.items.map((entry) => ({ ...entry, chainPending: true }));
    auditRing.items = auditRing.items.map((entry) => ({ ...entry, chainPending: true }));
    recentFailures.items = recentFailures.items.map((entry) => ({ ...entry }));
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when an entry that pushes nothing changes the length that a fold reports', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('fold', (event) => ({ ...event, length: 1 }));
    node.fresh(node.submit('fine'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'fold' });
    expect(checker.found?.message).toBe('expected the folded ring of chain 1 on node 1 to hold 0, found 1');
  });

  it('looks at a ring that is rebuilt only once it has been', () => {
    const { mesh, checker } = setup();
    fill(mesh, 2);
    mesh.crash(1, 2);
    mesh.before('fold', () => {
      mesh.node(1).chain(1).folded.capacity = 9;
    });
    mesh.boot();
    expect(checker.found).toBeNull();
    mesh.end();
    expect(checker.found?.message).toContain('expected the folded ring of chain 1 of node 1 to hold 2 with room for 2');
  });

  it('says nothing of a ring into which something went that it cannot read, but of the others', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('fold', (event) => ({ ...event, outcome: 'folded', payload: Uint8Array.of(1, 0xff) }));
    node.fresh(node.submit('k'), { is: 'ok' });
    fill(mesh, 1);
    node.chain(1).folded.items.length = 0;
    mesh.spoil('crash', (event) => event);
    expect(checker.found).toBeNull();
    node.chain(2).folded.capacity = 9;
    mesh.end();
    expect(checker.found?.message).toContain('the folded ring of chain 2 of node 1');
  });

  it('holds nothing seen of an earlier incarnation against the one that is shown', () => {
    const { mesh, node, checker } = setup();
    const entry = { seq: 0n, source: 's', reason: 'r', recordedAtMs: 0n };
    fill(mesh, 2);
    node.recordFailure(entry);
    mesh.spoil('crash', () => null);
    mesh.crash(1, 2);
    mesh.spoil('fold', () => null);
    mesh.spoil('fold', () => null);
    mesh.boot();
    node.recordFailure(entry);
    node.log('late');
    node.audit('late');
    node.fold(1, node.chain(1).stored[0] ?? Uint8Array.of(), false);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('says nothing of a chain that there is not', () => {
    const { mesh, checker } = setup();
    const failed = { type: 'failed', reason: 'r', retryAfterMs: null } as const;
    const payload = mesh.encode('msgpack', 1, mesh.node(1).record(1n, failed)) ?? Uint8Array.of();
    const at = { ...mesh.node(1).at, chain: 9, seq: 3n, reader: 1, length: 0, payload, rebuild: false };
    mesh.emit({ kind: 'fold', ...at, outcome: 'folded' });
    expect(checker.found).toBeNull();
  });

  it.each(rings)('fires at the arrival itself when the newest entry of the %s is another', (name, ringOf) => {
    for (const before of [0, 1]) {
      const { mesh, node, checker } = setup();
      fill(mesh, before);
      const ring = ringOf(node);
      ring.push = () => {
        ring.items.push('another');
      };
      fill(mesh, 1);
      expect(checker.found?.kind).not.toBe('the end');
      expect(checker.found?.message).toContain(`expected entry ${before} of ${before + 1} in the ${name} of node 1`);
    }
  });

  it('looks at the folded ring of every chain', () => {
    const { mesh, node, checker } = setup();
    fill(mesh, 1);
    node.chain(2).folded.capacity = 9;
    mesh.end();
    expect(checker.found?.message).toContain('the folded ring of chain 2 of node 1');
  });
});
