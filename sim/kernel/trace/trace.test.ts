import { describe, expect, test } from 'vitest';
import { type EventCatalogue, type TraceRecord, TraceRecorder, type TraceValue } from './trace.ts';
import { firstDifference, recordLine } from './trace-text.ts';

const catalogue: EventCatalogue = { tick: ['value'], pair: ['left', 'right'], bare: [] };

function digestOf(values: readonly unknown[], finalState: readonly TraceValue[] = []): string {
  const trace = new TraceRecorder(catalogue);
  for (const value of values) trace.record(eventOf(value), 5, 'n1/i0/loop');
  return trace.digest(finalState);
}

function eventOf(value: unknown): { kind: string; value: unknown } {
  return { kind: 'tick', value };
}

describe('a digest', () => {
  test('differs wherever a value, a type, a time, a task or the end differs', () => {
    const values: readonly unknown[] = [
      0,
      1,
      -1,
      127,
      128,
      255,
      256,
      16_383,
      16_384,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32,
      2 ** 53 - 1,
      1 - 2 ** 53,
      0n,
      1n,
      2n ** 63n,
      2n ** 64n - 1n,
      true,
      false,
      null,
      '',
      '0',
      'a',
      'b',
      'é',
      'a'.repeat(111),
      'a'.repeat(112),
      'a'.repeat(70_000),
      new Uint8Array(),
      new Uint8Array([0]),
      new Uint8Array([0, 0]),
      new Uint8Array(70_000),
      [],
      [0],
      [[0]],
      [0, 0],
      [[], 0],
      ['a', 'b'],
      ['ab'],
    ];
    const digests = values.map((value) => digestOf([value]));
    digests.push(digestOf([]), digestOf([0, 0]), digestOf([], [0]), digestOf([0], [0]));
    const other = new TraceRecorder(catalogue);
    other.record(eventOf(0), 6, 'n1/i0/loop');
    const another = new TraceRecorder(catalogue);
    another.record(eventOf(0), 5, 'n1/i0/loop2');
    digests.push(other.digest([]), another.digest([]));
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('is the same for a string, a number and bytes by value, whatever holds them', () => {
    const whole = new Uint8Array([9, 1, 2, 3, 9]);
    expect(digestOf([new Uint8Array([1, 2, 3])])).toBe(digestOf([whole.subarray(1, 4)]));
    expect(digestOf(['ab', 'ab'])).toBe(digestOf(['ab', ['a', 'b'].join('')]));
  });

  test('does not depend on the trace being kept, nor on another trace at the same time', () => {
    const kept = new TraceRecorder(catalogue, { keep: true });
    const plain = new TraceRecorder(catalogue);
    for (let i = 0; i < 20_000; i++) {
      const event = { kind: 'pair', left: i, right: `text ${i % 300}` };
      kept.record(event, i, 't');
      plain.record(event, i, 't');
    }
    expect(kept.records.length).toBe(20_000);
    expect(plain.records.length).toBe(0);
    expect(kept.digest([])).toBe(plain.digest([]));
  });

  test('is taken once, and closes the trace', () => {
    const trace = new TraceRecorder(catalogue);
    trace.digest([]);
    expect(() => trace.digest([])).toThrow('taken already');
    expect(() => trace.record({ kind: 'bare' }, 0, 't')).toThrow('nothing can be added');
  });
});

test.each<[string, unknown, string]>([
  ['a fraction', 0.5, 'the number 0.5 is not a safe integer'],
  ['a number past 2^53', 2 ** 53, 'is not a safe integer'],
  ['not a number', Number.NaN, 'is not a safe integer'],
  ['a bigint past u64', 2n ** 64n, 'is not a u64'],
  ['a negative bigint', -1n, 'is not a u64'],
  ['a lone surrogate', 'x\ud800', 'a lone surrogate'],
  ['undefined', undefined, 'a value of type undefined'],
  ['an object', {}, 'an object'],
  ['a function', () => 0, 'a value of type function'],
  ['an object in a list', [1, [new Map()]], 'an object'],
])('%s is refused by kind and field', (_what, value, message) => {
  expect(() => digestOf([value])).toThrow(`tick: value cannot stand in a trace: `);
  expect(() => digestOf([value])).toThrow(message);
});

test('a list that contains itself is refused', () => {
  const list: unknown[] = [];
  list.push(list);
  expect(() => digestOf([list])).toThrow('tick: value cannot stand in a trace: lists nest deeper than 16');
});

test('a kind that nobody declared is refused', () => {
  const trace = new TraceRecorder(catalogue);
  expect(() => trace.record({ kind: 'tock' }, 0, 't')).toThrow("the event kind 'tock' is not in the catalogue");
  expect(() => trace.record({ kind: 'constructor' }, 0, 't')).toThrow("the event kind 'constructor'");
});

function recordsOf(...values: TraceValue[]): readonly TraceRecord[] {
  const trace = new TraceRecorder(catalogue, { keep: true });
  for (const value of values) trace.record(eventOf(value), 5, 'n1/i0/loop');
  return trace.records;
}

test('a kept record holds copies and reads as one JSON line', () => {
  const bytes = new Uint8Array([1, 254]);
  const records = recordsOf([7n, bytes, 'x', null]);
  bytes[0] = 9;
  expect(records.map(recordLine)).toEqual([
    '{"atMs":5,"task":"n1/i0/loop","kind":"tick","value":["7","01fe","x",null]}',
  ]);
});

test('the first difference of two traces is named by number', () => {
  const left = recordsOf(1, [new Uint8Array([1]), 2n], 'x');
  expect(firstDifference(left, recordsOf(1, [new Uint8Array([1]), 2n], 'x'))).toBeUndefined();
  expect(firstDifference(left, recordsOf(1, [new Uint8Array([2]), 2n], 'x'))?.event).toBe(2);
  expect(firstDifference(left, recordsOf(1, [new Uint8Array([1]), 2n]))).toMatchObject({ event: 3, right: undefined });
});
