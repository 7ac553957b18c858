import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAny, encodeAny, msgpackCodec } from './msgpack.ts';
import { UsualReader, UsualWriter } from './msgpack-usual.ts';
import { arbitraryRecord, codePoint } from './record-arbitrary.testing.ts';
import type { ActionChainRecord, ActionDisposition } from './records.ts';

const reader = new UsualReader();
const writer = new UsualWriter();

/** As msgpackr writes it. */
function encoded(record: ActionChainRecord): Uint8Array {
  const body = encodeAny(record);
  if (!body.ok) throw new Error(body.error);
  return Uint8Array.from(body.value);
}

/** As the short way writes it. */
function written(record: ActionChainRecord): Uint8Array | null {
  const body = writer.write(record);
  return body === null ? null : Uint8Array.from(body);
}

function failed(reason: string, retryAfterMs: bigint | null = null): ActionChainRecord {
  return record({ type: 'failed', reason, retryAfterMs });
}

function record(disposition: ActionDisposition): ActionChainRecord {
  return { id: 7n, kind: 'start_daemon', emittedAtMs: 1_700_000_000_000n, disposition };
}

const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 });
const text = fc.oneof(ascii, fc.string({ unit: codePoint, maxLength: 12 }), fc.constant('x'.repeat(300)));
const u64 = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 64n - 1n));
const option = fc.option(u64);
const records: fc.Arbitrary<ActionChainRecord> = fc.record({
  id: u64,
  kind: text,
  emittedAtMs: u64,
  disposition: fc.oneof(
    fc.constant<ActionDisposition>({ type: 'dispatched' }),
    fc.record({ type: fc.constant('failed' as const), reason: text, retryAfterMs: option }),
    fc.record({ type: fc.constant('gated' as const), reason: text, cooldownMs: option }),
  ),
});

