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
    const field = fieldOf(readLeaf(reader, reader.byte()));
    if (field === DISPOSITION) {
      if (depth > 0) throw new Unreadable('a disposition within a disposition');
      readMap(reader, fields, depth + 1);
    } else {
      set(fields, field, readLeaf(reader, reader.byte()));
    }
  }
}

function set(fields: Fields, field: number, value: Leaf): void {
  switch (field) {
    case 0:
      fields.id = once(fields.id, value);
      break;
    case 1:
      fields.kind = once(fields.kind, value);
      break;
    case 2:
      fields.emittedAtMs = once(fields.emittedAtMs, value);
      break;
    case 3:
      fields.type = once(fields.type, value);
      break;
    case 4:
      fields.reason = once(fields.reason, value);
      break;
    case 5:
      fields.retryAfterMs = once(fields.retryAfterMs, value);
      break;
    case 6:
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

/** The fields in their plain form; where a name stands here is the number by which `set` knows it. */
const NAMES = ['id', 'kind', 'emittedatms', 'type', 'reason', 'retryafterms', 'cooldownms', 'disposition'];
const DISPOSITION = NAMES.length - 1;

const known = new Map<string, number>();

/** Number of the field, or -1 for no field. Keys are few and come again with every record, so what they are is kept. */
function fieldOf(key: Leaf): number {
  if (typeof key !== 'string') throw new Unreadable('a key is no text');
  const found = known.get(key);
  if (found !== undefined) return found;
  const field = NAMES.indexOf(key.replaceAll('_', '').toLowerCase());
  if (known.size < 64) known.set(key, field);
  return field;
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
