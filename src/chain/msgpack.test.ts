import * as msgpackr from 'msgpackr/pack';
import { describe, expect, it } from 'vitest';
import { decodeAny, encodeAny, msgpackCodec } from './msgpack.ts';
import type { ActionChainRecord } from './records.ts';

/** Writes what a record would be written as, and things that no record is. */
const packr = new msgpackr.Packr({ useRecords: false, variableMapSize: true });

const plain = {
  id: 7n,
  kind: 'start_daemon',
  emitted_at_ms: 1_700_000_000_000n,
  disposition: { type: 'failed', reason: 'boom', retry_after_ms: null },
};

const END_OF_BYTES = 'the bytes end before the body does';
const TRAILING_BYTES = 'bytes after the body';
const TYPE_NOT_ALLOWED = 'a type that records do not use';
const KEY_NOT_TEXT = 'a map key that is not a string';
const TOO_DEEP = 'maps nested deeper than in a record';
const NOT_A_MAP = 'the body is not a map';
const NOT_A_RECORD = 'not an action-chain record';
const NOT_CANONICAL = 'not in the one form that records are written in';

/** Why the bytes are refused; the record if they are not. */
function refusal(body: Uint8Array): string | ActionChainRecord {
  const decoded = msgpackCodec.decode(body, 0);
  return decoded.ok ? decoded.value : decoded.error;
}

function packed(value: unknown): Uint8Array {
  return Uint8Array.from(packr.pack(value));
}

/** `plain`, with the bytes of its id (a 64-bit integer, 9 bytes) replaced by those of any value. */
function withIdBytes(hex: string): Uint8Array {
  const body = packed(plain);
  const at = 4;
  return Uint8Array.from([...body.subarray(0, at), ...Buffer.from(hex, 'hex'), ...body.subarray(at + 9)]);
}

/** `plain` with the bytes `from`, which stand in it once, replaced. */
function replaced(from: readonly number[], to: readonly number[], value: unknown = plain): Uint8Array {
  const body = Buffer.from(packed(value));
  const at = body.indexOf(Uint8Array.from(from));
  expect(at).toBeGreaterThanOrEqual(0);
  return Uint8Array.from([...body.subarray(0, at), ...to, ...body.subarray(at + from.length)]);
}

const ascii = (text: string) => [...Buffer.from(text, 'latin1')];

