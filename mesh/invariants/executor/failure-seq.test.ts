import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { failureSeq } from './failure-seq.ts';

function setup() {
  const mesh = new FakeMesh();
  return { mesh, node: mesh.node(1), checker: mesh.checker(failureSeq) };
}

function fail(mesh: FakeMesh): void {
  const node = mesh.node(1);
  node.fresh(node.submit(`k${mesh.events.length}`), { is: 'failed', reason: 'no route' });
}

function renumber(items: { readonly seq: bigint }[]): void {
  items[items.length - 1] = { ...items.at(-1), seq: 8n };
}

describe('failure-seq', () => {
  it('holds while seqs follow each other and chains hold what they took, from 1 in each incarnation', () => {
    const { mesh, node, checker } = setup();
    for (let i = 0; i < 6; i++) {
      node.seams.failure = i !== 2;
      node.seams.log = i !== 3;
      node.seams.audit = i !== 4;
      fail(mesh);
      node.log('line');
      node.audit('op');
    }
    mesh.crash(1, 6);
    mesh.boot();
    fail(mesh);
    mesh.node(1).log('line');
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it.each([
    ['append-failure', 'failure'],
    ['append-log', 'log'],
    ['append-audit', 'audit'],
  ] as const)('fires at the %s whose seq leaves a gap, and at one that comes again', (kind, word) => {
    for (const wrong of [3n, 1n, 0n]) {
      const { mesh, node, checker } = setup();
      const once = (): void => {
        fail(mesh);
        node.log('line');
        node.audit('op');
      };
      once();
      mesh.spoil(kind, (event) => ({ ...event, seq: wrong }));
      once();
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toBe(`expected ${word} seq 2 on node 1, found ${wrong}`);
    }
  });

  it('fires when a seq is used up by an append that failed and given again', () => {
    const { mesh, node, checker } = setup();
    node.seams.log = false;
    node.log('refused');
    node.seams.log = true;
    mesh.spoil('append-log', (event) => ({ ...event, seq: 1n }));
    node.log('again');
    expect(checker.found?.message).toBe('expected log seq 2 on node 1, found 1');
  });

  it('fires when the ring of recent failures did not get what the chain was asked to take', () => {
    const { mesh, node, checker } = setup();
    node.recentFailures.push = () => undefined;
    fail(mesh);
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toBe(
      'expected the ring of recent failures of node 1 to have got 1 records, found 0',
    );
  });

  it('fires when the ring got a failure under another seq', () => {
    const { mesh, node, checker } = setup();
    const { push } = node.recentFailures;
    node.recentFailures.push = (item) => push.call(node.recentFailures, { ...item, seq: 8n });
    fail(mesh);
    expect(checker.found?.message).toBe('expected the ring of recent failures of node 1 to end with seq 1, found 8');
  });

  it('fires when a chain holds a record that its seam refused, or not one that it took', () => {
    const refused = setup();
    refused.mesh.spoil('append-audit', (event) => ({ ...event, ok: false }));
    refused.node.audit('op');
    expect(refused.checker.found?.message).toBe('expected the audit chain of node 1 to have got 0 records, found 1');
    const taken = setup();
    taken.node.seams.log = false;
    taken.mesh.spoil('append-log', (event) => ({ ...event, ok: true }));
    taken.node.log('line');
    expect(taken.checker.found?.message).toBe('expected the log chain of node 1 to have got 1 records, found 0');
  });

  it('fires when a log is appended that was not put on the ring first', () => {
    const { node, checker } = setup();
    node.logRing.push = () => undefined;
    node.log('line');
    expect(checker.found).toMatchObject({ event: 1, kind: 'append-log' });
  });

  it.each([
    ['failure chain', 'append-failure', 'failureChain'],
    ['log ring', 'append-log', 'logRing'],
    ['log chain', 'append-log', 'logChain'],
    ['audit ring', 'append-audit', 'auditRing'],
    ['audit chain', 'append-audit', 'auditChain'],
  ] as const)('fires when the %s ends with another seq, or with nothing', (name, kind, ring) => {
    for (const empty of [false, true]) {
      const { mesh, node, checker } = setup();
      mesh.before(kind, () => {
        const { items } = node[ring];
        if (empty) {
          items.length = 0;
          node[ring].evicted = 1;
        } else {
          renumber(items);
        }
      });
      node.fresh(node.submit('k'), { is: 'failed', reason: 'no route' });
      node.log('line');
      node.audit('op');
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toBe(
        `expected the ${name} of node 1 to end with seq 1, found ${empty ? 'nothing' : 8}`,
      );
    }
  });

  it.each([
    ['failure chain', 'failureChain'],
    ['log chain', 'logChain'],
    ['audit chain', 'auditChain'],
  ] as const)('fires where the run ends, or the node dies, when the %s got something else', (name, chain) => {
    for (const when of ['the end', 'crash'] as const) {
      const { mesh, node, checker } = setup();
      fail(mesh);
      node.log('line');
      node.audit('op');
      node[chain].evicted = 1;
      if (when === 'crash') mesh.crash(1, 1);
      else mesh.end();
      expect(checker.found).toMatchObject({ kind: when });
      expect(checker.found?.message).toBe(`expected the ${name} of node 1 to have got 1 records, found 2`);
    }
  });

  it.each(['append-failure', 'append-action', 'admit', 'executor-end', 'the end'] as const)(
    'looks at the ring of recent failures at %s',
    (kind) => {
      const { mesh, node, checker } = setup();
      const entry = { seq: 0n, source: 's', reason: 'r', recordedAtMs: 0n };
      node.recordFailure(entry);
      node.recentFailures.evicted = 1;
      const pending = node.submit('k1');
      expect(checker.found).toBeNull();
      if (kind === 'append-failure') node.recordFailure(entry);
      else if (kind === 'append-action') node.append(pending, { type: 'dispatched' });
      else if (kind === 'admit') node.fresh(pending, { is: 'defer', ms: 5 });
      else if (kind === 'executor-end') node.close();
      else mesh.end();
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toContain('ring of recent failures');
    },
  );

  it('counts each node by itself, and holds nothing seen of an earlier incarnation against the one that is shown', () => {
    const { mesh, node, checker } = setup();
    fail(mesh);
    node.log('line');
    mesh.node(2).log('line');
    node.recordFailure({ seq: 0n, source: 's', reason: 'r', recordedAtMs: 0n });
    mesh.spoil('crash', () => null);
    mesh.crash(1, 1);
    mesh.boot();
    node.recordFailure({ seq: 0n, source: 's', reason: 'r', recordedAtMs: 0n });
    node.log('late');
    node.audit('late');
    mesh.end();
    expect(checker.found).toBeNull();
  });
});
