/**
 * The msgpack body of an action-chain record, read apart from the codec that is judged: the plain types of the msgpack
 * specification that a record needs, and nothing else. Names of fields are compared without case and underscores, and a
 * disposition may be nested or laid flat, because only values are judged here, not the layout.
 */
import type { ActionChainRecord } from '../../../../src/chain/records.ts';
import { ByteReader, Unreadable } from './bytes.ts';

type Leaf = bigint | string | null;

/** What was found of a record; undefined where a field is missing. */
class Fields {
  id: Leaf | undefined = undefined;
  kind: Leaf | undefined = undefined;
  emittedAtMs: Leaf | undefined = undefined;
  type: Leaf | undefined = undefined;
  reason: Leaf | undefined = undefined;
  retryAfterMs: Leaf | undefined = undefined;
  cooldownMs: Leaf | undefined = undefined;
}

/** The record in a body that begins at `offset` and ends with the bytes, or null if there is none. */
export function readMsgpack(bytes: Uint8Array, offset: number): ActionChainRecord | null {
  try {
    const reader = new ByteReader(bytes, offset);
    const fields = new Fields();
    readMap(reader, fields, 0);
    return reader.left === 0 ? recordOf(fields) : null;
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

function recordOf(fields: Fields): ActionChainRecord {
  const id = unsigned(fields.id);
  const kind = text(fields.kind);
  const emittedAtMs = unsigned(fields.emittedAtMs);
  const type = text(fields.type);
  switch (type) {
    case 'dispatched':
      return { id, kind, emittedAtMs, disposition: { type } };
    case 'failed': {
      const disposition = { type, reason: text(fields.reason), retryAfterMs: option(fields.retryAfterMs) } as const;
      return { id, kind, emittedAtMs, disposition };
    }
    case 'gated': {
      const disposition = { type, reason: text(fields.reason), cooldownMs: option(fields.cooldownMs) } as const;
      return { id, kind, emittedAtMs, disposition };
    }
    default:
      throw new Unreadable('no such disposition');
  }
}

function unsigned(leaf: Leaf | undefined): bigint {
  if (typeof leaf !== 'bigint' || leaf < 0n) throw new Unreadable('a number is missing');
  return leaf;
}

function text(leaf: Leaf | undefined): string {
  if (typeof leaf !== 'string') throw new Unreadable('a text is missing');
  return leaf;
}

function option(leaf: Leaf | undefined): bigint | null {
  return leaf === null ? null : unsigned(leaf);
}

function readMap(reader: ByteReader, fields: Fields, depth: number): void {
  const head = reader.byte();
  let size: number;
  if (head >= 0x80 && head <= 0x8f) size = head & 0x0f;
  else if (head === 0xde) size = Number(reader.unsigned(2));
  else if (head === 0xdf) size = Number(reader.unsigned(4));
  else throw new Unreadable('no map');
  for (let i = 0; i < size; i++) {
    const key = fieldName(readLeaf(reader, reader.byte()));
    if (key === 'disposition') {
      if (depth > 0) throw new Unreadable('a disposition within a disposition');
      readMap(reader, fields, depth + 1);
    } else {
      set(fields, key, readLeaf(reader, reader.byte()));
    }
  }
}

function set(fields: Fields, key: string, value: Leaf): void {
  switch (key) {
    case 'id':
      fields.id = once(fields.id, value);
      break;
    case 'kind':
      fields.kind = once(fields.kind, value);
      break;
    case 'emittedatms':
      fields.emittedAtMs = once(fields.emittedAtMs, value);
      break;
    case 'type':
      fields.type = once(fields.type, value);
      break;
    case 'reason':
      fields.reason = once(fields.reason, value);
      break;
    case 'retryafterms':
      fields.retryAfterMs = once(fields.retryAfterMs, value);
      break;
    case 'cooldownms':
      fields.cooldownMs = once(fields.cooldownMs, value);
      break;
    default:
      throw new Unreadable('a field that no record has');
  }
}

function once(before: Leaf | undefined, value: Leaf): Leaf {
  if (before !== undefined) throw new Unreadable('a field stands twice');
  return value;
}

const names = new Map<string, string>();

/** Keys are few and come again with every record, so their plain form is kept. */
function fieldName(key: Leaf): string {
  if (typeof key !== 'string') throw new Unreadable('a key is no text');
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = key.replaceAll('_', '').toLowerCase();
  if (names.size < 64) names.set(key, name);
  return name;
}

function readLeaf(reader: ByteReader, head: number): Leaf {
  if (head <= 0x7f) return BigInt(head);
  if (head >= 0xa0 && head <= 0xbf) return reader.text(head & 0x1f);
  switch (head) {
    case 0xc0:
      return null;
    case 0xcc:
      return reader.unsigned(1);
    case 0xcd:
      return reader.unsigned(2);
    case 0xce:
      return reader.unsigned(4);
    case 0xcf:
      return reader.unsigned(8);
    // Signed forms of what is not negative say the same; which of them a codec writes is not judged here.
    case 0xd0:
      return reader.notNegative(1);
    case 0xd1:
      return reader.notNegative(2);
    case 0xd2:
      return reader.notNegative(4);
    case 0xd3:
      return reader.notNegative(8);
    case 0xd9:
      return reader.text(Number(reader.unsigned(1)));
    case 0xda:
      return reader.text(Number(reader.unsigned(2)));
    case 0xdb:
      return reader.text(Number(reader.unsigned(4)));
    default:
      throw new Unreadable('a type that no record has');
  }
}