describe('the msgpack body', () => {
  it('is a map of four keys in fixed order, without records or extensions', () => {
    const record: ActionChainRecord = {
      emittedAtMs: 1_700_000_000_000n,
      disposition: { retryAfterMs: null, reason: 'boom', type: 'failed' },
      kind: 'start_daemon',
      id: 7n,
    };
    const encoded = msgpackCodec.encode(record);
    expect(encoded.ok && Buffer.from(encoded.value).toString('hex')).toBe(
      '84a26964d30000000000000007a46b696e64ac73746172745f6461656d6f6ead656d69747465645f61745f6d73d30000018bcfe56800' +
        'ab646973706f736974696f6e83a474797065a66661696c6564a6726561736f6ea4626f6f6dae72657472795f61667465725f6d73c0',
    );
  });

  it('is written and read without the native accelerator', () => {
    expect(Reflect.get(msgpackr, 'isNativeAccelerationEnabled')).toBe(false);
  });

  it('begins where it is told to', () => {
    const record = msgpackCodec.decode(packed(plain), 0);
    expect(record.ok).toBe(true);
    expect(msgpackCodec.decode(Uint8Array.from([9, 9, ...packed(plain)]), 2)).toEqual(record);
  });

  it('keeps u64s above 2^53 and 2^63 exact', () => {
    for (const id of [2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(refusal(packed({ ...plain, id }))).toMatchObject({ id });
    }
  });

  it('keeps byte order marks, which the library swallows at the head of a string over 64 bytes', () => {
    const long = `\ufeff\ufeff${'x'.repeat(300)}`;
    expect(packr.unpack(packed(long))).toBe(long.slice(1));
    for (const kind of [long, 'start_daemon']) {
      for (const reason of [long, 'boom', '\ufeff']) {
        const value = { ...plain, kind, disposition: { ...plain.disposition, reason } };
        expect(refusal(packed(value))).toMatchObject({ kind, disposition: { reason } });
      }
    }
  });
});

describe('the fence before the library', () => {
  it.each([
    ['a RegExp', 'd47800 92 a161 a0'],
    ['an Error', 'd46500 92 a54572726f72 a1 78'],
    ['a Set', 'd47300 91 01'],
    ['a typed array', 'c70574 01 01020304'],
    ['a date', 'd6ff 00000001'],
    ['a record definition', 'd47240 91 a161 01'],
    ['a two-byte record definition', 'd5724000 91 a161 01'],
    ['a pointer', 'd67000000001'],
    ['an object that pointers name', 'd66900000001 80'],
    ['bundled strings', 'd66200000001'],
    ['an extension nobody knows', 'd40100'],
    ['an undefined record reference, which decodes as a number', '40'],
    ['a small integer', '07'],
    ['a negative integer', 'ff'],
    ['an 8-bit integer', 'cc07'],
    ['a 32-bit integer', 'ce00000007'],
    ['a signed 32-bit integer', 'd200000007'],
    ['a double', 'cb401c000000000000'],
    ['a float', 'ca40e00000'],
    ['false', 'c2'],
    ['the byte that is never used', 'c1'],
    ['bytes', 'c40107'],
    ['a list', '9107'],
    ['a list of a length that is not there', 'ddffffffff'],
    ['a map of a length that is not there', 'dfffffffff'],
    ['a map with a long header', 'de0000'],
    ['bytes of a length that is not there', 'c6ffffffff'],
    ['an extension of a length that is not there', 'c9ffffffff78'],
  ])('lets no %s through', (_what, hex) => {
    expect(refusal(withIdBytes(hex.replaceAll(' ', '')))).toBe(TYPE_NOT_ALLOWED);
  });

  it('lets none of them through where the body itself stands', () => {
    for (const hex of ['d47800', '40', '9107', 'c0', 'a0', 'd30000000000000007', 'ddffffffff']) {
      expect(refusal(Uint8Array.from(Buffer.from(hex, 'hex')))).toBe(NOT_A_MAP);
    }
  });

  it('lets no string or integer through that is longer than the bytes', () => {
    for (const hex of ['bf', 'd9ff', 'daffff', 'dbffffffff', 'd300', 'db']) {
      expect(refusal(Uint8Array.from(Buffer.from(`81a161${hex}`, 'hex')))).toBe(END_OF_BYTES);
    }
    const body = packed(plain);
    for (let length = 0; length < body.length; length++) expect(refusal(body.subarray(0, length))).toBe(END_OF_BYTES);
  });

  it('lets no map through that nests deeper than a record, however deep', () => {
    const nested = (depth: number) => Uint8Array.from([...Array(depth).fill([0x81, 0xa1, 0x61]).flat(), 0xc0]);
    expect(refusal(nested(2))).toBe(NOT_A_RECORD);
    expect(refusal(nested(3))).toBe(TOO_DEEP);
    expect(refusal(nested(100_000))).toBe(TOO_DEEP);
  });

  it('lets no map through that is keyed by anything but strings', () => {
    for (const key of ['c0', 'd30000000000000001', '80', '07']) {
      expect(refusal(Uint8Array.from(Buffer.from(`81${key}c0`, 'hex')))).toBe(KEY_NOT_TEXT);
    }
  });

  it('lets no bytes through after the body', () => {
    expect(refusal(Uint8Array.from([...packed(plain), 0xc0]))).toBe(TRAILING_BYTES);
  });
});

describe('the fence behind the library', () => {
  it.each([
    ['no id', { ...plain, id: undefined }, TYPE_NOT_ALLOWED],
    ['an id that is a string', { ...plain, id: '7' }, NOT_A_RECORD],
    ['an id below 0', { ...plain, id: -1n }, NOT_A_RECORD],
    ['a kind that is null', { ...plain, kind: null }, NOT_A_RECORD],
    ['a time that is null', { ...plain, emitted_at_ms: null }, NOT_A_RECORD],
    ['no keys at all', {}, NOT_A_RECORD],
    ['no disposition', { ...plain, disposition: null }, NOT_A_RECORD],
    ['a disposition that is a string', { ...plain, disposition: 'failed' }, NOT_A_RECORD],
    ['a disposition of no kind', { ...plain, disposition: {} }, NOT_A_RECORD],
    ['an unknown disposition', { ...plain, disposition: { type: 'lost', reason: '' } }, NOT_A_RECORD],
    ['a failure without a reason', { ...plain, disposition: { type: 'failed', retry_after_ms: null } }, NOT_A_RECORD],
    ['a failure without a hint', { ...plain, disposition: { type: 'failed', reason: '' } }, NOT_A_RECORD],
    ['a gate without a cooldown', { ...plain, disposition: { type: 'gated', reason: '' } }, NOT_A_RECORD],
    [
      'a gate with a cooldown below 0',
      { ...plain, disposition: { type: 'gated', reason: '', cooldown_ms: -1n } },
      NOT_A_RECORD,
    ],
    ['a key that records have not', { ...plain, more: null }, NOT_CANONICAL],
    ['the fields of another disposition', { ...plain, disposition: { type: 'dispatched', reason: '' } }, NOT_CANONICAL],
    [
      'keys in another order',
      { kind: plain.kind, id: plain.id, emitted_at_ms: plain.emitted_at_ms, disposition: plain.disposition },
      NOT_CANONICAL,
    ],
  ])('lets no body through with %s', (_what, value, reason) => {
    expect(refusal(packed(value))).toBe(reason);
  });

  it('lets no body through that is written longer than it need be', () => {
    expect(refusal(replaced([0xac, ...ascii('start')], [0xd9, 12, ...ascii('start')]))).toBe(NOT_CANONICAL);
    expect(refusal(replaced([0xa4, ...ascii('boom')], [0xda, 0, 4, ...ascii('boom')]))).toBe(NOT_CANONICAL);
    expect(refusal(replaced([0xa4, ...ascii('boom')], [0xdb, 0, 0, 0, 4, ...ascii('boom')]))).toBe(NOT_CANONICAL);
    expect(refusal(withIdBytes('cf0000000000000007'))).toBe(NOT_CANONICAL);
  });

  it.each([70_000, 200_000])('lets none of them through in a body of %i bytes either', (length) => {
    const disposition = { ...plain.disposition, reason: 'x'.repeat(length) };
    const long = { ...plain, disposition };
    expect(refusal(packed(long))).toMatchObject({ disposition: { reason: disposition.reason } });
    expect(refusal(replaced([0xac, ...ascii('start')], [0xd9, 12, ...ascii('start')], long))).toBe(NOT_CANONICAL);
    const { id, ...rest } = long;
    expect(refusal(packed({ ...rest, id }))).toBe(NOT_CANONICAL);
    expect(refusal(packed({ ...long, more: null }))).toBe(NOT_CANONICAL);
  });

  it('lets no body through with a key twice, or one that would reach an object’s prototype', () => {
    const twice = replaced([0x84, 0xa2, ...ascii('id')], [0x85, 0xa2, ...ascii('id'), 0xc0, 0xa2, ...ascii('id')]);
    expect(refusal(twice)).toBe(NOT_CANONICAL);
    const proto = replaced([0x84], [0x85, 0xa9, ...ascii('__proto__'), 0x80]);
    expect(refusal(proto)).toBe(NOT_CANONICAL);
  });

  it.each([1, 20, 80, 5000])('lets no bad UTF-8 through in a reason of some %i bytes', (padding) => {
    const reason = `${'x'.repeat(padding)}@@@@`;
    const value = { ...plain, disposition: { ...plain.disposition, reason } };
    for (const bad of [
      [0xff, 0x40, 0x40, 0x40],
      [0x80, 0x40, 0x40, 0x40],
      [0xc0, 0xaf, 0x40, 0x40],
      [0xe6, 0x97, 0x40, 0x40],
      [0xed, 0xa0, 0x80, 0x40],
      [0xf4, 0x90, 0x80, 0x80],
      [0xf0, 0x80, 0x80, 0x80],
    ]) {
      expect(refusal(replaced(ascii('@@@@'), bad, value))).toBe(NOT_CANONICAL);
    }
    expect(refusal(replaced(ascii('@@@@'), [0xf0, 0x9f, 0x98, 0x80], value))).toMatchObject({ id: 7n });
  });
});

describe('long texts that begin almost like a byte order mark', () => {
  it.each(['\uf000', '\ufec0', '\ufebf', '\u2eff', '\ufeff', '\ufeff\ufeff'])('come back as they were: %j', (first) => {
    // The library keeps a mark at the head of texts of up to 64 bytes.
    for (const length of [60, 61, 62, 100, 300]) {
      const reason = first + 'x'.repeat(length);
      const record = {
        id: 1n,
        kind: reason,
        emittedAtMs: 2n,
        disposition: { type: 'failed', reason, retryAfterMs: null },
      } as const;
      const body = encodeAny(record);
      const bytes = Uint8Array.from(body.ok ? body.value : []);
      expect(msgpackCodec.decode(bytes, 0)).toEqual({ ok: true, value: record });
      // The short way does not come to the library.
      expect(decodeAny(bytes, 0)).toEqual({ ok: true, value: record });
    }
  });
});

describe('a map of fifteen entries', () => {
  it('is a map, and no record', () => {
    const body = Uint8Array.from([0x8f, ...Array.from({ length: 15 }, (_, i) => [0xa1, 0x61 + i, 0xc0]).flat()]);
    const decoded = msgpackCodec.decode(body, 0);
    expect(decoded.ok ? '' : decoded.error).not.toBe('');
    expect(decoded).not.toEqual({ ok: false, error: 'the body is not a map' });
  });
});

describe('a number that is no u64', () => {
  it('is refused by the encoder in words of its own', () => {
    const record = { id: 2n ** 70n, kind: 'k', emittedAtMs: 2n, disposition: { type: 'dispatched' } } as const;
    expect(msgpackCodec.encode(record)).toEqual({ ok: false, error: 'the record is too long' });
  });
});

it('finds no record in a disposition of no known type, whatever fields it has', () => {
  const packr = new msgpackr.Packr({ useRecords: false, variableMapSize: true, mapsAsObjects: true });
  const disposition = { type: 'lost', reason: 'r', cooldown_ms: null };
  const body = Uint8Array.from(packr.pack({ id: 1n, kind: 'k', emitted_at_ms: 2n, disposition }));
  expect(msgpackCodec.decode(body, 0)).toEqual({ ok: false, error: 'not an action-chain record' });
});
