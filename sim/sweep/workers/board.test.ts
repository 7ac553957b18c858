import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { BATCH_MAX, Board } from './board.ts';

describe('the board', () => {
  it('hands out every index below the limit once', () => {
    const board = Board.ofSlots(2);
    const other = new Board(board.buffer);
    expect([board.next(3n), other.next(3n), board.next(3n), other.next(3n)]).toEqual([0n, 1n, 2n, undefined]);
  });

  it('hands out none beyond the gate until it is opened further', () => {
    const board = Board.ofSlots(1);
    board.openTo(2n);
    expect([board.next(4n), board.next(4n), board.next(4n)]).toEqual([0n, 1n, 'gate']);
    board.openTo(5n);
    expect([board.next(4n), board.next(4n), board.next(4n)]).toEqual([2n, 3n, undefined]);
    expect(board.handedOut).toBe(4n);
  });

  it('holds a thread at the gate until it is opened, and not once all are told to stop', async () => {
    const board = Board.ofSlots(1);
    board.openTo(0n);
    const code = `
      const { parentPort, workerData } = require('node:worker_threads');
      import(workerData.module).then(({ Board }) => {
        const board = new Board(workerData.buffer);
        while (board.next(9n) === 'gate') { parentPort.postMessage('waits'); board.waitAtGate(); }
        parentPort.postMessage('goes on');
        board.stop();
        board.waitAtGate();
        parentPort.postMessage('ends');
      });`;
    const module = new URL('../../../dist/sim/sweep/workers/board.js', import.meta.url).href;
    const worker = new Worker(code, { eval: true, workerData: { module, buffer: board.buffer } });
    const said: string[] = [];
    worker.on('message', (word: string) => {
      said.push(word);
      if (word === 'waits') board.openTo(1n);
    });
    await once(worker, 'exit');
    expect(said.filter((word, at) => word !== said[at - 1])).toEqual(['waits', 'goes on', 'ends']);
  });

  it('knows which workers are idle because the gate is shut', () => {
    const board = Board.ofSlots(2);
    board.openTo(1n);
    expect(board.idleAtGate(0)).toBe(false);
    board.begin(0, board.next(9n) === 0n ? 0n : 9n);
    expect([board.idleAtGate(0), board.idleAtGate(1)]).toEqual([false, true]);
    board.end(0);
    expect(board.idleAtGate(0)).toBe(true);
    board.openTo(2n);
    expect(board.idleAtGate(0)).toBe(false);
  });

  it('knows what each worker is at, what it has not reported, and what it ran before', () => {
    const board = Board.ofSlots(2);
    board.begin(1, 10n);
    board.end(1);
    board.begin(1, 12n);
    expect(board.current(1)).toBe(12n);
    expect(board.taken(1, 0)).toEqual({ current: 12n, finished: [10n], before: [] });
    expect(board.taken(0, 0)).toEqual({ current: undefined, finished: [], before: [] });
    board.end(1);
    expect(board.taken(1, 0)).toEqual({ current: undefined, finished: [10n, 12n], before: [] });
    expect(board.taken(1, 2)).toEqual({ current: undefined, finished: [], before: [10n, 12n] });
    expect(board.begun(1)).toBe(2);
  });

  it('remembers what a worker has not reported however much it ran before', () => {
    const board = Board.ofSlots(1);
    const ran = Array.from({ length: 5 * BATCH_MAX }, (_, i) => BigInt(i));
    for (const index of ran) {
      board.begin(0, index);
      board.end(0);
    }
    const { finished, before } = board.taken(0, 4 * BATCH_MAX);
    expect(finished).toEqual(ran.slice(-BATCH_MAX));
    expect(before).toEqual(ran.slice(-2 * BATCH_MAX, -BATCH_MAX));
  });

  it('keeps the slots apart when one is full', () => {
    const board = Board.ofSlots(3);
    const nothing = { current: undefined, finished: [], before: [] };
    board.begin(2, 7n);
    for (let i = 0; i < BATCH_MAX; i++) board.begin(1, BigInt(i));
    expect(board.taken(0, 0)).toEqual(nothing);
    expect(board.taken(1, 0).finished).toHaveLength(BATCH_MAX - 1);
    expect(board.taken(2, 0)).toEqual({ current: 7n, finished: [], before: [] });
    board.clear(1);
    expect(board.taken(1, 0)).toEqual(nothing);
    expect(board.taken(2, 0)).toEqual({ current: 7n, finished: [], before: [] });
  });

  it('tells all threads to stop', () => {
    const board = Board.ofSlots(1);
    const other = new Board(board.buffer);
    expect(other.stopped).toBe(false);
    board.stop();
    expect(other.stopped).toBe(true);
  });
});
