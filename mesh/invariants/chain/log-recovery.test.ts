import { describe, expect, it } from 'vitest';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { logRecovery } from './log-recovery.ts';

/** Node 1 has three entries, two of which node 2 holds a copy of, too. */
function setup() {
  const mesh = new FakeMesh();
  mesh.firstSeq = 1;
  const node = mesh.node(1);
  const checker = mesh.checker(logRecovery);
  mesh.start();
  for (let i = 1; i <= 2; i++) node.fresh(node.submit(`k${i}`), { is: 'ok' });
  mesh.replicate();
  node.fresh(node.submit('k3'), { is: 'ok' });
  return { mesh, node, checker };
}

describe('log-recovery', () => {
  it('holds when a node finds what its crash left, torn entries cut off', () => {
    const { mesh, node, checker } = setup();
    const torn = mesh.node(1).chain(1);
    const { bytes } = torn;
    torn.bytes = () => Buffer.concat([bytes.call(torn), Uint8Array.of(4, 0, 0)]);
    mesh.crash(1, 3);
    mesh.boot();
    mesh.crash(2, 0);
    mesh.boot();
    expect(checker.found).toBeNull();
    expect(node.chain(1).stored).toHaveLength(3);
  });

  it('fires when a whole entry of the own log is thrown away', () => {
    const { mesh, checker } = setup();
    mesh.crash(1, 3);
    mesh.spoil('boot', (event) => ({ ...event, entries: 2 }));
    mesh.boot();
    expect(checker.found?.kind).toBe('boot');
    expect(checker.found?.message).toBe(
      'expected node 1 to recover all 3 whole entries that its crash left of its own log, found 2',
    );
  });

  it('fires when a whole entry of a copy is thrown away', () => {
    const { mesh, checker } = setup();
    mesh.crash(2, 0);
    mesh.before('boot', () => mesh.node(2).chain(1).stored.pop());
    mesh.boot();
    expect(checker.found?.message).toMatch(
      /^expected node 2 to find in its log of chain 1 the 2 entries that its crash left, \d+ bytes with the header, found \d+ bytes$/,
    );
  });

  it('fires when a torn tail is left', () => {
    const { mesh, checker } = setup();
    mesh.crash(1, 3);
    mesh.before('boot', () => {
      const log = mesh.node(1).chain(1);
      const { bytes } = log;
      log.bytes = () => Buffer.concat([bytes.call(log), Uint8Array.of(4, 0, 0)]);
    });
    mesh.boot();
    expect(checker.found?.message).toContain('to find in its log of chain 1 the 3 entries that its crash left,');
  });

  it('fires when there are other bytes, or the log knows of fewer entries than its file', () => {
    for (const [spoil, message] of [
      ['bytes', 'found other bytes'],
      ['entries', 'expected node 1 to have recovered the 3 entries of its log of chain 1, found 2'],
    ] as const) {
      const { mesh, checker } = setup();
      mesh.crash(1, 3);
      mesh.before('boot', () => {
        const log = mesh.node(1).chain(1);
        if (spoil === 'entries') log.payloads = () => log.stored.slice(1);
        else log.stored = log.stored.map((payload) => payload.map((byte) => byte ^ 1));
      });
      mesh.boot();
      expect(checker.found?.message).toContain(message);
    }
  });

  it('lets a file begin anew of which not even the header is whole', () => {
    const { mesh, checker } = setup();
    mesh.before('crash', () => {
      mesh.node(1).chain(1).bytes = () => Uint8Array.of(0, 0, 0);
    });
    mesh.crash(1, 0);
    mesh.boot();
    expect(checker.found).toBeNull();
  });

  it('fires when part of an entry counted as synced', () => {
    const { mesh, node, checker } = setup();
    const synced = node.chain(1).endOf(2) + 1;
    mesh.spoil('crash', (event) => ({ ...event, synced }));
    mesh.crash(1, 2);
    expect(checker.found?.message).toMatch(/^expected node 1 to have synced whole entries only, found/);
  });
});
