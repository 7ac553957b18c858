import { beforeEach, describe, expect, it } from 'vitest';
import { appendRange, MailBag, type RigChain, rigChain } from './chain-rig.testing.ts';
import { ChainFeed } from './feed.ts';
import { frameSeq } from './frame.ts';

let chain: RigChain;
let bag: MailBag;
let feed: ChainFeed;

beforeEach(() => {
  chain = rigChain(1n, undefined, { syncWithinAppend: false });
  bag = new MailBag();
  feed = new ChainFeed(chain.kept.log, bag);
});

const seqs = (): bigint[] => bag.takeFrames().map(frameSeq);

describe('a request', () => {
  it('is answered with each synced entry from its seq on, in a message of its own', async () => {
    appendRange(chain, 1, 5);
    await chain.kept.log.sync();
    feed.requested(2n, 3n);
    expect(bag.sent).toEqual(
      [3, 4, 5].map((seq) => ({ to: 2n, message: { kind: 'entry', chain: 1n, frame: chain.kept.log.frame(seq) } })),
    );
  });

  it('gets nothing that is not synced', async () => {
    appendRange(chain, 1, 2);
    feed.requested(2n, 1n);
    expect(seqs()).toEqual([]);
    await chain.kept.log.sync();
    appendRange(chain, 3, 3);
    feed.push();
    expect(seqs()).toEqual([1n, 2n]);
  });

  it('stays open for what is synced later, each entry once', async () => {
    feed.requested(2n, 1n);
    for (const value of [1, 2]) {
      appendRange(chain, value, value);
      await chain.kept.log.sync();
      feed.push();
      feed.push();
      expect(seqs()).toEqual([BigInt(value)]);
    }
  });

  it('that comes again is answered again, from where it says', async () => {
    appendRange(chain, 1, 4);
    await chain.kept.log.sync();
    feed.requested(2n, 1n);
    expect(seqs()).toEqual([1n, 2n, 3n, 4n]);
    feed.requested(2n, 3n);
    expect(seqs()).toEqual([3n, 4n]);
    feed.push();
    expect(seqs()).toEqual([]);
  });

  it('that comes again does not make a peer follow twice', async () => {
    feed.requested(2n, 1n);
    feed.requested(3n, 1n);
    feed.requested(2n, 1n);
    appendRange(chain, 1, 1);
    await chain.kept.log.sync();
    feed.push();
    expect(bag.sent.map(({ to }) => to)).toEqual([2n, 3n]);
  });

  it('of one peer changes nothing for another', async () => {
    appendRange(chain, 1, 2);
    await chain.kept.log.sync();
    feed.requested(2n, 1n);
    feed.requested(3n, 2n);
    expect(bag.sent.map(({ to }) => to)).toEqual([2n, 2n, 3n]);
    bag.sent.length = 0;
    appendRange(chain, 3, 3);
    await chain.kept.log.sync();
    feed.push();
    expect(bag.sent.map(({ to }) => to)).toEqual([2n, 3n]);
  });

  it.each([0n, 18446744073709551615n, 5n])(
    'from seq %d, which no peer has a reason for, does no harm',
    async (fromSeq) => {
      appendRange(chain, 1, 2);
      await chain.kept.log.sync();
      feed.requested(2n, fromSeq);
      expect(seqs()).toEqual(fromSeq === 0n ? [1n, 2n] : []);
      appendRange(chain, 3, 3);
      await chain.kept.log.sync();
      feed.push();
      expect(seqs()).toEqual([3n]);
    },
  );
});

it('has no followers until somebody asks', () => {
  expect(feed.hasFollowers).toBe(false);
  feed.requested(2n, 1n);
  expect(feed.hasFollowers).toBe(true);
});
