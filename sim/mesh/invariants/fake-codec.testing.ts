/** Codecs for the tests of judges: postcard by the judge's own writer, and a msgpack writer for its reader to read. */
import type { ActionChainRecord } from '../../../src/chain/records.ts';
import type { Decoded } from '../view.ts';
import { readBody } from './model/entries.ts';
import { writePostcard } from './model/postcard.ts';

type Codec = 'msgpack' | 'postcard';

const encoder = new TextEncoder();

export function fakeEncode(codec: Codec, version: number, record: ActionChainRecord): Uint8Array {
  const body = codec === 'postcard' ? writePostcard(record) : writeMsgpack(record);
  return Uint8Array.from([version, ...body]);
}

export function fakeDecode(codec: Codec, version: number, bytes: Uint8Array): Decoded {
  if (bytes.length === 0) return { ok: false, error: 'empty', message: 'empty' };
  if (bytes[0] !== version) return { ok: false, error: 'unsupported_version', message: 'unsupported' };
  const record = readBody(codec, bytes);
  return record === null ? { ok: false, error: 'malformed', message: 'malformed' } : { ok: true, record };
}

export function writeMsgpack(record: ActionChainRecord): Uint8Array {
  const made = record.disposition;
  const fields: [string, bigint | string | null][] =
    made.type === 'dispatched'
      ? [['type', made.type]]
      : made.type === 'failed'
        ? [
            ['type', made.type],
            ['reason', made.reason],
            ['retry_after_ms', made.retryAfterMs],
          ]
        : [
            ['type', made.type],
            ['reason', made.reason],
            ['cooldown_ms', made.cooldownMs],
          ];
  return Uint8Array.from([
    0x84,
    ...text('id'),
    ...unsigned(record.id),
    ...text('kind'),
    ...text(record.kind),
    ...text('emitted_at_ms'),
    ...unsigned(record.emittedAtMs),
    ...text('disposition'),
    0x80 | fields.length,
    ...fields.flatMap(([name, value]) => [...text(name), ...leaf(value)]),
  ]);
}

function leaf(value: bigint | string | null): number[] {
  if (value === null) return [0xc0];
  return typeof value === 'string' ? text(value) : unsigned(value);
}

function unsigned(value: bigint): number[] {
  if (value < 0x80n) return [Number(value)];
  const width = value < 0x100n ? 1 : value < 0x1_0000n ? 2 : value < 0x1_0000_0000n ? 4 : 8;
  const out = [width === 1 ? 0xcc : width === 2 ? 0xcd : width === 4 ? 0xce : 0xcf];
  for (let i = width - 1; i >= 0; i--) out.push(Number((value >> BigInt(8 * i)) & 0xffn));
  return out;
}

function text(value: string): number[] {
  const bytes = encoder.encode(value);
  if (bytes.length < 32) return [0xa0 | bytes.length, ...bytes];
  if (bytes.length < 256) return [0xd9, bytes.length, ...bytes];
  return [0xda, bytes.length >> 8, bytes.length & 0xff, ...bytes];
}
