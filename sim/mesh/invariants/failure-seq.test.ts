import { describe, expect, it } from 'vitest';
import { failureSeq } from './failure-seq.ts';
import { FakeMesh } from './fake-mesh.testing.ts';

function setup() {
  const mesh = new FakeMesh();
  return { mesh, node: mesh.node(1), judge: mesh.judge(failureSeq) };
}

function fail(mesh: FakeMesh): void {
  const node = mesh.node(1);
  node.fresh(node.submit(`k${mesh.events.length}`), { is: 'failed', reason: 'no route' });
}

describe('failure-seq', () => {
  it('holds while seqs follow each other and chains hold what they took, from 1 in each incarnation', () => {
    const { mesh, node, judge } = setup();
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
    expect(judge.found).toBeNull();
  });

  it.each([
    ['append-failure', 'failure'],
    ['append-log', 'log'],
    ['append-audit', 'audit'],
  ] as const)('fires at the %s whose seq leaves a gap, and at one that comes again', (kind, word) => {
    for (const wrong of [3n, 1n, 0n]) {
      const { mesh, node, judge } = setup();
      const once = (): void => {
        fail(mesh);
        node.log('line');
        node.audit('op');
      };
      once();
      mesh.spoil(kind, (event) => ({ ...event, seq: wrong }));
      once();
      expect(judge.found).toMatchObject({ kind });
      expect(judge.found?.message).toBe(`expected ${word} seq 2 on node 1, found ${wrong}`);
    }
  });

  it('fires when a seq is used up by an append that failed and given again', () => {
    const { mesh, node, judge } = setup();
    node.seams.log = false;
    node.log('refused');
    node.seams.log = true;
    mesh.spoil('append-log', (event) => ({ ...event, seq: 1n }));
    node.log('again');
    expect(judge.found?.message).toBe('expected log seq 2 on node 1, found 1');
  });

  it('fires when the ring of recent failures did not get what the chain was asked to take', () => {
    const { mesh, node, judge } = setup();
    node.recentFailures.push = () => undefined;
    fail(mesh);
    expect(judge.found).toMatchObject({ kind: 'append-action' });
    expect(judge.found?.message).toBe('expected the ring of recent failures of node 1 to have got 1 records, found 0');
  });

  it('fires when the ring got a failure under another seq', () => {
    const { mesh, node, judge } = setup();
    const { push } = node.recentFailures;
    node.recentFailures.push = (item) => push.call(node.recentFailures, { ...item, seq: 8n });
    fail(mesh);
    expect(judge.found?.message).toBe('expected the ring of recent failures of node 1 to end with seq 1, found 8');
  });

  it('fires when a chain holds a record that its seam refused, or not one that it took', () => {
    const refused = setup();
    refused.mesh.spoil('append-audit', (event) => ({ ...event, ok: false }));
    refused.node.audit('op');
    expect(refused.judge.found?.message).toBe('expected the audit chain of node 1 to have got 0 records, found 1');
    const taken = setup();
    taken.node.seams.log = false;
    taken.mesh.spoil('append-log', (event) => ({ ...event, ok: true }));
    taken.node.log('line');
    expect(taken.judge.found?.message).toBe('expected the log chain of node 1 to have got 1 records, found 0');
  });

  it('fires when a log is appended that was not put on the ring first', () => {
    const { node, judge } = setup();
    node.logRing.push = () => undefined;
    node.log('line');
    expect(judge.found).toMatchObject({ event: 1, kind: 'append-log' });
  });
});
