import { describe, expect, it } from 'vitest';
import { AppendError } from '../chain/records.ts';
import { Journal } from './journal.ts';

interface Line {
  readonly seq: bigint;
  readonly text: string;
  readonly chainPending: boolean;
}

/** A journal whose chain refuses texts that say so, and what the chain and the ring saw, in order. */
function journal(capacity = 10) {
  const seen: string[] = [];
  const onChain: Line[] = [];
  const lines: Journal<Line> = new Journal<Line>(
    capacity,
    {
      append: (line) => {
        seen.push(`chain ${line.seq}, ring has ${lines.ring.newest?.seq}`);
        if (line.text === 'refuse') return new AppendError('log', 'disk full');
        onChain.push(line);
        return null;
      },
    },
    (line) => ({ ...line, chainPending: true }),
  );
  const write = (text: string): void => lines.record((seq) => ({ seq, text, chainPending: false }));
  return { lines, write, seen, onChain };
}

describe('a journal', () => {
  it('numbers its records from 1, without a gap', () => {
    const { lines, write } = journal();
    for (const text of ['a', 'refuse', 'c']) write(text);
    expect(lines.ring.toArray().map(({ seq }) => seq)).toEqual([1n, 2n, 3n]);
  });

  it('has each record on the ring when the chain gets it', () => {
    const { write, seen } = journal();
    write('a');
    write('b');
    expect(seen).toEqual(['chain 1, ring has 1', 'chain 2, ring has 2']);
  });

  it('marks on the ring exactly those that the chain refused', () => {
    const { lines, write, onChain } = journal();
    for (const text of ['a', 'refuse', 'b', 'refuse']) write(text);
    expect(lines.ring.toArray().map(({ chainPending }) => chainPending)).toEqual([false, true, false, true]);
    expect(onChain.map(({ seq, chainPending }) => [seq, chainPending])).toEqual([
      [1n, false],
      [3n, false],
    ]);
  });

  it('keeps the newest on the ring and counts the others', () => {
    const { lines, write } = journal(2);
    for (const text of ['a', 'b', 'refuse']) write(text);
    expect(lines.ring.toArray().map(({ text }) => text)).toEqual(['b', 'refuse']);
    expect(lines.ring.evicted).toBe(1);
  });
});
