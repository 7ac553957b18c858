import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../../../../src/chain/records.ts';
import { readMsgpack } from './msgpack.ts';
import { msgpackReason, writeMsgpack } from './msgpack-form.ts';

const record: ActionChainRecord = {
  id: 5n,
  kind: 'reduce_heat',
  emittedAtMs: 1n << 63n,
  disposition: { type: 'failed', reason: 'né', retryAfterMs: null },
};

const text = (value: string): number[] => [0xa0 | value.length, ...new TextEncoder().encode(value)];
const u64 = (value: number): number[] => [0xd3, 0, 0, 0, 0, 0, 0, 0, value];

/** A body of these fields; the disposition is that of a dispatched record unless said otherwise. */
function body(fields: { readonly [name: string]: readonly number[] | undefined }): Uint8Array {
  const all: { readonly [name: string]: readonly number[] | undefined } = {
    id: u64(1),
    kind: text('k'),
    emitted_at_ms: u64(2),
    disposition: [0x81, ...text('type'), ...text('dispatched')],
    ...fields,
  };
  const entries = Object.entries(all).flatMap(([name, value = []]) =>
    value.length > 0 ? [[name, value] as const] : [],
  );
  return Uint8Array.from([0x80 | entries.length, ...entries.flatMap(([name, value]) => [...text(name), ...value])]);
}

describe("the judge's msgpack form", () => {
  it('has four keys in order, eight bytes a number, and the shortest header for each text', () => {
    expect(Buffer.from(writeMsgpack(record)).toString('hex')).toBe(
      [
        '84',
        'a26964d30000000000000005',
        'a46b696e64ab7265647563655f68656174',
        'ad656d69747465645f61745f6d73cf8000000000000000',
        'ab646973706f736974696f6e83',
        'a474797065a66661696c6564',
        'a6726561736f6ea36ec3a9',
        'ae72657472795f61667465725f6d73c0',
      ].join(''),
    );
  });

  it('is read by the reader beside it, at every width of text', () => {
    for (const length of [0, 31, 32, 255, 256, 65_535, 65_536]) {
      const long: ActionChainRecord = {
        ...record,
        disposition: { type: 'gated', reason: 'x'.repeat(length), cooldownMs: 7n },
      };
      expect(readMsgpack(writeMsgpack(long), 0)).toEqual(long);
    }
  });

  it('names the first thing that is amiss with a body', () => {
    const whole = writeMsgpack(record);
    for (let cut = 0; cut < whole.length; cut++) {
      expect(msgpackReason(whole.subarray(0, cut), 0)).toBe('the bytes end before the body does');
    }
    expect(msgpackReason(Uint8Array.of(...whole, 0), 0)).toBe('bytes after the body');
    expect(msgpackReason(Uint8Array.of(0xde, 0, 4), 0)).toBe('the body is not a map');
    expect(msgpackReason(body({ id: [0x05] }), 0)).toBe('a type that records do not use');
    expect(msgpackReason(Uint8Array.of(0x81, 0xc0), 0)).toBe('a map key that is not a string');
    expect(msgpackReason(body({ disposition: [0x81, ...text('type'), 0x80] }), 0)).toBe(
      'maps nested deeper than in a record',
    );
    expect(msgpackReason(Uint8Array.of(0x81, 0xa1, 0x61, 0xdb, 0xff, 0xff, 0xff, 0xff, 0x61), 0)).toBe(
      'the bytes end before the body does',
    );
  });

  it('tells a body that is no record from one in another form', () => {
    for (const fields of [
      { id: [] },
      { id: text('1') },
      { kind: u64(1) },
      { emitted_at_ms: [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0] },
      { disposition: [0xc0] },
      { disposition: [0x81, ...text('type'), ...text('other')] },
      { disposition: [0x82, ...text('type'), ...text('failed'), ...text('reason'), ...text('r')] },
    ]) {
      expect(msgpackReason(body(fields), 0)).toBe('not an action-chain record');
    }
    for (const fields of [
      { more: [0xc0] },
      { kind: [0xa1, 0xff] },
      { kind: [0xd9, 1, 0x6b] },
      { id: [0xcf, 0, 0, 0, 0, 0, 0, 0, 1] },
    ]) {
      expect(msgpackReason(body(fields), 0)).toBe('not in the one form that records are written in');
    }
  });
});
