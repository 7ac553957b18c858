import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryRecord, U64_MAX } from './record-arbitrary.testing.ts';
import { type ActionChainRecord, type ActionDisposition, AppendError } from './records.ts';
import { bodyCodec, describeDecodeError, RecordDecoder, RecordEncoder } from './wire.ts';

function record(id: bigint, kind: string, disposition: ActionDisposition): ActionChainRecord {
  return { id, kind, emittedAtMs: 1_000_000n, disposition };
}

function bytesOf(encoder: RecordEncoder, of: ActionChainRecord): Uint8Array {
  const encoded = encoder.encode(of);
  if (!encoded.ok) throw new Error(encoded.error.message);
  return encoded.value;
}

describe.each(['msgpack', 'postcard'] as const)('the wire form in %s', (name) => {
  const encoder = new RecordEncoder(bodyCodec(name));
  const decoder = new RecordDecoder(bodyCodec(name));

  it('gives a record back, behind the version byte', () => {
    const sent = record(42n, 'pull_replica', { type: 'failed', reason: 'boom', retryAfterMs: 500n });
    const bytes = bytesOf(encoder, sent);
    expect(bytes[0]).toBe(1);
    expect(decoder.decode(bytes)).toEqual({ ok: true, value: sent });
  });

  it('gives every record back, and the same bytes for it, whichever encoder writes it', () => {
    fc.assert(
      fc.property(arbitraryRecord, (sent) => {
        const bytes = bytesOf(encoder, sent);
        expect(decoder.decode(bytes)).toEqual({ ok: true, value: sent });
        expect(bytesOf(new RecordEncoder(bodyCodec(name)), structuredClone(sent))).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('gives texts of every length back around which a header changes, marked or not, of one byte a character or more', () => {
    for (const length of [
      0, 1, 15, 16, 31, 32, 61, 62, 63, 64, 65, 127, 128, 255, 256, 4096, 16383, 16384, 65535, 65536,
    ]) {
      for (const [unit, mark] of [
        ['x', ''],
        ['é', ''],
        ['\u{1f600}', ''],
        ['x', '\ufeff'],
      ] as const) {
        const reason = mark + unit.repeat(length);
        const sent = record(1n, reason, { type: 'gated', reason, cooldownMs: null });
        expect(decoder.decode(bytesOf(encoder, sent))).toEqual({ ok: true, value: sent });
      }
    }
  });

  it('keeps earlier bytes as they were while later records are encoded', () => {
    const sent = Array.from({ length: 500 }, (_, i) =>
      record(BigInt(i), 'start_daemon', { type: 'failed', reason: 'r'.repeat(i * 2), retryAfterMs: BigInt(i) }),
    );
    const bytes = sent.map((one) => bytesOf(encoder, one));
    expect(bytes.map((one) => decoder.decode(one))).toEqual(sent.map((value) => ({ ok: true, value })));
  });

  it('refuses an empty payload, and another version before it looks at the body', () => {
    const bytes = bytesOf(encoder, record(1n, 'start_daemon', { type: 'dispatched' }));
    expect(decoder.decode(new Uint8Array(0))).toEqual({ ok: false, error: { kind: 'empty' } });
    for (const body of [bytes.subarray(1), [], [0xff]]) {
      expect(decoder.decode(Uint8Array.from([99, ...body]))).toEqual({
        ok: false,
        error: { kind: 'unsupported_version', seen: 99, supported: 1 },
      });
    }
  });

  it('has the same body behind every version byte, read by a decoder of that version only', () => {
    const sent = record(1n, 'start_daemon', { type: 'dispatched' });
    const [, ...body] = bytesOf(encoder, sent);
    for (let version = 0; version <= 255; version++) {
      const bytes = bytesOf(new RecordEncoder(bodyCodec(name), version), sent);
      expect([...bytes]).toEqual([version, ...body]);
      expect(new RecordDecoder(bodyCodec(name), version).decode(bytes)).toEqual({ ok: true, value: sent });
      expect(decoder.decode(bytes).ok).toBe(version === 1);
    }
  });

  it('knows no version that is not a byte', () => {
    for (const version of [-1, 256, 1.5, Number.NaN]) {
      expect(() => new RecordEncoder(bodyCodec(name), version)).toThrow(RangeError);
      expect(() => new RecordDecoder(bodyCodec(name), version)).toThrow(RangeError);
    }
  });

  it('does not encode strings with lone surrogates or numbers that are no u64', () => {
    const failed = (reason: string, retryAfterMs: bigint | null) =>
      record(1n, 'k', { type: 'failed', reason, retryAfterMs });
    const gated = (reason: string, cooldownMs: bigint | null) => record(1n, 'k', { type: 'gated', reason, cooldownMs });
    const sound = failed('r', null);
    const refused: readonly (readonly [ActionChainRecord, string])[] = [
      [{ ...sound, id: -1n }, 'id is not a u64'],
      [{ ...sound, id: U64_MAX + 1n }, 'id is not a u64'],
      [{ ...sound, kind: 'a\ud800' }, 'kind holds a lone surrogate'],
      [{ ...sound, emittedAtMs: U64_MAX + 1n }, 'emittedAtMs is not a u64'],
      [failed('\udc00', null), 'reason holds a lone surrogate'],
      [gated('\udc00\ud800', null), 'reason holds a lone surrogate'],
      [failed('', U64_MAX + 1n), 'retryAfterMs is not a u64'],
      [gated('', -1n), 'cooldownMs is not a u64'],
    ];
    for (const [unsound, reason] of refused) {
      expect(encoder.encode(unsound)).toEqual({ ok: false, error: new AppendError('action', reason) });
    }
    expect(encoder.encode(sound).ok).toBe(true);
  });

  it('does not encode a lone surrogate, however far into a text it stands', () => {
    for (const at of [0, 1_000, 1_023, 1_024, 4_096, 5_000]) {
      const text = `${'x'.repeat(at)}\ud800${'x'.repeat(10)}`;
      const refusal = (what: string) => ({
        ok: false,
        error: new AppendError('action', `${what} holds a lone surrogate`),
      });
      expect(encoder.encode(record(1n, text, { type: 'dispatched' }))).toEqual(refusal('kind'));
      const failed = { type: 'failed', reason: text, retryAfterMs: null } as const;
      expect(encoder.encode(record(1n, 'k', failed))).toEqual(refusal('reason'));
      const gated = { type: 'gated', reason: text, cooldownMs: null } as const;
      expect(encoder.encode(record(1n, 'k', gated))).toEqual(refusal('reason'));
    }
  });

  it('takes no bad UTF-8, however far into a long text it stands', () => {
    for (const length of [5_000, 70_000]) {
      const bytes = bytesOf(
        encoder,
        record(1n, 'k', { type: 'failed', reason: 'é'.repeat(length), retryAfterMs: null }),
      );
      const start = bytes.indexOf(0xc3);
      for (const at of [start, start + length, start + 2 * length - 2]) {
        expect(decoder.decode(bytes.with(at, 0xff))).toMatchObject({ ok: false, error: { kind: 'malformed' } });
      }
    }
  });

  it('decodes any bytes to an error or a record, never throws, and leaves the bytes alone', () => {
    const damaged = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(arbitraryRecord, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }), fc.nat(400))
        .map(([sent, changes, cut]) => {
          const bytes = Uint8Array.from(bytesOf(encoder, sent)).subarray(0, Math.max(0, 800 - cut));
          for (const [at, value] of changes) bytes[at % Math.max(1, bytes.length)] = value;
          return bytes;
        }),
    );
    fc.assert(
      fc.property(damaged, (body) => {
        const bytes = Uint8Array.from([1, ...body]);
        const before = Uint8Array.from(bytes);
        const decoded = decoder.decode(bytes);
        expect(bytes).toEqual(before);
        expect(Object.keys(bytes)).toHaveLength(bytes.length);
        if (decoded.ok) expect(encoder.encode(decoded.value).ok).toBe(true);
        else expect(describeDecodeError(decoded.error)).toMatch(new RegExp(`^${name} decode: `));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a decode error', () => {
  it('reads as recorded', () => {
    expect(describeDecodeError({ kind: 'empty' })).toBe('empty action-chain record payload');
    expect(describeDecodeError({ kind: 'unsupported_version', seen: 99, supported: 1 })).toBe(
      'unsupported action-chain wire version 99; this build expects 1',
    );
    expect(describeDecodeError({ kind: 'malformed', codec: 'msgpack', reason: 'why' })).toBe('msgpack decode: why');
  });
});

describe('an encoder', () => {
  it('tells why its codec has no bytes for a record', () => {
    const refusing = { ...bodyCodec('msgpack'), encode: () => ({ ok: false, error: 'planted' }) as const };
    const encoded = new RecordEncoder(refusing).encode(record(1n, 'k', { type: 'dispatched' }));
    expect(encoded.ok ? '' : encoded.error.message).toBe('action-chain append failed: msgpack encode: planted');
  });
});
