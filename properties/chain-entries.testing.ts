/** Entries of an action chain in one codec and version, good ones and others, each with what it is to a reader. */
import fc from 'fast-check';
import { arbitraryRecord } from '../src/chain/record-arbitrary.testing.ts';
import type { ActionChainRecord } from '../src/chain/records.ts';
import { bodyCodec, RecordEncoder } from '../src/chain/wire.ts';
import type { CodecName } from '../src/chain/wire-codec.ts';
import type { Reading } from './model/fold.testing.ts';

export interface Entry {
  readonly payload: Uint8Array;
  readonly reading: Reading;
}

/** How a chain is written. */
export interface Writing {
  readonly codec: CodecName;
  readonly version: number;
}

export const writing: fc.Arbitrary<Writing> = fc.record(
  { codec: fc.constantFrom('msgpack', 'postcard'), version: fc.constantFrom(1, 1, 0, 2, 255) },
  { noNullPrototype: true },
);

/** Makes an entry of a chain, once it is known how the chain is written. */
export type EntryDraft = (how: Writing) => Entry;

function written(record: ActionChainRecord, { codec, version }: Writing): Uint8Array {
  const encoded = new RecordEncoder(bodyCodec(codec), version).encode(record);
  if (!encoded.ok) throw new Error(encoded.error.message);
  return encoded.value;
}

const record = arbitraryRecord.map((made): EntryDraft => {
  return (how) => ({ payload: written(made, how), reading: made });
});

const otherVersion = fc.tuple(arbitraryRecord, fc.integer({ min: 1, max: 255 })).map(([made, apart]): EntryDraft => {
  return ({ codec, version }) => ({
    payload: written(made, { codec, version: (version + apart) % 256 }),
    reading: 'version',
  });
});

/** A record that ends early is none in either codec, and neither are no bytes at all. */
const cut = fc.tuple(arbitraryRecord, fc.nat()).map(([made, at]): EntryDraft => {
  return (how) => {
    const whole = written(made, how);
    return { payload: whole.slice(0, at % whole.length), reading: 'damaged' };
  };
});

export const entryDraft: fc.Arbitrary<EntryDraft> = fc.oneof(
  { arbitrary: record, weight: 6 },
  { arbitrary: otherVersion, weight: 1 },
  { arbitrary: cut, weight: 1 },
);
