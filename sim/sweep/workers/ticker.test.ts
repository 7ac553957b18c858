import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ticker } from './ticker.ts';

describe('a ticker', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts host time in ticks, and calls back at each', () => {
    const seen: number[] = [];
    const ticker = new Ticker(() => seen.push(ticker.nowMs));
    expect(ticker.nowMs).toBe(0);
    vi.advanceTimersByTime(350);
    expect(seen).toEqual([100, 200, 300]);
    ticker.stop();
    vi.advanceTimersByTime(1000);
    expect(ticker.nowMs).toBe(300);
  });
});

describe('a ticker of a process that was stopped', () => {
  it('counts the stop once, however long it was', () => {
    const ticker = new Ticker(() => {}, 10);
    const blockedMs = 300;
    const untilMs = performance.now() + blockedMs;
    // Like a stop: the process does nothing else meanwhile.
    while (performance.now() < untilMs);
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        expect(ticker.nowMs).toBeLessThanOrEqual(10);
        ticker.stop();
        resolve();
      });
    });
  });
});
