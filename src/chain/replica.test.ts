import { beforeEach, describe, expect, it } from 'vitest';
import { appendRange, MailBag, type RigChain, range, rigChain } from './chain-rig.testing.ts';
import { encodeFrame } from './frame.ts';
import { Replica } from './replica.ts';

const RE_REQUEST_MS = 100;
const ENTRIES = 20;

let owner: RigChain;
let copy: RigChain;
let bag: MailBag;
let replica: Replica;

beforeEach(() => {
  owner = rigChain(1n);
  appendRange(owner, 1, ENTRIES);
  copy = rigChain(1n);
  bag = new MailBag();
  replica = new Replica(copy.kept, bag, { reRequestMs: RE_REQUEST_MS, earlyEntriesMax: 4 });
});

/** Delivers entries of the owner's log at `nowMs`. */
function deliver(seqs: readonly number[], nowMs = 0): void {
  for (const seq of seqs) replica.receive(owner.kept.log.frame(seq) ?? new Uint8Array(), nowMs);
}

/** Entry `seq` with one bit flipped. */
function damaged(seq: number, bit: number): Uint8Array {
  const frame = Uint8Array.from(owner.kept.log.frame(seq) ?? []);
  frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return frame;
}

describe('entries', () => {
  it('are stored and folded in order of their seqs', () => {
    deliver(range(1, 5));
    expect(copy.folded).toEqual(range(1, 5));
    expect(copy.store.content).toEqual(owner.store.content.slice(0, copy.store.content.length));
  });

  it('that come twice count once', () => {
    deliver([1, 1, 2, 1, 2, 3, 3]);
    expect(copy.folded).toEqual([1, 2, 3]);
  });

  it('that overtook others wait for their turn', () => {
    deliver([3, 5, 2]);
    expect(copy.folded).toEqual([]);
    deliver([1]);
    expect(copy.folded).toEqual([1, 2, 3]);
    deliver([4]);
    expect(copy.folded).toEqual([1, 2, 3, 4, 5]);
  });

  it('that wait and come again count once', () => {
    deliver([3, 3, 2, 3, 1, 3]);
    expect(copy.folded).toEqual([1, 2, 3]);
  });

  it('are kept early up to the bound and not beyond', () => {
    deliver([5, 6]);
    deliver(range(1, 4));
    expect(copy.folded).toEqual(range(1, 5));
  });

  it('with a seq past what the log can be, or 0, are ignored', () => {
    for (const seq of [0, 2 ** 52]) replica.receive(encodeFrame(seq, Uint8Array.of(1)), 0);
    deliver([1]);
    expect(copy.folded).toEqual([1]);
  });
});

describe('damaged entries', () => {
  it('are never folded, whichever bit it was', () => {
    const bits = (owner.kept.log.frame(1)?.length ?? 0) * 8;
    for (let bit = 0; bit < bits; bit += 1) replica.receive(damaged(1, bit), 0);
    for (let bit = 0; bit < bits; bit += 1) replica.receive(damaged(3, bit), 0);
    deliver([1, 2]);
    expect(copy.folded).toEqual([1, 2]);
    expect(replica.damagedMessages).toBeGreaterThan(bits);
  });

  it('are asked for again', () => {
    replica.request(0);
    bag.takeRequests();
    deliver([1], 10);
    replica.receive(damaged(2, 99), 20);
    deliver([3], 30);
    expect(replica.dueAtMs).toBe(10 + RE_REQUEST_MS);
    replica.request(replica.dueAtMs);
    expect(bag.takeRequests()).toEqual([2n]);
  });

  it('of no bytes do no harm', () => {
    replica.receive(new Uint8Array(), 0);
    expect(replica.damagedMessages).toBe(1);
  });
});

describe('requests', () => {
  it('ask for what the copy does not have', () => {
    replica.request(0);
    deliver([1, 2, 4]);
    replica.request(1);
    expect(bag.sent.map(({ to }) => to)).toEqual([1n, 1n]);
    expect(bag.takeRequests()).toEqual([1n, 3n]);
  });

  it('are due again when the copy has not grown for reRequestMs', () => {
    replica.request(1000);
    expect(replica.dueAtMs).toBe(1100);
    deliver([1], 1050);
    expect(replica.dueAtMs).toBe(1150);
    deliver([1, 3], 1060);
    expect(replica.dueAtMs).toBe(1150);
  });

  it.each([2 ** 31 - 50, 2 ** 32 - 50, 2 ** 40])(
    'are due as late on a clock that has run for long: at %i ms',
    (nowMs) => {
      replica.request(nowMs);
      expect(replica.dueAtMs).toBe(nowMs + RE_REQUEST_MS);
      deliver([1], nowMs + 50);
      expect(replica.dueAtMs).toBe(nowMs + 50 + RE_REQUEST_MS);
    },
  );

  it('follow at once on what was dropped for want of room, when its turn has come', () => {
    deliver([6, 7, 2, 3, 4, 5], 10);
    expect(bag.takeRequests()).toEqual([]);
    deliver([1], 20);
    expect(copy.folded).toEqual(range(1, 5));
    expect(bag.takeRequests()).toEqual([6n]);
    expect(replica.dueAtMs).toBe(20 + RE_REQUEST_MS);
    deliver([6, 7, 8], 30);
    expect(bag.takeRequests()).toEqual([]);
  });

  it('of a restarted replica start where its store ends', () => {
    deliver(range(1, 7));
    const restarted = rigChain(1n, copy.store);
    const again = new Replica(restarted.kept, bag, { reRequestMs: RE_REQUEST_MS });
    again.request(0);
    expect(restarted.folded).toEqual(range(1, 7));
    expect(bag.takeRequests()).toEqual([8n]);
  });
});

it('asks for what was dropped for want of room once nothing that was kept is left, not before', () => {
  deliver([3, 6]);
  deliver([1]);
  expect(bag.takeRequests()).toEqual([]);
  deliver([2]);
  expect(copy.folded).toEqual([1, 2, 3]);
  expect(bag.takeRequests()).toEqual([4n]);
});