describe('the short way through a msgpack body', () => {
  it('is taken by records of every disposition', () => {
    for (const disposition of [
      { type: 'dispatched' },
      { type: 'failed', reason: 'boom', retryAfterMs: null },
      { type: 'failed', reason: '', retryAfterMs: 0n },
      { type: 'gated', reason: 'daemon-backoff', cooldownMs: null },
      { type: 'gated', reason: 'daemon-backoff', cooldownMs: 250n },
    ] satisfies ActionDisposition[]) {
      expect(reader.read(encoded(record(disposition)), 0)).toEqual(record(disposition));
    }
  });

  it.each([0, 31, 32, 255])('is taken by texts of %i ASCII characters', (length) => {
    const given = failed('a'.repeat(length));
    expect(reader.read(encoded(given), 0)).toEqual(given);
  });

  it.each(['é', '\u0080', 'deferred 3 times — exceeds', '😀'.repeat(63), '\ufeff', `\ufeff${'a'.repeat(100)}`])(
    'is taken by %j',
    (text) => {
      expect(reader.read(encoded(failed(text)), 0)).toEqual(failed(text));
    },
  );

  it('is left to others by what is not usual', () => {
    for (const given of [failed('a'.repeat(256)), failed('é'.repeat(128)), failed('x', 2n ** 63n)]) {
      expect(reader.read(encoded(given), 0)).toBeNull();
      expect(msgpackCodec.decode(encoded(given), 0)).toEqual({ ok: true, value: given });
    }
  });

  it('tells texts apart that share a slot of its memory', () => {
    for (let i = 0; i < 2_000; i += 1) {
      const given = failed(`reason ${i}`);
      expect(reader.read(encoded(given), 0)).toEqual(given);
    }
  });

  it('begins where it is told and leaves nothing behind', () => {
    const given = failed('boom', 5n);
    const body = encoded(given);
    const shifted = Uint8Array.from([1, 0x84, ...body]);
    expect(reader.read(shifted, 2)).toEqual(given);
    expect(reader.read(shifted, 1)).toBeNull();
    expect(reader.read(shifted, 2)).toEqual(given);
  });

  it('leads to the same record as the long way, for any record', () => {
    fc.assert(
      fc.property(records, (given) => {
        const body = encoded(given);
        const short = reader.read(body, 0);
        if (short !== null) expect(short).toEqual(given);
        expect(decodeAny(body, 0)).toEqual({ ok: true, value: given });
      }),
      { numRuns: 500 },
    );
  });

  it('takes no damaged body that the long way refuses', () => {
    const damage = fc.record({ at: fc.nat(400), byte: fc.integer({ min: 0, max: 255 }), cut: fc.nat(3) });
    fc.assert(
      fc.property(records, fc.array(damage, { minLength: 1, maxLength: 2 }), (given, damages) => {
        let body = encoded(given);
        for (const { at, byte, cut } of damages) {
          body[at % body.length] = byte;
          body = cut === 1 ? body.slice(0, -1) : cut === 2 ? Uint8Array.from([...body, byte]) : body;
        }
        const short = reader.read(body, 0);
        if (short !== null) expect(decodeAny(body, 0)).toEqual({ ok: true, value: short });
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes no body with one byte changed in any way that the long way refuses', () => {
    const body = encoded(failed('boom', 5n));
    let taken = 0;
    for (let at = 0; at < body.length; at += 1) {
      for (let byte = 0; byte < 256; byte += 1) {
        const changed = Uint8Array.from(body);
        changed[at] = byte;
        const short = reader.read(changed, 0);
        if (short === null) continue;
        taken += 1;
        expect(decodeAny(changed, 0)).toEqual({ ok: true, value: short });
      }
    }
    expect(taken).toBeGreaterThan(body.length);
  });

  it('ends with nil or a number, and with nothing else', () => {
    const body = encoded(failed('boom'));
    for (let byte = 0; byte < 256; byte += 1) {
      const short = reader.read(body.with(body.length - 1, byte), 0);
      expect(short).toEqual(byte === 0xc0 ? failed('boom') : null);
    }
  });

  it('takes no beginning of a body, and reads nothing behind it', () => {
    for (const given of [failed('boom', 5n), failed('a'.repeat(40)), record({ type: 'dispatched' })]) {
      const body = encoded(given);
      for (let length = 0; length < body.length; length += 1) expect(reader.read(body.slice(0, length), 0)).toBeNull();
    }
  });
});

describe('the short way to a msgpack body', () => {
  it.each([0, 1, 31, 32, 63, 64, 255])('is taken by texts of %i bytes, ASCII or not', (length) => {
    for (const text of ['a'.repeat(length), 'é'.repeat(length >> 1) + 'a'.repeat(length & 1)]) {
      const given: ActionChainRecord = { ...failed(text, 5n), kind: text };
      expect(written(given)).toEqual(encoded(given));
    }
  });

  it.each(['\u007f', '\u0080', '\u07ff', '\u0800'])('is taken by the texts at which UTF-8 gets longer: %j', (text) => {
    expect(written(failed(text))).toEqual(encoded(failed(text)));
    expect(written(failed(`a${text}b`))).toEqual(encoded(failed(`a${text}b`)));
  });

  it('is left to others by what is not usual, and leaves nothing behind', () => {
    for (const text of ['a'.repeat(256), 'é'.repeat(128), '—'.repeat(255)]) {
      expect(writer.write(failed(text))).toBeNull();
      expect(writer.write({ ...failed('x'), kind: text })).toBeNull();
    }
    for (const number of [-1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 70n]) {
      expect(writer.write(failed('x', number))).toBeNull();
      expect(writer.write({ ...failed('x'), id: number })).toBeNull();
      expect(writer.write({ ...failed('x'), emittedAtMs: number })).toBeNull();
    }
    expect(written(failed('x', 2n ** 63n - 1n))).toEqual(encoded(failed('x', 2n ** 63n - 1n)));
  });

  it('leads to the bytes that msgpackr writes, for any record', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(records, arbitraryRecord), (given) => {
        const body = written(given);
        if (body === null) return;
        taken += 1;
        expect(body).toEqual(encoded(given));
      }),
      { numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(500);
  });
});
