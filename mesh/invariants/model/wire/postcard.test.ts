import { describe, expect, it } from 'vitest';
import { hex } from '../actions.ts';
import { bytesOf, type RecordedRecord, readVectors, recordOf } from '../vectors.testing.ts';
import { readPostcard, writePostcard } from './postcard.ts';

describe("the judge's postcard", () => {
  it('writes and reads every recorded record as the Rust crate does', () => {
    const vectors = readVectors<{ name: string; record: RecordedRecord; bytes: string }>('action-chain-wire.jsonl');
    expect(vectors.length).toBeGreaterThan(100);
    for (const { name, record, bytes } of vectors) {
      expect(`01${hex(writePostcard(recordOf(record)))}`, name).toBe(bytes);
      expect(readPostcard(bytesOf(bytes), 1), name).toEqual(recordOf(record));
    }
  });

  it('makes of every recorded odd input what the Rust crate makes of it', () => {
    type Result = { ok: RecordedRecord } | { err: { kind: string } };
    const vectors = readVectors<{ name: string; bytes: string; result: Result }>('action-chain-decode-errors.jsonl');
    expect(vectors.length).toBeGreaterThan(100);
    for (const { name, bytes, result } of vectors) {
      if ('err' in result && result.err.kind !== 'postcard') continue;
      const expected = 'ok' in result ? recordOf(result.ok) : null;
      expect(readPostcard(bytesOf(bytes), 1), name).toEqual(expected);
    }
  });

  it('writes texts of every width by their bytes, short or long', () => {
    for (const kind of ['', 'k', 'k'.repeat(127), 'k'.repeat(128), 'é', '\x7f', '\x80', `${'k'.repeat(126)}é`, '😀']) {
      const bytes = new TextEncoder().encode(kind);
      const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
      const written = writePostcard({ id: 1n, kind, emittedAtMs: 2n, disposition: { type: 'dispatched' } });
      expect(written).toEqual(Uint8Array.of(1, ...length, ...bytes, 2, 0));
    }
  });

  it('takes varints with as many groups as a u64 has, overlong ones too, and no more', () => {
    const withId = (...id: readonly number[]) => readPostcard(Uint8Array.from([...id, 1, 0x6b, 7, 0]), 0)?.id;
    const groups = (count: number, group: number) => Array<number>(count).fill(group);
    expect(withId(...groups(9, 0xff), 1)).toBe(2n ** 64n - 1n);
    expect(withId(...groups(7, 0xff), 0x7f)).toBe(2n ** 56n - 1n);
    expect(withId(...groups(7, 0x80), 1)).toBe(2n ** 49n);
    expect(withId(...groups(8, 0x80), 1)).toBe(2n ** 56n);
    expect(withId(...groups(6, 0xff), 0x7f)).toBe(2n ** 49n - 1n);
    expect(withId(0x80, 0)).toBe(0n);
    expect(withId(...groups(9, 0x80), 0)).toBe(0n);
    expect(withId(...groups(9, 0xff), 2)).toBeUndefined();
    expect(withId(...groups(10, 0x80), 0)).toBeUndefined();
  });

  it('takes variants by index, in five groups at most, and options tagged 0 or 1', () => {
    const ending = (...end: readonly number[]) =>
      readPostcard(Uint8Array.from([5, 1, 0x6b, 7, ...end]), 0)?.disposition;
    expect(ending(0)).toEqual({ type: 'dispatched' });
    expect(ending(0x80, 0x80, 0x80, 0x80, 0)).toEqual({ type: 'dispatched' });
    expect(ending(0x80, 0x80, 0x80, 0x80, 16)).toBeUndefined();
    expect(ending(0x80, 0x80, 0x80, 0x80, 15)).toBeUndefined();
    expect(ending(0x80, 0x80, 0x80, 0x80, 0x80, 0)).toBeUndefined();
    expect(ending(1, 0, 0)).toEqual({ type: 'failed', reason: '', retryAfterMs: null });
    expect(ending(2, 1, 0x72, 1, 9)).toEqual({ type: 'gated', reason: 'r', cooldownMs: 9n });
    expect(ending(1, 0, 2, 0)).toBeUndefined();
    expect(ending(3, 0, 0)).toBeUndefined();
    expect(ending(1, 2, 0x72)).toBeUndefined();
    expect(ending()).toBeUndefined();
  });

  it('finds no record where a text is longer than what is left, however much longer', () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
    expect(readPostcard(Uint8Array.from([5, ...huge, 0x6b, 7, 0]), 0)).toBeNull();
    expect(readPostcard(Uint8Array.from([5, 4, 0x6b, 7, 0]), 0)).toBeNull();
    expect(readPostcard(Uint8Array.from([5, 1, 0xff, 7, 0]), 0)).toBeNull();
  });
});
