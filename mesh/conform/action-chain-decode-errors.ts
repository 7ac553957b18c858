/**
 * Checks `action-chain-decode-errors.jsonl`: damaged bytes give the recorded error, or, where they still hold one, the
 * recorded record.
 */
import { z } from 'zod';
import type { ActionChainRecord } from '../../src/chain/records.ts';
import { bodyCodec, type DecodeError, describeDecodeError, RecordDecoder } from '../../src/chain/wire.ts';
import type { Result } from '../../src/result.ts';
import { checkerOf, firstDifference } from './checker.ts';
import { bytes, chainRecord, count } from './shapes.ts';

const recordedError = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('empty'), message: z.string() }),
  z.strictObject({ kind: z.literal('unsupported_version'), message: z.string(), seen: count, supported: count }),
  z.strictObject({ kind: z.literal('postcard'), message: z.string(), detail: z.string() }),
]);

const vector = z.strictObject({
  name: z.string(),
  bytes,
  result: z.union([z.strictObject({ ok: chainRecord }), z.strictObject({ err: recordedError })]),
});

const decoder = new RecordDecoder(bodyCodec('postcard'));

export const checkDecodeError = checkerOf(vector, ({ bytes: damaged, result }) =>
  firstDifference(result, recordedForm(decoder.decode(damaged))),
);

/** What decoding gave, in the form of the vectors. */
function recordedForm(decoded: Result<ActionChainRecord, DecodeError>): unknown {
  if (decoded.ok) return { ok: decoded.value };
  const error = decoded.error;
  const message = describeDecodeError(error);
  if (error.kind !== 'malformed') return { err: { ...error, message } };
  return { err: { kind: error.codec, message, detail: error.reason } };
}
