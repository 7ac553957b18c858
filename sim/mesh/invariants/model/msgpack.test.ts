import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../../../../src/chain/records.ts';
import { writeMsgpack } from '../fake-codec.testing.ts';
import { readMsgpack } from './msgpack.ts';
import { type RecordedRecord, readVectors, recordOf } from './vectors.testing.ts';

const record: ActionChainRecord = {
  id: 300n,
  kind: 'pull_replica',
  emittedAtMs: 1_700_000_000_000n,
  disposition: { type: 'failed', reason: 'no ünit', retryAfterMs: null },
};

describe("the judge's msgpack", () => {
  it('reads every recorded record back from plain msgpack', () => {
    const vectors = readVectors<{ name: string; record: RecordedRecord }>('action-chain-wire.jsonl');
    for (const { name, record } of vectors) {
      if (JSON.stringify(record).length > 60_000) continue;
      expect(readMsgpack(writeMsgpack(recordOf(record)), 0), name).toEqual(recordOf(record));
    }
  });

  it('takes signed forms of what is not negative, and no others', () => {
    const bytes = writeMsgpack({ ...record, id: 5n });
    // The id stands after the map's head and its name.
    for (const [head, width] of [
      [0xd0, 1],
      [0xd1, 2],
      [0xd2, 4],
      [0xd3, 8],
    ] as const) {
      const number = new Uint8Array(width);
      number[width - 1] = 5;
      const signed = Uint8Array.from([...bytes.subarray(0, 4), head, ...number, ...bytes.subarray(5)]);
      expect(readMsgpack(signed, 0)).toEqual({ ...record, id: 5n });
      signed[5] = 0xff;
      expect(readMsgpack(signed, 0)).toBeNull();
    }
  });

  it('finds no record in any beginning of one, nor in one with a byte too many', () => {
    const bytes = writeMsgpack(record);
    for (let length = 0; length < bytes.length; length++) expect(readMsgpack(bytes.subarray(0, length), 0)).toBeNull();
    expect(readMsgpack(Uint8Array.from([...bytes, 0]), 0)).toBeNull();
  });

  it('gives a record or nothing, whatever one bit does', () => {
    const bytes = writeMsgpack(record);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = readMsgpack(damaged, 0);
      if (read !== null) expect(typeof read.id).toBe('bigint');
    }
  });
});
