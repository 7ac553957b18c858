import { describe, expect, it } from 'vitest';
import { Watched } from './watched.testing.ts';

describe('marks of chains', () => {
  it('see a refused append of each chain', () => {
    expect(new Watched().appendAction({ ok: false }).reached()).toEqual(['chain.append-failed.action']);
    expect(new Watched().appendFailure(false).reached()).toEqual(['chain.append-failed.failure']);
    expect(new Watched().appendLog(false).reached()).toEqual(['chain.append-failed.log']);
    expect(new Watched().appendAudit(false).reached()).toEqual(['chain.append-failed.admin-audit']);
  });

  it('see rings overflow, one after the last that fits', () => {
    const watched = new Watched({ recentFailures: 2, logRing: 1, auditRing: 1 });
    expect(watched.appendFailure().appendFailure().appendLog().appendAudit().reached()).toEqual([]);
    expect(watched.appendFailure().reached()).toEqual(['ring.failure-evicted']);
    expect(watched.appendLog().reached()).toEqual(['ring.log-evicted']);
    expect(watched.appendAudit().reached()).toEqual(['ring.audit-evicted']);
  });

  it('count what a chain refused for its ring and not for its buffer', () => {
    const watched = new Watched({ logRing: 2, logChain: 1 }).appendLog().appendLog(false);
    expect(watched.reached()).toEqual(['chain.append-failed.log']);
    expect(watched.appendLog().reached()).toEqual(['buffer.log-evicted', 'ring.log-evicted']);
    const others = new Watched({ failureChain: 1, auditChain: 1 });
    others.appendFailure().appendFailure().appendAudit().appendAudit();
    expect(others.reached()).toEqual(['buffer.audit-evicted', 'buffer.failure-evicted']);
  });

  it('take a capacity of 0 for 1', () => {
    const watched = new Watched({ auditRing: 0 }).appendAudit();
    expect(watched.reached()).toEqual([]);
    expect(watched.appendAudit().reached()).toEqual(['ring.audit-evicted', 'ring.zero-capacity-clamped']);
  });

  it('see rings that are just full when a node or the run ends', () => {
    const settled = { kind: 'settled', drained: true, waiting: [] } as const;
    const watched = new Watched({ recentFailures: 1, logRing: 2, auditRing: 1 }).appendFailure().appendLog();
    expect(watched.event(settled).reached()).toEqual(['ring.failure-at-exact-capacity']);
    expect(watched.appendLog().appendAudit().crash(1).reached()).toEqual(
      expect.arrayContaining(['ring.audit-at-exact-capacity', 'ring.log-at-exact-capacity']),
    );
    expect(watched.boot().event(settled).reached()).toEqual([]);
  });

  it('see texts that encoders get wrong', () => {
    const failed = (reason: string) => new Watched().appendAction({ type: 'failed', reason }).reached();
    expect(failed('plain')).toEqual([]);
    expect(failed('')).toEqual(['codec.empty-reason']);
    expect(failed('café')).toEqual(['codec.non-ascii']);
    expect(failed('a\u0000b')).toEqual(['codec.nul']);
    expect(failed('x'.repeat(127))).toEqual([]);
    expect(failed('x'.repeat(128))).toEqual(['codec.reason-above-127']);
    expect(failed('x'.repeat(65_536))).toEqual(['codec.reason-above-65535']);
    expect(failed('half \ufffd')).toEqual(['codec.lone-surrogate-replaced', 'codec.non-ascii']);
  });

  it('see damage, and what decoders make of it', () => {
    expect(new Watched().appendAction({ damaged: true }).reached()).toEqual(['wire.damaged-before-append']);
    expect(new Watched().appendAction({ version: 0 }).reached()).toEqual(['wire.version-zero']);
    const probe = (outcome: 'record' | 'empty' | 'unsupported_version' | 'malformed') =>
      new Watched()
        .event({
          kind: 'probe',
          node: 1,
          inc: 0,
          codec: 'msgpack',
          reader: 1,
          bytes: new Uint8Array(0),
          outcome,
          decoded: null,
          largestBytes: 0,
        })
        .reached();
    expect(probe('record')).toEqual(['decoder.damaged-still-decodes']);
    expect(probe('empty')).toEqual(['decoder.empty']);
    expect(probe('unsupported_version')).toEqual(['decoder.version-damaged']);
    expect(probe('malformed')).toEqual(['decoder.malformed']);
  });
});
