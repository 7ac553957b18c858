/** Checks `action-chain-wire.jsonl`: a record encodes to exactly those postcard bytes, and they decode to it again. */
import { z } from 'zod';
import { bodyCodec, describeDecodeError, RecordDecoder, RecordEncoder } from '../../src/chain/wire.ts';
import { checkerOf, firstDifference } from './checker.ts';
import { bytes, chainRecord } from './shapes.ts';

const vector = z.strictObject({ name: z.string(), record: chainRecord, bytes });

const encoder = new RecordEncoder(bodyCodec('postcard'));
const decoder = new RecordDecoder(bodyCodec('postcard'));

export const checkWire = checkerOf(vector, ({ record, bytes: recorded }) => {
  const encoded = encoder.encode(record);
  if (!encoded.ok) return `the record does not encode: ${encoded.error.message}`;
  const decoded = decoder.decode(recorded);
  if (!decoded.ok) return `the bytes do not decode: ${describeDecodeError(decoded.error)}`;
  return (
    firstDifference(hex(recorded), hex(encoded.value), 'bytes') ?? firstDifference(record, decoded.value, 'record')
  );
});

function hex(data: Uint8Array): string {
  return Buffer.from(data).toString('hex');
}
