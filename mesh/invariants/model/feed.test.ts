import { beforeEach, describe, expect, it } from 'vitest';
import { Feed } from './feed.ts';

describe('a feed', () => {
  let feed: Feed;
  beforeEach(() => {
    feed = new Feed();
  });

  it('may begin anywhere without a request, and goes on in order', () => {
    expect([feed.sent(7, 0), feed.sent(8, 0), feed.sent(9, 3)]).toEqual([true, true, true]);
    expect(feed.sent(9, 4)).toBe(false);
    expect(feed.sent(11, 4)).toBe(false);
    expect(feed.expected).toBe('10');
    expect(feed.sent(10, 4)).toBe(true);
  });

  it('begins where it was asked to, once the millisecond of the request is over', () => {
    feed.requested(4, 10);
    expect(feed.sent(5, 11)).toBe(false);
    expect(feed.expected).toBe('4');
    expect([feed.sent(4, 11), feed.sent(5, 11)]).toEqual([true, true]);
  });

  it('goes back for a request, and forward', () => {
    feed.requested(4, 10);
    expect(feed.sent(4, 10)).toBe(true);
    feed.requested(2, 20);
    expect([feed.sent(2, 30), feed.sent(3, 30), feed.sent(4, 30)]).toEqual([true, true, true]);
    feed.requested(9, 40);
    expect([feed.sent(5, 50), feed.sent(9, 50)]).toEqual([false, true]);
  });

  it('may go on as it was in the millisecond of a request, and turns to it then', () => {
    feed.requested(1, 0);
    for (const seq of [1, 2, 3]) expect(feed.sent(seq, 1)).toBe(true);
    feed.requested(2, 5);
    expect([feed.sent(4, 5), feed.sent(2, 5), feed.sent(3, 5)]).toEqual([true, true, true]);
    expect(feed.sent(5, 5)).toBe(false);
    expect([feed.sent(4, 6), feed.sent(5, 6)]).toEqual([true, true]);
  });

  it('does not come back to a request that it turned to', () => {
    expect(feed.sent(3, 0)).toBe(true);
    feed.requested(1, 5);
    expect(feed.sent(1, 5)).toBe(true);
    expect(feed.sent(1, 5)).toBe(false);
    expect(feed.sent(4, 5)).toBe(false);
    expect(feed.expected).toBe('2');
  });

  it('takes a request for what comes next anyhow as looked at or not, until something is sent that tells', () => {
    for (const [seq, next] of [
      [17, 18],
      [18, 19],
    ] as const) {
      const open = new Feed();
      open.requested(16, 0);
      expect(open.sent(16, 1)).toBe(true);
      open.requested(17, 5);
      expect(open.sent(17, 5)).toBe(true);
      expect(open.sent(19, 6)).toBe(false);
      expect(open.expected).toBe('17 or 18');
      expect(open.sent(seq, 6)).toBe(true);
      expect(open.expected).toBe(String(next));
    }
  });

  it('looks at requests in order, any number of them in a millisecond, and at all by the end of it', () => {
    feed.requested(40, 0);
    for (const seq of [30, 20, 10]) feed.requested(seq, 1);
    expect(feed.sent(20, 1)).toBe(true);
    expect(feed.sent(30, 1)).toBe(false);
    expect(feed.expected).toBe('10 or 21');
    expect(feed.sent(21, 2)).toBe(false);
    expect(feed.expected).toBe('10');
  });

  it('takes what was asked in a millisecond before as looked at when the next request comes', () => {
    feed.requested(30, 1);
    feed.requested(10, 2);
    expect(feed.sent(10, 2)).toBe(true);
    const other = new Feed();
    other.requested(30, 1);
    other.requested(10, 2);
    expect([other.sent(30, 2), other.sent(10, 2), other.sent(30, 2)]).toEqual([true, true, false]);
  });

  it('looks at nothing in a pause, and at what came in it when that is over', () => {
    feed.requested(1, 0);
    expect(feed.sent(1, 1)).toBe(true);
    feed.pause(2);
    feed.requested(1, 3);
    feed.requested(9, 4);
    feed.resume(8);
    expect([feed.sent(2, 8), feed.sent(1, 8), feed.sent(9, 8)]).toEqual([true, true, true]);
    expect(feed.sent(2, 8)).toBe(false);
    feed.pause(9);
    feed.requested(4, 10);
    feed.resume(11);
    expect([feed.sent(10, 12), feed.sent(4, 12)]).toEqual([false, true]);
  });

  it('has looked before a pause at what came before its millisecond', () => {
    feed.requested(5, 1);
    feed.requested(3, 2);
    feed.pause(3);
    feed.resume(3);
    expect([feed.sent(5, 3), feed.sent(3, 3)]).toEqual([false, true]);
    const other = new Feed();
    other.requested(5, 1);
    other.requested(3, 1);
    other.pause(1);
    other.resume(4);
    expect([other.sent(5, 4), other.sent(3, 4)]).toEqual([true, true]);
  });
});
