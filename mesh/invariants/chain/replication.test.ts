import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { replication } from './replication.ts';

const message = { chain: 1, fate: 'sent' } as const;

/** Node 1 has two synced entries, 0 and 1; both nodes have asked for the other's chain from entry 0 on. */
function setup() {
  const mesh = new FakeMesh();
  const checker = mesh.checker(replication);
  mesh.start();
  mesh.ask(1);
  mesh.ask(2);
  const node = mesh.node(1);
  for (const op of ['k1', 'k2']) node.fresh(node.submit(op), { is: 'ok' });
  const sync = () => {
    const bytes = node.chain(1).bytes().length;
    mesh.emit({ kind: 'sync', ...node.at, chain: 1, bytes, beganMs: mesh.nowMs });
  };
  sync();
  const request = (seq: bigint) =>
    mesh.emit({
      kind: 'deliver',
      from: 2,
      to: 1,
      message: 'request',
      chain: 1,
      seq,
      damaged: false,
      accepted: true,
      frame: null,
    });
  const send = (seq: bigint) => mesh.emit({ kind: 'send', from: 1, to: 2, message: 'entry', ...message, seq });
  const arrive = (seq: bigint, damaged = false) =>
    mesh.emit({
      kind: 'deliver',
      from: 1,
      to: 2,
      message: 'entry',
      chain: 1,
      seq,
      damaged,
      accepted: true,
      frame: null,
    });
  const store = () =>
    mesh.node(2).fold(1, node.chain(1).stored[mesh.node(2).chain(1).stored.length] ?? Uint8Array.of(0), false);
  return { mesh, checker, node, sync, request, send, arrive, store };
}

describe('a replica', () => {
  it('has to ask in the millisecond of its start', () => {
    const mesh = new FakeMesh();
    const checker = mesh.checker(replication);
    mesh.start();
    mesh.ask(1);
    mesh.after(1).end();
    expect(checker.found?.message).toContain('expected node 2 to ask for chain 1 by 0 ms');
  });

  it('has to ask reRequestMs after it last asked, and an early entry puts that off no more than a damaged one', () => {
    const { mesh, checker, arrive } = setup();
    mesh.after(60);
    arrive(1n);
    arrive(0n, true);
    mesh.after(40).ask(1);
    expect(checker.found).toBeNull();
    mesh.after(1).end();
    expect(checker.found?.message).toContain('expected node 2 to ask for chain 1 by 100 ms');
  });

  it('has reRequestMs more once its copy has grown', () => {
    const { mesh, checker, store } = setup();
    mesh.after(60);
    store();
    mesh.after(40).ask(1);
    mesh.after(60).end();
    expect(checker.found).toBeNull();
  });

  it('stores what is delivered in turn at once, or when it resumes', () => {
    const { mesh, checker, arrive, store } = setup();
    mesh.emit({ kind: 'pause', ...mesh.node(2).at });
    arrive(0n);
    mesh.after(5).emit({ kind: 'resume', ...mesh.node(2).at });
    store();
    mesh.after(1);
    arrive(1n);
    expect(checker.found).toBeNull();
    mesh.after(1).end();
    expect(checker.found?.message).toContain('to store entry 1 of chain 1, which was delivered, at 6 ms');
  });
});

describe('a writer', () => {
  it('sends all that is synced when it is asked', () => {
    const { mesh, checker, request, send } = setup();
    request(0n);
    send(0n);
    mesh.after(1).end();
    expect(checker.found?.message).toContain('to have sent node 2, which asked for it, entry 1 of its chain by 0 ms');
  });

  it('pushes what is synced later, for as long as it lives', () => {
    const { mesh, checker, node, sync, request, send } = setup();
    request(0n);
    send(0n);
    send(1n);
    node.fresh(node.submit('k3'), { is: 'ok' });
    mesh.after(3);
    expect(checker.found).toBeNull();
    sync();
    mesh.after(1).end();
    expect(checker.found?.message).toContain('entry 2 of its chain by 3 ms');
  });

  it('owes nothing to who never asked', () => {
    const { mesh, checker } = setup();
    mesh.after(1).end();
    expect(checker.found).toBeNull();
  });
});
