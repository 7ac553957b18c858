import { describe, expect, it } from 'vitest';
import { hex } from './actions.ts';
import { readPostcard, writePostcard } from './postcard.ts';
import { bytesOf, type RecordedRecord, readVectors, recordOf } from './vectors.testing.ts';

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
});
