import { describe, expect, it } from 'vitest';
import { type ActionDisposition, AppendError, type LogRecord } from '../../../src/chain/records.ts';
import { InjectedAppendError } from '../../system/injected-append-error.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { HEAT } from '../testing/fake-node.testing.ts';
import { appendNonfatal } from './append-nonfatal.ts';

function setup() {
  const mesh = new FakeMesh();
  return { mesh, node: mesh.node(1), checker: mesh.checker(appendNonfatal) };
}

/** An entry as a node appends it whose chain takes it. */
const unmarked: LogRecord = {
  seq: 1n,
  tsMs: 0n,
  level: 'debug',
  daemonId: null,
  nodeId: 1n,
  message: 'line',
  chainPending: false,
};

/** An error that says of itself something else than the specification has it say. */
class Misnamed extends InjectedAppendError {
  override get message(): string {
    return super.message.replace('admin-', '').replace('-chain append', '-chain: append');
  }
}

/** Node 1 appends one record to every chain. */
function appendToAll({ node }: ReturnType<typeof setup>): void {
  node.fresh(node.submit('k1'), { is: 'failed', reason: 'no route' });
  node.log('line');
  node.audit('op');
}

/** Of one ring or chain only: what was appended is one object in both. */
function markFirst(items: { readonly chainPending: boolean }[]): void {
  items[0] = { ...items[0], chainPending: true };
}

