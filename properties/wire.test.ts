/** The wire form of action-chain records: there and back in both codecs, other versions, and bytes that are damaged. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readMsgpack } from '../mesh/invariants/model/wire/msgpack.ts';
import { readPostcard, writePostcard } from '../mesh/invariants/model/wire/postcard.ts';
import { illFormed, wellFormed } from '../mesh/invariants/model/wire/records.ts';
import { arbitraryRecord } from '../src/chain/record-arbitrary.testing.ts';
import type { ActionChainRecord } from '../src/chain/records.ts';
import { bodyCodec, RecordDecoder, RecordEncoder } from '../src/chain/wire.ts';
import { damagedBytes, hostileBody } from './damage.testing.ts';
import { testProperty } from './property.testing.ts';

const codecs = ['msgpack', 'postcard'] as const;
type Codec = (typeof codecs)[number];

const codec = fc.constantFrom(...codecs);
const version = fc.integer({ min: 0, max: 255 });

/** Of UTF-16; halves of pairs more often than chance would have them. */
const unit = fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7ff, max: 0xe000 }));

/** Readers of the two bodies that were written apart from the codecs. */
const readBody = { msgpack: readMsgpack, postcard: readPostcard };

function encoded(record: ActionChainRecord, name: Codec, writes = 1): Uint8Array {
  const result = new RecordEncoder(bodyCodec(name), writes).encode(record);
  assert.ok(result.ok, 'a record is refused');
  return result.value;
}

/** Equal to the record, with nothing of it but its values: plain objects, other strings, fields in another order. */
function rebuilt({ id, kind, emittedAtMs, disposition }: ActionChainRecord): ActionChainRecord {
  const fields = Object.fromEntries(Object.entries(disposition).reverse());
  return { disposition: Object.assign(fields, disposition), emittedAtMs, kind: [...kind].join(''), id };
}

function damagedIn(name: Codec): fc.Arbitrary<readonly [Codec, Uint8Array]> {
  const written = arbitraryRecord.map((record) => encoded(record, name));
  const hostile = hostileBody.map((body) => Uint8Array.of(1, ...body));
  return fc.tuple(fc.constant(name), fc.oneof(damagedBytes(written), hostile));
}

testProperty(
  'a record comes back from its bytes, the version first, whichever version its chain has',
  fc.property(arbitraryRecord, codec, version, (record, name, chainVersion) => {
    const bytes = encoded(record, name, chainVersion);
    assert.equal(bytes[0], chainVersion);
    const decoded = new RecordDecoder(bodyCodec(name), chainVersion).decode(bytes);
    assert.deepEqual(decoded, { ok: true, value: rebuilt(record) });
    assert.deepEqual(readBody[name](bytes, 1), rebuilt(record));
  }),
);

testProperty(
  'equal records have equal bytes, with other records written in between',
  fc.property(arbitraryRecord, fc.array(arbitraryRecord, { maxLength: 3 }), codec, (record, others, name) => {
    const encoder = new RecordEncoder(bodyCodec(name));
    const first = encoder.encode(record);
    assert.ok(first.ok);
    const kept = Uint8Array.from(first.value);
    for (const other of others) encoder.encode(other);
    const again = encoder.encode(rebuilt(record));
    assert.ok(again.ok);
    assert.deepEqual(again.value, kept);
    assert.deepEqual(first.value, kept, 'bytes that were given away have changed');
    if (name === 'postcard') assert.deepEqual(kept.subarray(1), writePostcard(record));
  }),
);

testProperty(
  'every other version byte is named as such, whatever stands behind it',
  fc.property(arbitraryRecord, codec, version, fc.option(hostileBody), (record, name, supported, body) => {
    const bytes = body === null ? encoded(record, name) : Uint8Array.of(1, ...body);
    const decoder = new RecordDecoder(bodyCodec(name), supported);
    for (let seen = 0; seen <= 255; seen += 1) {
      bytes[0] = seen;
      const decoded = decoder.decode(bytes);
      if (seen !== supported) {
        assert.deepEqual(decoded, { ok: false, error: { kind: 'unsupported_version', seen, supported } });
      } else if (!decoded.ok) {
        assert.equal(decoded.error.kind, 'malformed');
      }
    }
  }),
);

testProperty(
  'damaged bytes give an error or a well-formed record, and nothing else happens',
  fc.property(codec.chain(damagedIn), ([name, bytes]) => checkDamaged(bytes, name)),
);

testProperty(
  'every proper part of a record from its beginning is an error',
  fc.property(arbitraryRecord, codec, fc.nat(), (record, name, cut) => {
    const whole = encoded(record, name);
    const decoded = new RecordDecoder(bodyCodec(name)).decode(whole.subarray(0, cut % whole.length));
    assert.equal(decoded.ok, false);
  }),
);

testProperty(
  'a text is written if it is well-formed Unicode, and else refused with a reason',
  fc.property(arbitraryRecord, fc.array(unit, { maxLength: 6 }), codec, (record, units, name) => {
    const kind = String.fromCharCode(...units);
    const result = new RecordEncoder(bodyCodec(name)).encode({ ...record, kind });
    assert.equal(result.ok, kind === wellFormed(kind));
    if (!result.ok) assert.match(result.error.message, /^action-chain append failed: ./);
  }),
);

/** Msgpack has one form for a record; postcard accepts overlong numbers and what trails behind. */
function checkDamaged(bytes: Uint8Array, name: Codec): void {
  const before = Uint8Array.from(bytes);
  const decoder = new RecordDecoder(bodyCodec(name));
  const decoded = decoder.decode(bytes);
  assert.deepEqual(bytes, before, 'decoding has changed the bytes');
  assert.deepEqual(decoder.decode(bytes), decoded, 'decoding again gives another result');
  if (decoded.ok) {
    assert.equal(illFormed(decoded.value), null);
    assert.deepEqual(readBody[name](bytes, 1), decoded.value);
    if (name === 'msgpack') assert.deepEqual(encoded(decoded.value, name), bytes);
    return;
  }
  const { error } = decoded;
  if (bytes.length === 0) assert.deepEqual(error, { kind: 'empty' });
  else if (bytes[0] !== 1) assert.deepEqual(error, { kind: 'unsupported_version', seen: bytes[0], supported: 1 });
  else {
    assert.ok(error.kind === 'malformed' && error.codec === name && error.reason !== '');
    if (name === 'postcard') assert.equal(readPostcard(bytes, 1), null);
  }
}
