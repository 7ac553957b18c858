import { describe, expect, it } from 'vitest';
import { FRAME_OVERHEAD_BYTES } from '../../src/chain/frame.ts';
import { Watched } from './watched.testing.ts';

describe('marks of a node', () => {
  it('see an inbox just filled, full, and gone, and what was turned away', () => {
    const watched = new Watched({ inboxCapacity: 2 });
    expect(watched.offer('sent').reached()).toEqual([]);
    expect(watched.offer('sent').reached()).toEqual(['inbox.at-exact-capacity']);
    expect(watched.offer('full').reached()).toEqual(['inbox.full']);
    expect(watched.offer('full', 'gate-daemon').reached()).toEqual(['inbox.full', 'inbox.gate-dropped']);
    expect(watched.offer('full', 'log').reached()).toEqual(['inbox.full', 'inbox.record-dropped']);
    expect(watched.take().take().offer('sent').reached()).toEqual([]);
    expect(watched.offer('closed').reached()).toEqual(['inbox.node-down']);
  });

  it('see what a crash leaves of the unsynced tail', () => {
    const nothing = new Watched().boot().crash(1, { synced: 40, written: 40, kept: 40 });
    expect(nothing.reached()).toEqual(['log.crash-with-nothing-unsynced']);
    const lost = new Watched().boot().logAppend(24).crash(1, { synced: 0, written: 40, kept: 0 });
    expect(lost.reached()).toEqual(['log.crash-lost-entries']);
    const kept = new Watched().boot().logAppend(24).crash(1, { synced: 0, written: 40, kept: 40 });
    expect(kept.reached()).toEqual(['log.crash-kept-unsynced']);
  });

  it('see a torn entry when the node comes back, and no whole one as torn', () => {
    const entry = 10 + FRAME_OVERHEAD_BYTES;
    const crashed = (kept: number) => {
      const watched = new Watched().boot().logAppend(10).logAppend(10).logAppend(10);
      watched.crash(1, { synced: 100, written: 100 + 3 * entry, kept }).reached();
      return watched.boot().reached();
    };
    expect(crashed(100 + entry)).toEqual([]);
    expect(crashed(100)).toEqual([]);
    expect(crashed(100 + entry + 1)).toEqual(['log.torn-tail-recovered']);
    expect(crashed(100 + 3 * entry - 1)).toEqual(['log.torn-tail-recovered']);
  });

  it('see crashes that repeat, coincide, or meet a node that is paused or has mail', () => {
    const watched = new Watched().boot(1).boot(2).at(5).pause(1).offer('sent');
    expect(watched.crash(1).reached()).toEqual([
      'crash.while-paused',
      'crash.with-inbox-waiting',
      'log.crash-with-nothing-unsynced',
    ]);
    expect(watched.crash(2).reached()).toContain('crash.several-at-once');
    expect(watched.at(6).boot(1).crash(1).reached()).toEqual(['crash.again', 'log.crash-with-nothing-unsynced']);
  });

  it('see pauses that outlast a hand-over', () => {
    expect(new Watched().at(0).pause().at(500).resume().reached()).toEqual([]);
    expect(new Watched().at(0).pause().at(501).resume().reached()).toEqual(['pause.past-hand-over']);
  });

  it('see the wall clock jump, run backwards between two records, and stop at 0', () => {
    const watched = new Watched().appendLog(true, 1000n);
    expect(watched.event({ kind: 'clock-jump', node: 1, inc: 0, byMs: 5 }).reached()).toEqual(['clock.jumped-forward']);
    expect(watched.event({ kind: 'clock-jump', node: 1, inc: 0, byMs: -5 }).reached()).toEqual(['clock.jumped-back']);
    expect(watched.appendLog(true, 1000n).reached()).toEqual([]);
    expect(watched.appendAction({ wallMs: 999n }).reached()).toEqual(['clock.went-back-between-records']);
    expect(watched.appendAction({ wallMs: 0n }).reached()).toContain('clock.clamped-at-zero');
    expect(new Watched().appendAction({ wallMs: 0n }).reached()).toEqual([]);
  });

  it('see an action recorded at an earlier time than it was handed over', () => {
    const watched = new Watched().at(100).enqueue(1n).enqueue(2n);
    const jump = (byMs: number) => watched.event({ kind: 'clock-jump', node: 1, inc: 0, byMs });
    jump(-30);
    watched.reached();
    expect(watched.at(130).appendAction({ id: 1n, wallMs: 9n }).reached()).toEqual([]);
    expect(watched.at(129).appendAction({ id: 2n, wallMs: 9n }).reached()).toEqual(['clock.went-back-before-record']);
    expect(watched.boot().appendAction({ id: 2n, wallMs: 9n }).reached()).toEqual([]);
  });
});
