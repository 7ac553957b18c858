import { describe, expect, it } from 'vitest';
import { Watched } from './watched.testing.ts';

describe('marks of the executor', () => {
  it('know both ways to run out of a budget, and a close, by the wording of the record', () => {
    const watched = new Watched({ maxDefers: 2 });
    const failed = (reason: string) => watched.appendAction({ type: 'failed', reason }).reached();
    expect(failed('deferred 3 times — exceeds max_defer_count 2')).toContain('executor.defer-budget-exhausted');
    expect(failed('deferred 3 times — exceeds max_defer_count 9')).not.toContain('executor.defer-budget-exhausted');
    expect(failed('dispatch retry budget exhausted after 3 attempts')).toContain('executor.retry-budget-exhausted');
    expect(failed('executor closed')).toContain('executor.closed-with-deferred');
    expect(failed('disk full')).toEqual([]);
  });

  it('see equal deadlines, how many, and whether they were set at different times', () => {
    const watched = new Watched();
    expect(watched.at(0).defer(1n, 100).defer(2n, 99).reached()).not.toContain('deferred.equal-deadlines');
    expect(watched.defer(3n, 100).reached()).toContain('deferred.equal-deadlines');
    expect(watched.at(50).defer(4n, 50).reached()).toContain('deferred.equal-deadlines-set-apart');
    expect(watched.defer(5n, 50).reached()).toContain('deferred.four-equal-deadlines');
  });

  it('do not take an action that has used up its defers for one that waits', () => {
    const watched = new Watched({ maxDefers: 1 });
    watched.at(0).defer(1n, 100).at(100).defer(1n, 100).defer(2n, 100);
    expect(watched.reached()).not.toContain('deferred.equal-deadlines');
    watched.defer(3n, 100);
    expect(watched.reached()).toContain('deferred.equal-deadlines');
  });

  it('count a retry as waiting, from the end of its dispatch', () => {
    const watched = new Watched();
    watched.at(0).dispatch(1n).at(5).dispatchEnd(1n, 'failed', 20n).defer(2n, 20);
    expect(watched.reached()).toContain('deferred.equal-deadlines');
    expect(watched.at(25).admit(1n).dispatch(1n).dispatchEnd(1n, 'ok').reached()).toEqual(['dispatch.ok-after-retry']);
    expect(watched.dispatch(3n).dispatchEnd(3n, 'ok').reached()).toEqual([]);
  });

  it('see hints of 0, panics of both sorts, and dispatches that outlast a hand-over', () => {
    const watched = new Watched();
    expect(watched.dispatch(1n).dispatchEnd(1n, 'failed', 0n).reached()).toEqual(['dispatch.hint-zero']);
    expect(watched.dispatch(2n).dispatchEnd(2n, 'threw').reached()).toEqual(['dispatch.panicked-throw']);
    expect(watched.dispatch(3n).dispatchEnd(3n, 'rejected').reached()).toEqual(['dispatch.panicked-reject']);
    expect(watched.at(0).dispatch(4n).at(500).dispatchEnd(4n, 'ok').reached()).toEqual([]);
    expect(watched.at(500).dispatch(5n).at(1001).dispatchEnd(5n, 'ok').reached()).toEqual([
      'dispatch.longer-than-hand-over',
    ]);
  });

  it('see a fresh action taken while another is due', () => {
    const watched = new Watched();
    watched.at(0).defer(1n, 100).enqueue(2n).enqueue(3n).reached();
    expect(watched.at(99).dequeue(2n).reached()).toEqual([]);
    expect(watched.at(100).dequeue(3n).reached()).toEqual(['executor.due-and-fresh-at-once']);
  });

  it('see deferred actions served late, and blame the pause that held their timer', () => {
    const watched = new Watched();
    expect(watched.at(0).defer(1n, 100).at(101).admit(1n).reached()).toEqual(['deferred.served-late']);
    watched.at(200).defer(2n, 100).at(250).pause().at(400).resume();
    expect(watched.at(400).admit(2n).reached()).toEqual(['deferred.served-late', 'pause.timers-late']);
    watched.at(500).defer(3n, 100).at(550).pause().at(560).resume();
    expect(watched.at(601).admit(3n).reached()).toEqual(['deferred.served-late']);
  });

  it('see the queue full, closed and just filled', () => {
    const watched = new Watched({ queueCapacity: 2 });
    expect(watched.enqueue(1n).reached()).toEqual([]);
    expect(watched.enqueue(2n).reached()).toEqual(['queue.at-exact-capacity']);
    expect(watched.enqueue(3n, 'full').reached()).toEqual(['queue.full']);
    expect(watched.dequeue(1n).enqueue(4n, 'closed').reached()).toEqual(['queue.closed']);
  });

  it('see what a close, a crash or the settling finds under way', () => {
    const watched = new Watched().at(0).defer(1n, 100).enqueue(2n).dispatch(3n);
    watched.reached();
    expect(watched.closeQueue().reached()).toEqual([
      'executor.closed-while-dispatching',
      'executor.closed-with-queued',
      'executor.queue-closed-with-deferred',
    ]);
    expect(watched.event({ kind: 'settle', boundMs: 1 }).reached()).toEqual(['settle.with-deferred']);
    expect(watched.crash(1, { written: 1 }).reached()).toEqual(
      expect.arrayContaining(['crash.while-dispatching', 'crash.with-deferred', 'crash.with-queued']),
    );
    expect(watched.boot().crash(1, { written: 1 }).reached()).not.toContain('crash.with-deferred');
  });

  it('see a node come back whose executor had ended', () => {
    const watched = new Watched().boot().closeQueue().executorEnd();
    watched.reached();
    expect(watched.boot().reached()).toEqual(['executor.restarted-after-close']);
    expect(watched.boot().reached()).toEqual([]);
  });

  it('see backpressure at its marks, between them, again, and released by nothing', () => {
    const watched = new Watched({ backpressureOn: 4, backpressureOff: 1 });
    expect(watched.depth(3).reached()).toEqual([]);
    expect(watched.depth(4, 'asserted').reached()).toEqual([
      'backpressure.asserted',
      'backpressure.asserted-at-exact-mark',
    ]);
    expect(watched.depth(2).reached()).toEqual(['backpressure.held-between-marks']);
    expect(watched.depth(1, 'released').reached()).toEqual([
      'backpressure.released',
      'backpressure.released-at-exact-mark',
    ]);
    expect(watched.depth(2).reached()).toEqual([]);
    expect(watched.depth(5, 'asserted').reached()).toEqual(['backpressure.asserted', 'backpressure.asserted-again']);
    expect(watched.depth(0, 'released').reached()).toEqual([
      'backpressure.released',
      'backpressure.released-without-traffic',
    ]);
    const hook = { kind: 'hook', node: 1, inc: 0, change: 'asserted' } as const;
    expect(watched.event({ ...hook, threw: false }).reached()).toEqual([]);
    expect(watched.event({ ...hook, threw: true }).reached()).toEqual(['backpressure.hook-threw']);
  });
});
