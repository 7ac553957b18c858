/**
 * A few bytes that claim to be many: encoded records in which the next length is far larger than what follows. A decoder
 * that trusts a length before it has counted the bytes allocates by it. Flipped bits alone seldom show that.
 */
import type { DamageDraw } from '../../sim/faults/damage.ts';

/** What the bytes claim, from sizes that a host allocates without complaint to sizes that it refuses. */
const CLAIMED = [70_000, 0x0010_0000, 0x0200_0000, 0x7fff_ffff] as const;

const text = (value: string): readonly number[] => [0xa0 | value.length, ...Buffer.from(value, 'latin1')];

/** Beginnings of msgpack bodies, each up to a header with a length of 32 bits. */
const MSGPACK = [
  [0x84, ...text('id'), 0xd3, 0, 0, 0, 0, 0, 0, 0, 1, ...text('kind'), 0xdb],
  [0x84, ...text('id'), 0xd3, 0, 0, 0, 0, 0, 0, 0, 1, 0xdb],
  [0x84, ...text('id'), 0xdd],
  [0x84, ...text('id'), 0xc6],
  [0x84, ...text('id'), 0xc9],
  [0x84, ...text('id'), 0xdf],
  [0xdd],
  [0xdf],
] as const;

/** Beginnings of postcard bodies, each up to the length of a text: the kind's, and a reason's. */
const POSTCARD = [[1], [1, 1, 0x6b, 5, 1], [1, 1, 0x6b, 5, 2]] as const;

/** An encoded record of that version which claims more than it has. `draw(what, bound)` draws 0 … bound - 1. */
export function claimed(codec: 'msgpack' | 'postcard', version: number, draw: DamageDraw): Uint8Array {
  const beginnings = codec === 'msgpack' ? MSGPACK : POSTCARD;
  const beginning = beginnings[draw('at', beginnings.length)] ?? [];
  const length = CLAIMED[draw('length', CLAIMED.length)] ?? 0;
  const tail = new Array<number>(draw('bits', 16)).fill(0x61);
  return Uint8Array.of(version, ...beginning, ...(codec === 'msgpack' ? bigEndian(length) : varint(length)), ...tail);
}

function bigEndian(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) out.push((rest & 0x7f) | 0x80);
  out.push(rest);
  return out;
}

/** Postcard bodies that are wrong in one place: an option's tag, a variant, texts that are not UTF-8, and their end. */
const POSTCARD_FLAWS = [
  [1, 1, 0x6b, 5, 1, 1, 0x6b, 2],
  [1, 1, 0x6b, 5, 2, 1, 0x6b, 0xff],
  [1, 1, 0x6b, 5, 3],
  [1, 1, 0xff, 5, 0],
  [1, 1, 0x6b, 5, 1, 2, 0xc3, 0x28, 0],
  [1, 1, 0x6b, 5],
] as const;

/** Where the id's header stands in an encoded msgpack record, and the header of another form of the same number. */
const ID_HEADER_AT = 5;
const UNSIGNED_64 = 0xcf;

/**
 * Bytes that hold no record for one small reason, which flipped bits seldom hit. For msgpack they are made of `encoded`, an
 * intact record. `draw(what, bound)` draws 0 … bound - 1.
 */
export function flawed(
  codec: 'msgpack' | 'postcard',
  version: number,
  encoded: Uint8Array,
  draw: DamageDraw,
): Uint8Array {
  if (codec === 'postcard') {
    return Uint8Array.of(version, ...(POSTCARD_FLAWS[draw('at', POSTCARD_FLAWS.length)] ?? []));
  }
  const trailing = draw('bits', 2);
  const copy = new Uint8Array(encoded.length + trailing);
  copy.set(encoded);
  if (trailing === 0) copy[ID_HEADER_AT] = UNSIGNED_64;
  return copy;
}
