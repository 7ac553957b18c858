import { describe, expect, it } from 'vitest';
import { reachedOffset } from './coverage.ts';

const URL = 'file:///build/a.js';

type Block = readonly [from: number, to: number, count: number];

function covered(...functions: readonly (readonly Block[])[]) {
  return [
    {
      scriptId: '1',
      url: URL,
      functions: functions.map((blocks) => ({
        functionName: '',
        isBlockCoverage: true,
        ranges: blocks.map(([startOffset, endOffset, count]) => ({ startOffset, endOffset, count })),
      })),
    },
  ];
}

describe('whether a place was reached', () => {
  it('is decided by the innermost block around it', () => {
    const coverage = covered(
      [[0, 100, 1]],
      [
        [10, 60, 3],
        [20, 40, 0],
      ],
    );
    expect([15, 25, 40, 70].map((offset) => reachedOffset(coverage, URL, offset))).toEqual([true, false, true, true]);
  });

  it('is not decided by a function that surrounds one that was never called', () => {
    expect(reachedOffset(covered([[10, 90, 5]], [[20, 40, 0]]), URL, 30)).toBe(false);
  });

  it('is so for what runs when its module is loaded', () => {
    expect(reachedOffset(covered([[10, 20, 0]]), URL, 5)).toBe(true);
  });

  it('is not so where nothing of the file ran', () => {
    expect(reachedOffset(covered([[0, 100, 1]]), 'file:///build/b.js', 5)).toBe(false);
  });
});
