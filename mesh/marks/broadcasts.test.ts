import { describe, expect, it } from 'vitest';
import { Watched } from './watched.testing.ts';

/** A broadcast under way to b1, sent at 0, with a timeout of 500 ms. */
function underWay(): Watched {
  return new Watched({ broadcastTimeoutMs: 500 }).at(0).broadcast('k1').backendSend('k1', 'b1');
}

describe('marks of broadcasts', () => {
  it('see answers around the deadline', () => {
    expect(underWay().at(499).backendAnswer('k1', 'b1').reached()).toEqual([]);
    expect(underWay().at(500).backendAnswer('k1', 'b1').reached()).toEqual(['broadcast.ack-at-deadline']);
    const late = ['broadcast.answer-just-too-late', 'broadcast.late-answer'];
    expect(underWay().at(501).backendAnswer('k1', 'b1').reached()).toEqual(late);
    expect(underWay().at(502).backendAnswer('k1', 'b1').reached()).toEqual(['broadcast.late-answer']);
  });

  it('see a late answer that comes while the next broadcast waits for its own', () => {
    const watched = underWay()
      .at(501)
      .result('k1', { timeouts: ['b1'] })
      .broadcast('k2')
      .backendSend('k2', 'b1');
    watched.reached();
    expect(watched.at(502).backendAnswer('k1', 'b1').reached()).toContain('broadcast.late-answer-during-next');
    const looking = underWay().at(502).backendAnswer('k1', 'b1').reached();
    expect(looking).not.toContain('broadcast.late-answer-during-next');
  });

  it('see broadcasts queue up, and membership change meanwhile', () => {
    const watched = underWay();
    expect(watched.backendRegister('b7').backendLive('b7', false).reached()).toEqual([]);
    expect(watched.broadcast('k2').reached()).toEqual(['broadcast.queued-behind-another']);
    expect(watched.backendRegister('b7').reached()).toEqual(['broadcast.membership-changed-while-queued']);
    expect(watched.backendLive('b8', true, false).reached()).toEqual([]);
    expect(watched.backendLive('b7', true).reached()).toEqual(['broadcast.membership-changed-while-queued']);
  });

  it('see backends die, revive and be replaced in flight, and no others', () => {
    const watched = underWay();
    expect(watched.backendLive('b1', true).reached()).toEqual([]);
    expect(watched.backendLive('b1', false).reached()).toEqual(['broadcast.died-in-flight']);
    expect(watched.backendLive('b1', true).reached()).toEqual(['broadcast.revived-in-flight']);
    expect(watched.backendRegister('b1').reached()).toEqual(['broadcast.replaced-in-flight']);
    watched.result('k1', { timeouts: ['b1'] }).reached();
    expect(watched.backendLive('b1', false).backendRegister('b1').reached()).toEqual([]);
  });

  it('see results with nobody in them, nobody alive, and everything at once', () => {
    expect(new Watched().broadcast('k1').result('k1').reached()).toEqual(['broadcast.zero-backends']);
    const dead = new Watched().broadcast('k1').result('k1', { skippedDead: ['b1'] });
    expect(dead.reached()).toEqual(['broadcast.all-dead']);
    const lists = { acks: ['b1'], timeouts: ['b2'], failures: [['b3', 'rejected']], skippedDead: ['b4'] } as const;
    expect(underWay().result('k1', lists).reached()).toEqual(['broadcast.every-outcome']);
    expect(
      underWay()
        .result('k1', { ...lists, failures: [] })
        .reached(),
    ).toEqual([]);
  });

  it('see a timeout of 0 run out as one of 1, and a broadcaster that looks too late', () => {
    const zero = new Watched({ broadcastTimeoutMs: 0 }).at(0).broadcast('k1').backendSend('k1', 'b1');
    expect(
      zero
        .at(1)
        .result('k1', { timeouts: ['b1'] })
        .reached(),
    ).toEqual(['broadcast.zero-timeout-clamped']);
    expect(
      underWay()
        .at(500)
        .result('k1', { acks: ['b1'] })
        .reached(),
    ).toEqual([]);
    expect(
      underWay()
        .at(501)
        .result('k1', { acks: ['b1'] })
        .reached(),
    ).toEqual(['broadcast.looked-late']);
  });

  it('see crashes in the midst of a broadcast, and with another in the queue', () => {
    expect(underWay().crash(1).reached()).toContain('crash.during-broadcast');
    expect(underWay().crash(1).reached()).not.toContain('crash.with-broadcast-queued');
    expect(underWay().broadcast('k2').crash(1).reached()).toContain('crash.with-broadcast-queued');
    const again = underWay().crash(1).boot();
    again.reached();
    expect(again.crash(1).reached()).not.toContain('crash.during-broadcast');
  });
});
