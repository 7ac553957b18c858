import { beforeEach, describe, expect, it } from 'vitest';
import { DurableEntries } from './durable.ts';

describe('the durable entries of a file', () => {
  let entries: DurableEntries;
  beforeEach(() => {
    entries = new DurableEntries();
    entries.written(1, 20);
    entries.written(2, 30);
    entries.written(3, 45);
  });

  const held = () => [0, 1, 2, 3, 4].filter((seq) => entries.has(seq));

  it('are those that end within what is synced', () => {
    expect(held()).toEqual([]);
    entries.synced(29);
    expect(held()).toEqual([1]);
    entries.synced(30);
    expect(held()).toEqual([1, 2]);
    entries.synced(1000);
    expect(held()).toEqual([1, 2, 3]);
  });

  it('are after a crash those that it left whole, and the others are written anew', () => {
    entries.synced(20);
    entries.cut(44);
    expect(held()).toEqual([1, 2]);
    entries.synced(60);
    expect(held()).toEqual([1, 2]);
    entries.written(3, 61);
    expect(held()).toEqual([1, 2]);
    entries.synced(61);
    expect(held()).toEqual([1, 2, 3]);
  });

  it('stay after a crash that took nothing', () => {
    entries.synced(30);
    entries.cut(45);
    expect(held()).toEqual([1, 2, 3]);
  });

  it('are none of those that a crash took, though some before them were not seen to be written', () => {
    entries.written(6, 80);
    entries.cut(40);
    entries.synced(100);
    expect(held()).toEqual([1, 2]);
  });

  it('are none of those that are said to be more than 1024 ahead', () => {
    for (const seq of [1024, 1025]) {
      const far = new DurableEntries();
      far.written(seq, 10);
      far.synced(10);
      expect(far.has(seq)).toBe(seq === 1024);
    }
  });

  it('are none of those that were not seen to be written', () => {
    entries.written(1100, 90);
    entries.written(6, 80);
    entries.synced(100);
    expect([entries.has(4), entries.has(5), entries.has(6), entries.has(7)]).toEqual([false, false, true, false]);
    expect([entries.has(-1), entries.has(1100)]).toEqual([false, false]);
  });
});
