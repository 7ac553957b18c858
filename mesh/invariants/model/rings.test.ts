import { describe, expect, it } from 'vitest';
import { Deferred } from './deferred.ts';
import { Fifo } from './fifo.ts';
import { Incarnations } from './incarnations.ts';
import { RingModel } from './ring.ts';
import { readVectors } from './vectors.testing.ts';

/** From and to, both included; above 2^53 as strings. */
type Range = readonly [number | string, number | string];

function idsOf(ranges: readonly Range[]): bigint[] {
  const ids: bigint[] = [];
  for (const [from, to] of ranges) for (let id = BigInt(from); id <= BigInt(to); id++) ids.push(id);
  return ids;
}

interface Vector {
  readonly name: string;
  readonly capacity: number | null;
  readonly append_id_ranges: readonly Range[];
  readonly expected: {
    readonly len: number;
    readonly dropped_count: number;
    readonly id_ranges: readonly Range[];
  };
}

describe('the ring model', () => {
  it('holds what the recorded buffers hold', () => {
    for (const { name, capacity, append_id_ranges: ranges, expected } of readVectors<Vector>(
      'buffering-appenders.jsonl',
    )) {
      if (capacity === null) continue;
      const ring = new RingModel<bigint>(capacity);
      for (const id of idsOf(ranges)) ring.push(id);
      expect(ring.length, name).toBe(expected.len);
      expect(ring.arrived - ring.length, name).toBe(expected.dropped_count);
      const held = Array.from({ length: ring.length }, (_, i) => ring.at(i));
      expect(held, name).toEqual(idsOf(expected.id_ranges));
      expect([ring.at(-1), ring.at(ring.length)]).toEqual([undefined, undefined]);
    }
  });
});

describe('the queue model', () => {
  it('gives back in order what was put in, however far it grows', () => {
    const fifo = new Fifo<number>();
    let next = 0;
    let expected = 0;
    for (let round = 0; round < 50; round++) {
      for (let i = 0; i < round; i++) fifo.push(next++);
      for (let i = 0; i < round / 2; i++) expect(fifo.shift()).toBe(expected++);
    }
    while (fifo.length > 0) {
      expect(fifo.peek()).toBe(expected);
      expect(fifo.shift()).toBe(expected++);
    }
    expect([fifo.shift(), fifo.peek(), expected]).toEqual([undefined, undefined, next]);
  });
});

describe('an empty queue model', () => {
  it('has nothing to give, and takes in as before', () => {
    const fifo = new Fifo<number>();
    expect([fifo.shift(), fifo.shift(), fifo.peek(), fifo.length]).toEqual([undefined, undefined, undefined, 0]);
    fifo.push(1);
    fifo.push(2);
    expect([fifo.length, fifo.shift(), fifo.shift(), fifo.shift(), fifo.length]).toEqual([2, 1, 2, undefined, 0]);
  });
});

describe('the deferred actions', () => {
  it('come by deadline, then by order of setting', () => {
    const deferred = new Deferred();
    const listed: { id: number; deadlineMs: number }[] = [];
    for (let id = 1; id <= 200; id++) {
      const deadlineMs = (id * 7919) % 13;
      deferred.add(id, deadlineMs);
      listed.push({ id, deadlineMs });
    }
    // Sorting is stable, so equal deadlines stay in order of setting.
    listed.sort((a, b) => a.deadlineMs - b.deadlineMs);
    for (const { id, deadlineMs } of listed) {
      expect(deferred.deadlineOf(id)).toBe(deadlineMs);
      expect([deferred.firstId, deferred.firstDeadlineMs]).toEqual([id, deadlineMs]);
      deferred.removeFirst();
    }
    deferred.removeFirst();
    expect([deferred.firstId, deferred.length, deferred.deadlineOf(1)]).toEqual([0, 0, null]);
  });
});

describe('the memory by incarnation', () => {
  it('begins anew with an incarnation and forgets one that ended', () => {
    const memory = new Incarnations((node, inc) => ({ inc, name: `${node}/${inc}` }));
    const first = memory.of(2, 0);
    expect(memory.of(2, 0)).toBe(first);
    expect(memory.of(2, 1).name).toBe('2/1');
    memory.of(1, 0);
    memory.end(2);
    memory.end(9);
    const visited: string[] = [];
    memory.forEach(({ name }, node) => {
      visited.push(`${node}:${name}`);
    });
    expect(visited).toEqual(['1:1/0']);
  });
});