describe('append-nonfatal', () => {
  it('holds when every append fails and all goes on, counted and marked', () => {
    const { mesh, node, checker } = setup();
    node.seams.failure = false;
    node.seams.action = false;
    node.seams.log = false;
    node.seams.audit = false;
    for (let i = 1; i <= 5; i++) {
      node.fresh(node.submit(`k${i}`), { is: 'failed', reason: 'no route' });
      node.log('line');
      node.audit('op');
    }
    node.fresh(node.submit('k6'), { is: 'failed', reason: 'busy', retryAfterMs: 5 });
    node.close();
    mesh.after(400);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds when appends fail now and then, in each incarnation', () => {
    const { mesh, checker } = setup();
    for (let incarnation = 0; incarnation < 2; incarnation++) {
      const node = mesh.node(1);
      for (let i = 1; i <= 8; i++) {
        node.seams.action = i % 3 !== 0;
        node.seams.failure = i % 2 !== 0;
        node.seams.log = i % 4 !== 0;
        node.seams.audit = i % 5 !== 0;
        node.fresh(node.submit(`k${mesh.events.length}`), { is: i % 2 === 0 ? 'ok' : 'rejected' });
        node.log('line');
        node.audit('op');
      }
      mesh.crash(1, node.chain(1).stored.length);
      mesh.boot();
    }
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('fires when a failed append to the action chain is not counted, once the executor goes on', () => {
    const { mesh, node, checker } = setup();
    node.seams.action = false;
    mesh.before('append-action', () => {
      node.stats.chainAppendFailures--;
    });
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'depth' });
    expect(checker.found?.message).toBe(
      'expected node 1 to have counted 1 failed appends to its action chain, found 0',
    );
  });

  it('fires when a failed append to another chain is counted among those of the action chain', () => {
    const { mesh, node, checker } = setup();
    node.seams.failure = false;
    node.fresh(node.submit('k1'), { is: 'rejected' });
    node.stats.chainAppendFailures = 1;
    mesh.crash(1, 0);
    expect(checker.found?.message).toBe(
      'expected node 1 to have counted 0 failed appends to its action chain, found 1',
    );
  });

  it('fires when a failed append to the failure chain keeps the action chain from being asked', () => {
    const { mesh, node, checker } = setup();
    node.seams.failure = false;
    mesh.spoil('append-action', () => null);
    node.fresh(node.submit('k1'), { is: 'rejected' });
    expect(checker.found).toMatchObject({ kind: 'depth' });
    expect(checker.found?.message).toContain(
      "to append to its action chain after a failed append to its failure chain, found 'depth'",
    );
  });

  it.each([
    ['dequeue', { kind: 'dequeue', id: 2n }],
    ['depth', { kind: 'depth', depth: 0, change: 'steady' }],
    ['admit', { kind: 'admit', id: 2n, decision: 'admit', ms: 0, reason: null, action: HEAT }],
    ['dispatch', { kind: 'dispatch', id: 2n, call: 1, pending: { id: 2n, action: HEAT, emittedAtMs: 0 } }],
    ['executor-end', { kind: 'executor-end' }],
    [
      'append-failure',
      {
        kind: 'append-failure',
        seq: 2n,
        source: '',
        reason: '',
        recordedAtMs: 0n,
        ok: true,
        wallMs: 0n,
        record: { seq: 2n, source: '', reason: '', recordedAtMs: 0n },
        error: null,
      },
    ],
  ] as const)('fires at the next thing the executor does when it skipped its action chain: %s', (kind, next) => {
    const { mesh, node, checker } = setup();
    const at = { node: 1, inc: 0 };
    const record = { seq: 1n, source: '', reason: '', recordedAtMs: 0n };
    const failed = {
      kind: 'append-failure',
      seq: 1n,
      source: '',
      reason: '',
      recordedAtMs: 0n,
      ok: false,
      wallMs: 0n,
      error: new InjectedAppendError('failure', 'f1'),
    } as const;
    node.submit('k1');
    mesh.emit({ ...failed, ...at, record });
    expect(checker.found).toBeNull();
    mesh.emit({ ...next, ...at });
    expect(checker.found).toMatchObject({ kind });
    expect(checker.found?.message).toContain(`after a failed append to its failure chain, found '${kind}'`);
  });

  it('fires at the next hand-over when an entry that was not appended is not marked', () => {
    const { node, checker } = setup();
    const id = node.collect('k1');
    node.seams.log = false;
    node.log('first');
    const [entry] = node.logRing.items;
    if (entry !== undefined) node.logRing.items[0] = { ...entry, chainPending: false };
    node.enqueue(id);
    expect(checker.found).toMatchObject({ kind: 'enqueue' });
  });

  it.each(['append-failure', 'append-action'] as const)(
    'fires at the end when an executor was never seen again after a failed %s',
    (last) => {
      const { mesh, node, checker } = setup();
      node.seams.action = false;
      node.seams.failure = false;
      if (last === 'append-failure') mesh.spoil('append-action', () => null);
      node.submit('k1');
      // The depth is fed when the action is taken up and when its dispatch failed; the third time never comes.
      mesh.spoil('depth', (event) => event);
      mesh.spoil('depth', (event) => event);
      mesh.spoil('depth', () => null);
      if (last === 'append-failure') node.stats.chainAppendFailures = -1;
      node.fresh(1n, { is: 'rejected' });
      mesh.end();
      expect(checker.found).toMatchObject({ kind: 'the end' });
      expect(checker.found?.message).toContain(
        `after a failed append to its ${last.slice('append-'.length)} chain, found nothing more of it`,
      );
    },
  );

  it.each(['log', 'audit'] as const)(
    'fires at the end when the loop was never seen again after a failed append of its %s',
    (seam) => {
      const { mesh, node, checker } = setup();
      node.seams[seam] = false;
      node[seam]('last words');
      mesh.after(999);
      mesh.end();
      expect(checker.found).toBeNull();
      mesh.after(2);
      mesh.end();
      expect(checker.found?.message).toContain('chain at 0 ms, found nothing more of it');
    },
  );

  it('fires when an entry that was not appended is not marked, once the node goes on', () => {
    const { node, checker } = setup();
    node.seams.log = false;
    node.log('first');
    const [entry] = node.logRing.items;
    if (entry !== undefined) node.logRing.items[0] = { ...entry, chainPending: false };
    expect(checker.found).toBeNull();
    node.submit('k1');
    expect(checker.found).toMatchObject({ kind: 'take' });
    expect(checker.found?.message).toBe(
      'expected chainPending to be true on entry 1 of the log ring of node 1, found false',
    );
  });

  it('fires when an entry that was appended is marked', () => {
    const { node, checker } = setup();
    node.audit('op');
    const [entry] = node.auditRing.items;
    if (entry !== undefined) node.auditRing.items[0] = { ...entry, chainPending: true };
    node.log('line');
    expect(checker.found).toMatchObject({ kind: 'append-log' });
    expect(checker.found?.message).toBe(
      'expected chainPending to be false on entry 1 of the audit ring of node 1, found true',
    );
  });

  it('fires where the run ends when the mark of an older entry is wrong, either way', () => {
    for (const failing of [true, false]) {
      const { mesh, node, checker } = setup();
      node.seams.log = !failing;
      node.log('first');
      node.seams.log = true;
      node.log('second');
      node.submit('k1');
      const [first] = node.logRing.items;
      if (first !== undefined) node.logRing.items[0] = { ...first, chainPending: !failing };
      expect(checker.found).toBeNull();
      mesh.end();
      expect(checker.found?.message).toContain(`chainPending to be ${failing} on entry 1`);
    }
  });

  it('fires when a mark got into the chain itself', () => {
    const { mesh, node, checker } = setup();
    node.audit('op');
    node.log('line');
    const [entry] = node.auditChain.items;
    if (entry !== undefined) node.auditChain.items[0] = { ...entry, chainPending: true };
    mesh.end();
    expect(checker.found?.message).toContain('because it was appended, found entry 1 marked');
  });

  it.each([
    ['log ring', 'logRing', 'log', false],
    ['audit ring', 'auditRing', 'audit', false],
    ['log chain', 'logChain', 'log', true],
    ['audit chain', 'auditChain', 'audit', true],
  ] as const)('names the %s in which a mark is wrong', (name, ring, seam, appended) => {
    const { mesh, node, checker } = setup();
    node[seam]('first');
    node[seam]('second');
    node.submit('k1');
    markFirst(node[ring].items);
    mesh.end();
    expect(checker.found?.message).toContain(appended ? `on all of the ${name}` : `entry 1 of the ${name} of node 1`);
  });

  it('looks at the audit ring where nothing has been logged', () => {
    const { node, checker } = setup();
    node.audit('op');
    const [entry] = node.auditRing.items;
    if (entry !== undefined) node.auditRing.items[0] = { ...entry, chainPending: true };
    node.submit('k1');
    expect(checker.found).toMatchObject({ kind: 'take' });
  });

  it('holds when a loop falls silent for long that had no append to survive', () => {
    for (const wakeLoop of [true, false]) {
      const { mesh, node, checker } = setup();
      if (wakeLoop) node.submit('k1');
      else node.feed(0);
      mesh.after(60_000);
      mesh.end();
      expect(checker.found).toBeNull();
    }
  });

  it('gives a loop a second from the failed append on, the end of it included', () => {
    const { mesh, node, checker } = setup();
    mesh.after(5000);
    node.seams.log = false;
    node.log('last words');
    mesh.after(1000);
    mesh.end();
    expect(checker.found).toBeNull();
    mesh.after(1);
    mesh.end();
    expect(checker.found?.message).toContain('at 5000 ms');
  });

  it('expects nothing in particular after a failure that its chain took', () => {
    const { mesh, node, checker } = setup();
    mesh.spoil('append-action', () => null);
    node.fresh(node.submit('k1'), { is: 'rejected' });
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('holds nothing seen of an earlier incarnation against the one that is shown', () => {
    const { mesh, node, checker } = setup();
    node.seams.action = false;
    node.seams.log = false;
    node.fresh(node.submit('k1'), { is: 'ok' });
    node.log('line');
    mesh.spoil('crash', () => null);
    mesh.crash(1, 0);
    mesh.boot();
    mesh.node(1).logRing.push(unmarked);
    mesh.end();
    expect(checker.found).toBeNull();
  });

  it('leaves what comes late of an earlier incarnation alone', () => {
    const { mesh, node, checker } = setup();
    node.seams.action = false;
    node.seams.log = false;
    const id = node.submit('k1');
    mesh.spoil('depth', (event) => event);
    mesh.spoil('depth', () => null);
    node.fresh(id, { is: 'ok' });
    node.log('line');
    mesh.spoil('crash', () => null);
    mesh.crash(1, 0);
    mesh.boot();
    mesh.node(1).logRing.push(unmarked);
    node.feed(0);
    node.submit('k2');
    expect(checker.found).toBeNull();
  });

  describe('of an append that failed', () => {
    it.each([
      ['action', 'action', 'append-action'],
      ['failure', 'failure', 'append-failure'],
      ['log', 'log', 'append-log'],
      ['audit', 'admin-audit', 'append-audit'],
    ] as const)('of the %s chain asks that a fault made it fail', (seam, chain, kind) => {
      for (const error of [new AppendError(chain, 'too long'), null]) {
        const all = setup();
        const { mesh, node, checker } = all;
        node.seams[seam] = false;
        mesh.spoil(kind, (event) => ({ ...event, error }));
        appendToAll(all);
        expect(checker.found).toMatchObject({ kind });
        expect(checker.found?.message).toBe(
          `expected the ${chain} chain of node 1 to take every record that no fault keeps from it, found one refused: ${error?.message ?? 'without an error'}`,
        );
      }
    });

    it.each([
      ['action', 'action', 'append-action'],
      ['failure', 'failure', 'append-failure'],
      ['log', 'log', 'append-log'],
      ['audit', 'admin-audit', 'append-audit'],
    ] as const)('of the %s chain asks that its error reads as it should', (seam, chain, kind) => {
      const all = setup();
      const { mesh, node, checker } = all;
      node.seams[seam] = false;
      mesh.spoil(kind, (event) => ({ ...event, error: new Misnamed(chain, 'f1') }));
      appendToAll(all);
      expect(checker.found).toMatchObject({ kind });
      expect(checker.found?.message).toContain(
        `expected the error of node 1 to read '${chain}-chain append failed: refused by fault f1', found '`,
      );
    });

    it.each([
      ['kind', '\udc00', { type: 'dispatched' }],
      ['reason of a failure', 'reduce_heat', { type: 'failed', reason: '\ud800', retryAfterMs: null }],
      ['reason of a gate', 'reduce_heat', { type: 'gated', reason: 'a\udfff', cooldownMs: 1n }],
    ] as const satisfies readonly (readonly [string, string, ActionDisposition])[])(
      'of the action chain asks nothing where the %s cannot be encoded',
      (_what, kind, disposition) => {
        for (const encodable of [false, true]) {
          const { mesh, node, checker } = setup();
          node.seams.action = false;
          mesh.spoil('append-action', (event) => ({
            ...event,
            error: new AppendError('action', 'not well-formed'),
            record: encodable ? event.record : { ...event.record, kind, disposition },
          }));
          node.fresh(node.submit('k1'), { is: 'ok' });
          expect(checker.found === null).toBe(!encodable);
        }
      },
    );

    it('of the action chain asks for an error even where the record cannot be encoded', () => {
      const { mesh, node, checker } = setup();
      node.seams.action = false;
      mesh.spoil('append-action', (event) => ({
        ...event,
        error: null,
        record: { ...event.record, kind: '\udc00' },
      }));
      node.fresh(node.submit('k1'), { is: 'ok' });
      expect(checker.found).toMatchObject({ kind: 'append-action' });
      expect(checker.found?.message).toContain('found one refused: without an error');
    });
  });
});
