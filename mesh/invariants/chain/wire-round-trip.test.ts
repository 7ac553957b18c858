import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../../../src/chain/records.ts';
import { isOdd, sampleOf } from '../model/sampling.ts';
import { fakeDecode, fakeEncode } from '../testing/fake-codec.testing.ts';
import { FakeMesh } from '../testing/fake-mesh.testing.ts';
import { wireRoundTrip } from './wire-round-trip.ts';

/** Node 1 writes postcard, node 2 msgpack. */
function setup() {
  const mesh = new FakeMesh();
  return { mesh, checker: mesh.checker(wireRoundTrip) };
}

describe('wire-round-trip', () => {
  it('holds for records of every disposition in both codecs, refused and damaged appends and other versions included', () => {
    const { mesh, checker } = setup();
    for (const number of [1, 2]) {
      const node = mesh.node(number);
      for (let i = 0; i < 40; i++) {
        node.writerVersion = i === 7 ? 3 : 1;
        node.seams.action = i !== 8;
        node.seams.damage = i === 9 ? Uint8Array.of(1, 2) : null;
        const id = node.submit(`k${i}`);
        if (i % 4 === 0) node.fresh(id, { is: 'ok' });
        else if (i % 4 === 1) node.fresh(id, { is: 'failed', reason: 'ünreachable '.repeat(i) });
        else if (i % 4 === 2) node.fresh(id, { is: 'failed', reason: '', retryAfterMs: i * 1000 });
        else node.fresh(id, { is: 'gate', untilMs: i });
      }
      node.appendRecord({
        id: 0xffff_ffff_ffff_ffffn,
        kind: 'kind 🦀',
        emittedAtMs: 2n ** 53n + 1n,
        disposition: { type: 'failed', reason: '\0', retryAfterMs: 0xffff_ffff_ffff_ffffn },
      });
    }
    expect(checker.found).toBeNull();
  });

  it.each([
    ['postcard', 1],
    ['msgpack', 2],
  ] as const)('fires when %s gives another record back', (codec, number) => {
    const { mesh, checker } = setup();
    const { decode } = mesh;
    mesh.decode = (which, version, bytes) => {
      const decoded = decode(which, version, bytes);
      return which === codec && decoded.ok ? { ok: true, record: { ...decoded.record, id: 5n } } : decoded;
    };
    const node = mesh.node(number);
    node.fresh(node.submit('k1'), { is: 'rejected' });
    expect(checker.found).toMatchObject({ kind: 'log-append' });
    expect(checker.found?.message).toContain(`back from the ${codec} codec, found {id: 5`);
  });

  it('fires when the codec that the chain does not use is wrong', () => {
    const { mesh, checker } = setup();
    mesh.decode = (codec, version, bytes) =>
      codec === 'msgpack'
        ? { ok: false, error: 'malformed', message: '' }
        : new FakeMesh().decode(codec, version, bytes);
    const node = mesh.node(1);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found?.message).toContain("back from the msgpack codec, found the error 'malformed'");
  });

  it('decodes successes again now and then', () => {
    const { mesh, checker } = setup();
    const node = mesh.node(1);
    for (let i = 1; i <= 20; i++) node.fresh(node.submit(`k${i}`), { is: 'ok' });
    expect(checker.found).toBeNull();
    const good = mesh.decode;
    mesh.decode = (codec, version, bytes) => {
      const decoded = good(codec, version, bytes);
      return decoded.ok ? { ok: true, record: { ...decoded.record, kind: 'other' } } : decoded;
    };
    for (let i = 21; i <= 28; i++) node.fresh(node.submit(`k${i}`), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'log-append' });
  });

  it('fires when the encoder makes bytes that hold no record', () => {
    const { mesh, checker } = setup();
    mesh.encode = () => Uint8Array.of(1, 0xff);
    const node = mesh.node(2);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found?.message).toBe('expected the msgpack encoder of node 2 to make a record, found 01ff');
  });

  it('fires when equal records give other bytes, by the order of their fields or by themselves', () => {
    const byOrder = setup();
    byOrder.mesh.encode = (codec, version, record) =>
      Object.keys(record)[0] === 'id' || codec === 'msgpack'
        ? fakeEncode(codec, version, record)
        : Uint8Array.from([...fakeEncode(codec, version, record), 0]);
    const one = byOrder.mesh.node(1);
    one.fresh(one.submit('k1'), { is: 'ok' });
    expect(byOrder.checker.found?.message).toContain('expected equal postcard bytes for equal records');
    const inLog = setup();
    inLog.mesh.spoil('log-append', (event) => ({ ...event, payload: Uint8Array.from([...event.payload, 0]) }));
    const two = inLog.mesh.node(1);
    two.fresh(two.submit('k1'), { is: 'ok' });
    expect(inLog.checker.found).toMatchObject({ kind: 'log-append' });
    expect(inLog.checker.found?.message).toContain('expected the postcard body');
  });

  it('fires when a body holds the record in another form than the specified one, though it comes back', () => {
    const { mesh, checker } = setup();
    const renamed = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 3 ? byte ^ 0x20 : byte));
    mesh.encode = (codec, version, record) => {
      const bytes = fakeEncode(codec, version, record);
      return codec === 'msgpack' ? renamed(bytes) : bytes;
    };
    const node = mesh.node(2);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'log-append' });
    expect(checker.found?.message).toContain('expected the msgpack body 84a26964');
    expect(checker.found?.message).toContain('found 84a24964');
  });

  it('fires when encoding leaves something out', () => {
    const { mesh, checker } = setup();
    mesh.encode = (codec, version, record) => fakeEncode(codec, version, { ...record, emittedAtMs: 0n });
    const node = mesh.node(1);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'append-action' });
    expect(checker.found?.message).toContain(
      'expected the postcard encoder to make {id: 1, kind: "reduce_heat", emittedAtMs: 17',
    );
  });

  it('fires when a well-formed record is refused, and not when one is refused for a lone surrogate', () => {
    for (const reason of ['whole', 'half \ud83e']) {
      const { mesh, checker } = setup();
      const node = mesh.node(1);
      node.seams.action = false;
      mesh.encode = () => null;
      node.append(2n, { type: 'failed', reason, retryAfterMs: null });
      if (reason === 'whole') expect(checker.found?.message).toContain('to encode the well-formed record');
      else expect(checker.found).toBeNull();
    }
  });

  it('fires when an undamaged entry is not folded by a decoder of its version', () => {
    const { mesh, checker } = setup();
    mesh.spoil('fold', (event) => ({ ...event, outcome: 'malformed' }));
    const node = mesh.node(1);
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toMatchObject({ kind: 'fold' });
    expect(checker.found?.message).toContain("undamaged and of version 1, to be folded by node 1, found 'malformed'");
  });

  /** What a checker asks of the codecs while node 1 appends so many records of each disposition. */
  function asked(times: number, reason: string) {
    const { mesh, checker } = setup();
    const { decode, encode } = mesh.view;
    const decoded: string[] = [];
    const encoded: ActionChainRecord[] = [];
    Object.assign(mesh.view, {
      decode: (...given: Parameters<typeof decode>) => {
        decoded.push(given[0]);
        return decode(...given);
      },
      encode: (...given: Parameters<typeof encode>) => {
        encoded.push(given[2]);
        return encode(...given);
      },
    });
    const node = mesh.node(1);
    const records: ActionChainRecord[] = [];
    mesh.checker({
      id: 'listener',
      holds: 'records are listed',
      create: () => ({ on: { 'append-action': (event) => void records.push(event.record) } }),
    });
    for (let i = 0; i < times; i++) {
      node.fresh(node.submit(`ok ${i}`), { is: 'ok' });
      node.fresh(node.submit(`failed ${i}`), { is: 'failed', reason });
      node.fresh(node.submit(`gated ${i}`), { is: 'gate', untilMs: 5 });
    }
    expect(checker.found).toBeNull();
    return { decoded, encoded, records };
  }

  it.each(['plain', 'odd é'])(
    'checks the first records of each disposition, and a sample of the rest (%s)',
    (reason) => {
      const { decoded, encoded, records } = asked(60, reason);
      let again = 0;
      let full = 0;
      for (const type of ['dispatched', 'failed', 'gated']) {
        const own = records.filter(({ disposition }) => disposition.type === type);
        again += own.filter((record, i) => i < 2 || sampleOf(record) % 4 === 0).length;
        full += own.filter((record, i) => {
          const sample = sampleOf(record);
          return i === 0 || sample === 0 || (sample % 16 === 0 && isOdd(record));
        }).length;
      }
      expect(records).toHaveLength(180);
      expect(full).toBeGreaterThan(3);
      // In full means in both codecs: encoded twice and decoded once in each.
      expect(encoded).toHaveLength(4 * full);
      expect(decoded).toHaveLength(again + 2 * full);
      expect(decoded.filter((codec) => codec === 'msgpack')).toHaveLength(full);
    },
  );

  it('gives the codecs an equal record whose fields were made in the opposite order', () => {
    const { encoded, records } = asked(1, 'r');
    for (const record of records) {
      const twin = encoded.find((one) => one.id === record.id && one !== record);
      expect(twin).toEqual(record);
      expect(Object.keys(twin ?? {})).toEqual(Object.keys(record).reverse());
      const backwards = Object.keys(record.disposition).reverse();
      expect(Object.keys(twin?.disposition ?? {})).toEqual(backwards);
    }
  });

  it('fires when a codec writes another version, another record or another form than it should', () => {
    const version = setup();
    version.mesh.decode = (codec, _version, bytes) => fakeDecode(codec, bytes[0] ?? 0, bytes);
    version.mesh.encode = (codec, _version, record) => fakeEncode(codec, codec === 'msgpack' ? 9 : 1, record);
    version.mesh.node(1).fresh(version.mesh.node(1).submit('k1'), { is: 'ok' });
    expect(version.checker.found?.message).toBe(
      'expected the msgpack bytes of a writer of version 1 to begin with it, found 9',
    );
    const other = setup();
    other.mesh.encode = (codec, wire, record) =>
      fakeEncode(codec, wire, codec === 'msgpack' ? { ...record, id: 5n } : record);
    other.mesh.decode = (codec, wire, bytes) => {
      const decoded = fakeDecode(codec, wire, bytes);
      return decoded.ok ? { ok: true, record: { ...decoded.record, id: 1n } } : decoded;
    };
    other.mesh.node(1).fresh(other.mesh.node(1).submit('k1'), { is: 'ok' });
    expect(other.checker.found?.message).toContain('expected the msgpack bytes 01');
    expect(other.checker.found?.message).toContain('to hold {id: 1, kind: "reduce_heat"');
    const form = setup();
    form.mesh.encode = (codec, wire, record) => {
      const bytes = fakeEncode(codec, wire, record);
      // The id of 1 in two groups, which every reader takes and no writer makes.
      return codec === 'postcard' ? Uint8Array.of(1, 0x81, 0, ...bytes.subarray(2)) : bytes;
    };
    form.mesh.node(2).fresh(form.mesh.node(2).submit('k1'), { is: 'ok' });
    expect(form.checker.found?.message).toContain('expected the postcard body 01');
    expect(form.checker.found?.message).toContain('found 8100');
  });

  it('fires when the record is refused in one order of its fields only', () => {
    for (const first of ['id', 'disposition']) {
      const { mesh, checker } = setup();
      const node = mesh.node(1);
      node.seams.action = false;
      mesh.encode = (codec, version, record) =>
        Object.keys(record)[0] === first ? null : fakeEncode(codec, version, record);
      node.append(2n, { type: 'dispatched' });
      expect(checker.found?.message).toContain('expected the postcard codec to encode the well-formed record {id: 2');
    }
  });

  it('lets a kind be refused that has half a character', () => {
    const { mesh, checker } = setup();
    const node = mesh.node(1);
    node.seams.action = false;
    mesh.encode = () => null;
    node.appendRecord({ id: 1n, kind: '\ud83e', emittedAtMs: 0n, disposition: { type: 'dispatched' } });
    expect(checker.found).toBeNull();
  });

  it('holds nothing of an append that failed against the next', () => {
    const { mesh, checker } = setup();
    const node = mesh.node(1);
    mesh.spoil('append-action', (event) => ({ ...event, ok: false }));
    node.fresh(node.submit('k1'), { is: 'ok' });
    mesh.spoil('log-append', () => null);
    node.fresh(node.submit('k2'), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  it('fires when a copy does not fold what entered the log undamaged, and knows each entry', () => {
    const { mesh, checker } = setup();
    const node = mesh.node(1);
    node.fresh(node.submit('k1'), { is: 'ok' });
    node.seams.damage = Uint8Array.of(1, 0xff);
    node.fresh(node.submit('k2'), { is: 'ok' });
    node.seams.damage = null;
    node.fresh(node.submit('k3'), { is: 'ok' });
    mesh.spoil('fold', (event) => event);
    mesh.spoil('fold', (event) => event);
    mesh.spoil('fold', (event) => ({ ...event, outcome: 'malformed' }));
    mesh.replicate();
    expect(checker.found?.message).toContain('expected entry 2 of chain 1, undamaged and of version 1');
  });

  it('says nothing of a chain that there is not', () => {
    const { mesh, checker } = setup();
    const payload = Uint8Array.of(1);
    const at = { ...mesh.node(1).at, chain: 9, seq: 3n, reader: 1, length: 0, payload, rebuild: false };
    mesh.emit({ kind: 'fold', ...at, outcome: 'malformed' });
    expect(checker.found).toBeNull();
  });

  it('fires when the codec that the chain does not use gives other bytes by the order of fields, or bytes without a record', () => {
    const order = setup();
    order.mesh.encode = (codec, version, record) => {
      const bytes = fakeEncode(codec, version, record);
      // A map of four in the form for many.
      const other = codec === 'msgpack' && Object.keys(record)[0] !== 'id';
      return other ? Uint8Array.of(version, 0xde, 0, 4, ...bytes.subarray(2)) : bytes;
    };
    order.mesh.node(1).fresh(order.mesh.node(1).submit('k1'), { is: 'ok' });
    expect(order.checker.found?.message).toContain('expected equal msgpack bytes for equal records {');
    const none = setup();
    none.mesh.encode = (codec, version, record) =>
      codec === 'msgpack' ? Uint8Array.of(version, 0xff) : fakeEncode(codec, version, record);
    let last: ActionChainRecord | null = null;
    none.mesh.decode = (codec, version, bytes) => {
      if (codec === 'msgpack' && last !== null) return { ok: true, record: last };
      const decoded = fakeDecode(codec, version, bytes);
      if (decoded.ok) last = decoded.record;
      return decoded;
    };
    none.mesh.node(1).fresh(none.mesh.node(1).submit('k1'), { is: 'ok' });
    expect(none.checker.found?.message).toMatch(/^expected the msgpack bytes 01ff to hold \{.*, found null$/);
  });

  it('knows nothing of entries that the log passed over', () => {
    const { mesh, checker } = setup();
    const node = mesh.node(1);
    mesh.spoil('log-append', (event) => ({ ...event, seq: 5n }));
    mesh.spoil('fold', (event) => ({ ...event, seq: 3n, outcome: 'malformed' }));
    node.fresh(node.submit('k1'), { is: 'ok' });
    expect(checker.found).toBeNull();
  });

  describe('where a record is encoded for a decoder alone', () => {
    const given: ActionChainRecord = {
      id: 2n ** 53n + 1n,
      kind: 'k',
      emittedAtMs: 5n,
      disposition: { type: 'failed', reason: 'busy', retryAfterMs: 2n ** 64n - 1n },
    };
    const bytes = fakeEncode('postcard', 1, given);
    const probe = { kind: 'probe', codec: 'postcard', reader: 1, largestBytes: 0, reason: null, bytes, given } as const;
    const none = { decoded: null, outcome: 'malformed' } as const;

    it('holds if it comes back, or is of another version than that of the decoder', () => {
      const { mesh, checker } = setup();
      mesh.emit({ ...probe, ...mesh.node(1).at, outcome: 'record', decoded: given });
      mesh.emit({ ...probe, ...mesh.node(1).at, reader: 2, outcome: 'unsupported_version', decoded: null });
      mesh.emit({ ...probe, ...mesh.node(1).at, given: undefined, ...none });
      expect(checker.found).toBeNull();
    });

    it.each([
      [
        'another record comes back',
        { outcome: 'record', decoded: { ...given, id: 2n ** 53n } },
        'id: 9007199254740992',
      ],
      ['none does', none, "back from the postcard codec, found the error 'malformed'"],
      [
        'its bytes hold another',
        { ...none, bytes: fakeEncode('postcard', 1, { ...given, id: 1n }) },
        'to encode {id: 9',
      ],
      ['its bytes hold none', { ...none, bytes: Uint8Array.of(1) }, 'found no record in its bytes'],
    ] as const)('fires if %s', (_what, wrong, message) => {
      const { mesh, checker } = setup();
      mesh.emit({ ...probe, ...mesh.node(1).at, ...wrong });
      expect(checker.found?.message).toContain(message);
    });
  });
});
