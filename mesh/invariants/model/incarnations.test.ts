import { describe, expect, it } from 'vitest';
import { Incarnations } from './incarnations.ts';

describe('the memories of incarnations', () => {
  it('are one for each, begun at its first event', () => {
    const memories = new Incarnations((node, inc) => ({ name: `${node}/${inc}` }));
    const first = memories.of(3, 0);
    expect(first.name).toBe('3/0');
    expect(memories.of(3, 0)).toBe(first);
    expect(memories.of(1, 0).name).toBe('1/0');
    expect(memories.of(3, 0)).toBe(first);
    const next = memories.of(3, 1);
    expect(next.name).toBe('3/1');
    expect(memories.of(3, 1)).toBe(next);
    expect(memories.of(3, 0)).not.toBe(first);
  });

  it('are begun anew for what is seen of an incarnation that has died', () => {
    const memories = new Incarnations((node, inc) => ({ name: `${node}/${inc}` }));
    const died = memories.of(2, 4);
    memories.end(2);
    const again = memories.of(2, 4);
    expect(again).toEqual(died);
    expect(again).not.toBe(died);
  });

  it('end with their node, and are visited by node while they last', () => {
    const memories = new Incarnations((node, inc) => ({ name: `${node}/${inc}` }));
    const ended = memories.of(2, 4);
    memories.of(3, 0);
    memories.of(1, 7);
    const visited = () => {
      const seen: unknown[] = [];
      memories.forEach(({ name }, node) => {
        seen.push([name, node]);
      });
      return seen;
    };
    expect(visited()).toEqual([
      ['1/7', 1],
      ['2/4', 2],
      ['3/0', 3],
    ]);
    memories.end(2);
    memories.end(9);
    expect(visited()).toEqual([
      ['1/7', 1],
      ['3/0', 3],
    ]);
    expect(memories.of(2, 4)).not.toBe(ended);
  });

  it('are given by node alone while they last', () => {
    const memories = new Incarnations((node, inc) => ({ name: `${node}/${inc}` }));
    expect(memories.current(2)).toBeUndefined();
    const first = memories.of(2, 4);
    expect(memories.current(2)).toBe(first);
    expect(memories.current(1)).toBeUndefined();
    memories.end(2);
    expect(memories.current(2)).toBeUndefined();
    const next = memories.of(2, 5);
    expect(memories.current(2)).toBe(next);
  });
});
