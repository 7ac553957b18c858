/** Codecs for the tests of judges, by the judge's own writers and readers. */
import type { ActionChainRecord } from '../../../src/chain/records.ts';
import type { Decoded } from '../../view.ts';
import { refusalOf } from '../chain/decode-reason.ts';
import { readBody } from '../model/entries.ts';
import { writeMsgpack } from '../model/wire/msgpack-form.ts';
import { writePostcard } from '../model/wire/postcard.ts';

type Codec = 'msgpack' | 'postcard';

export function fakeEncode(codec: Codec, version: number, record: ActionChainRecord): Uint8Array {
  const body = codec === 'postcard' ? writePostcard(record) : writeMsgpack(record);
  return Uint8Array.from([version, ...body]);
}

export function fakeDecode(codec: Codec, version: number, bytes: Uint8Array): Decoded {
  const message = refusalOf(codec, version, bytes) ?? 'malformed';
  if (bytes.length === 0) return { ok: false, error: 'empty', message };
  if (bytes[0] !== version) return { ok: false, error: 'unsupported_version', message };
  const record = readBody(codec, bytes);
  return record === null ? { ok: false, error: 'malformed', message } : { ok: true, record };
}
