import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../../../../src/chain/records.ts';
import { type RecordedRecord, readVectors, recordOf } from '../vectors.testing.ts';
import { readMsgpack } from './msgpack.ts';
import { writeMsgpack } from './msgpack-form.ts';

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
      const signed = Uint8Array.from([...bytes.subarray(0, 4), head, ...number, ...bytes.subarray(13)]);
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

  const str = (text: string) => {
    const bytes = [...new TextEncoder().encode(text)];
    return [0xa0 | bytes.length, ...bytes];
  };
  const dispatched = [...str('disposition'), 0x81, ...str('type'), ...str('dispatched')];
  const head = [...str('id'), 5, ...str('kind'), ...str('k'), ...str('emitted_at_ms'), 7];
  const plain: ActionChainRecord = { id: 5n, kind: 'k', emittedAtMs: 7n, disposition: { type: 'dispatched' } };
  const read = (...bytes: readonly number[]) => readMsgpack(Uint8Array.from(bytes), 0);

  it('takes maps of every form', () => {
    expect(read(0x84, ...head, ...dispatched)).toEqual(plain);
    expect(read(0xde, 0, 4, ...head, ...dispatched)).toEqual(plain);
    expect(read(0xdf, 0, 0, 0, 4, ...head, ...dispatched)).toEqual(plain);
    expect(read(0x94, ...head, ...dispatched)).toBeNull();
    expect(read(0x04, ...head, ...dispatched)).toBeNull();
    expect(read(0xa4, ...head, ...dispatched)).toBeNull();
    expect(read(0xdd, 0, 0, 0, 4, ...head, ...dispatched)).toBeNull();
  });

  it('takes texts of every form, and the longest and shortest of each', () => {
    const withKind = (...kind: readonly number[]) =>
      read(0x84, ...str('id'), 5, ...str('kind'), ...kind, ...str('emitted_at_ms'), 7, ...dispatched)?.kind;
    const k = (length: number) => Array<number>(length).fill(0x6b);
    expect(withKind(0xa0)).toBe('');
    expect(withKind(0xbf, ...k(31))).toBe('k'.repeat(31));
    expect(withKind(0xd9, 2, ...k(2))).toBe('kk');
    expect(withKind(0xda, 1, 2, ...k(258))).toBe('k'.repeat(258));
    expect(withKind(0xdb, 0, 0, 1, 2, ...k(258))).toBe('k'.repeat(258));
    expect(withKind(0x81, ...k(1))).toBeUndefined();
    expect(withKind(0xc4, 1, ...k(1))).toBeUndefined();
    expect(withKind(0xc0)).toBeUndefined();
    expect(withKind(5)).toBeUndefined();
  });

  it('takes numbers of every form', () => {
    const withId = (...id: readonly number[]) =>
      read(0x84, ...str('id'), ...id, ...str('kind'), ...str('k'), ...str('emitted_at_ms'), 7, ...dispatched)?.id;
    expect(withId(0)).toBe(0n);
    expect(withId(0x7f)).toBe(127n);
    expect(withId(0xcc, 0xff)).toBe(255n);
    expect(withId(0xcd, 1, 0)).toBe(256n);
    expect(withId(0xce, 1, 0, 0, 0)).toBe(2n ** 24n);
    expect(withId(0xcf, 1, 0, 0, 0, 0, 0, 0, 0)).toBe(2n ** 56n);
    expect(withId(0xe0)).toBeUndefined();
    expect(withId(0xc0)).toBeUndefined();
    expect(withId(0xc2)).toBeUndefined();
    expect(withId(0xca, 0, 0, 0, 0)).toBeUndefined();
    expect(withId(...str('5'))).toBeUndefined();
  });

  it('takes fields in any order, and in the spelling of either side', () => {
    const disposition = [...str('disposition'), 0x83, ...str('cooldownMs'), 9, ...str('reason'), ...str('r')];
    const backwards = [...disposition, ...str('type'), ...str('gated'), ...str('emittedAtMs'), 7];
    expect(read(0x84, ...backwards, ...str('kind'), ...str('k'), ...str('id'), 5)).toEqual({
      ...plain,
      disposition: { type: 'gated', reason: 'r', cooldownMs: 9n },
    });
  });

  it('finds no record where a field is missing, stands twice or is none of a record', () => {
    for (const field of [
      [...str('id'), 5],
      [...str('kind'), ...str('k')],
      [...str('emitted_at_ms'), 7],
      [...str('type'), ...str('dispatched')],
      [...str('other'), 5],
      [5, 5],
      [0xc0, 5],
    ]) {
      expect(read(0x85, ...head, ...dispatched, ...field)).toBeNull();
    }
    expect(read(0x83, ...head)).toBeNull();
    expect(read(0x83, ...head.slice(4), ...dispatched)).toBeNull();
    expect(read(0x80)).toBeNull();
    const inside = (...fields: readonly number[]) => read(0x84, ...head, ...str('disposition'), ...fields);
    const failed = [...str('type'), ...str('failed')];
    const reason = [...str('reason'), ...str('r')];
    const retry = [...str('retry_after_ms'), 0xc0];
    expect(inside(0x83, ...failed, ...reason, ...retry)).toEqual({
      ...plain,
      disposition: { type: 'failed', reason: 'r', retryAfterMs: null },
    });
    expect(inside(0x82, ...failed, ...reason)).toBeNull();
    expect(inside(0x82, ...failed, ...retry)).toBeNull();
    expect(inside(0x84, ...failed, ...reason, ...retry, ...reason)).toBeNull();
    expect(inside(0x84, ...failed, ...reason, ...retry, ...retry)).toBeNull();
    expect(inside(0x83, ...failed, ...reason, ...str('cooldown_ms'), 0xc0)).toBeNull();
    const gated = [...str('type'), ...str('gated')];
    const cooldown = [...str('cooldown_ms'), 0xc0];
    expect(inside(0x84, ...gated, ...reason, ...cooldown, ...cooldown)).toBeNull();
    expect(inside(0x83, ...gated, ...reason, ...retry)).toBeNull();
    expect(inside(0x82, ...str('type'), ...str('lost'), ...reason)).toBeNull();
    expect(inside(0x81, ...str('disposition'), 0x81, ...str('type'), ...str('dispatched'))).toBeNull();
  });

  it('begins where it is told to', () => {
    expect(readMsgpack(Uint8Array.from([1, 2, 0x84, ...head, ...dispatched]), 2)).toEqual(plain);
  });
});
