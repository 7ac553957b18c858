import { describe, expect, it } from 'vitest';
import { BATCH_MAX, Board } from './board.ts';

describe('the board', () => {
  it('hands out every index below the limit once', () => {
    const board = Board.ofSlots(2);
    const other = new Board(board.buffer);
    expect([board.next(3n), other.next(3n), board.next(3n), other.next(3n)]).toEqual([0n, 1n, 2n, undefined]);
  });

  it('knows what each worker is at and what it has not reported', () => {
    const board = Board.ofSlots(2);
    board.begin(1, 10n);
    board.end(1);
    board.begin(1, 12n);
    expect(board.unreported(1)).toEqual({ current: 12n, finished: [10n] });
    expect(board.unreported(0)).toEqual({ current: undefined, finished: [] });
    board.end(1);
    expect(board.unreported(1)).toEqual({ current: undefined, finished: [10n, 12n] });
    board.reported(1);
    expect(board.unreported(1)).toEqual({ current: undefined, finished: [] });
    expect(board.begun(1)).toBe(2);
  });

  it('keeps the slots apart when one is full', () => {
    const board = Board.ofSlots(3);
    board.begin(2, 7n);
    for (let i = 0; i < BATCH_MAX; i++) board.begin(1, BigInt(i));
    expect(board.unreported(0)).toEqual({ current: undefined, finished: [] });
    expect(board.unreported(1).finished).toHaveLength(BATCH_MAX - 1);
    expect(board.unreported(2)).toEqual({ current: 7n, finished: [] });
    board.clear(1);
    expect(board.unreported(1)).toEqual({ current: undefined, finished: [] });
    expect(board.unreported(2)).toEqual({ current: 7n, finished: [] });
  });

  it('tells all threads to stop', () => {
    const board = Board.ofSlots(1);
    const other = new Board(board.buffer);
    expect(other.stopped).toBe(false);
    board.stop();
    expect(other.stopped).toBe(true);
  });
});
