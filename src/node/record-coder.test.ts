import { describe, expect, it } from 'vitest';
import type { ActionChainRecord } from '../chain/records.ts';
import type { CodecName } from '../chain/wire-codec.ts';
import { ChainRecordCoder } from './record-coder.ts';

const CODECS = new Map<bigint, CodecName>([
  [1n, 'msgpack'],
  [2n, 'postcard'],
]);
const record: ActionChainRecord = { id: 1n, kind: 'k', emittedAtMs: 2n, disposition: { type: 'dispatched' } };

function bytesOf(own: bigint): Uint8Array {
  const encoded = new ChainRecordCoder(own, CODECS).encode(record);
  if (!encoded.ok) throw new Error(encoded.error.message);
  return encoded.value;
}

describe('the coder of a node', () => {
  it('encodes in the codec of its own chain, and decodes each chain in the chain’s', () => {
    const coder = new ChainRecordCoder(1n, CODECS);
    for (const chain of [1n, 2n]) expect(coder.decode(chain, bytesOf(chain))).toEqual({ ok: true, value: record });
    expect(coder.decode(1n, bytesOf(2n)).ok).toBe(false);
  });

  it('refuses what it was not told of by name', () => {
    expect(() => new ChainRecordCoder(3n, CODECS)).toThrow(new RangeError('chain 3 has no codec'));
    const coder = new ChainRecordCoder(1n, CODECS);
    expect(() => coder.decode(3n, bytesOf(1n))).toThrow(new RangeError('chain 3 has no codec'));
  });
});
