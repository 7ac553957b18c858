/**
 * Bytes that are no longer what somebody wrote: flipped, cut, overwritten, run together, and bodies that nobody wrote but
 * somebody who means harm. Headers of msgpack that claim much, or types that no record has, come up more often than chance
 * would have them.
 */
import fc from 'fast-check';

/** Lengths and numbers at their largest, extensions, floats, negative numbers, nesting, and varints without an end. */
const PIECES: readonly (readonly number[])[] = [
  [0xc1],
  [0xc0],
  [0xc2],
  [0xc4, 0xff],
  [0xc6, 0xff, 0xff, 0xff, 0xff],
  [0xc7, 0x00, 0x72],
  [0xc8, 0xff, 0xff, 0x01],
  [0xca, 0x00, 0x00, 0x00, 0x00],
  [0xcb, 0x7f, 0xf0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xd3, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
  [0xd4, 0x72, 0x40],
  [0xd4, 0x00, 0x00],
  [0xd6, 0xff, 0x00, 0x00, 0x00, 0x00],
  [0xd9, 0xff],
  [0xdb, 0xff, 0xff, 0xff, 0xff],
  [0xdc, 0xff, 0xff],
  [0xdd, 0xff, 0xff, 0xff, 0xff],
  [0xdf, 0xff, 0xff, 0xff, 0xff],
  [0x80],
  [0x84],
  [0x8f],
  [0x9f],
  [0xe0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  [0xa3, 0xef, 0xbb, 0xbf],
  [0xa2, 0xc0, 0x80],
  [0xa3, 0xed, 0xa0, 0x80],
];

const piece = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 4 }),
);

/** What stands behind a version byte, put together from pieces. */
export const hostileBody: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.flat()),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => [...bytes]),
  fc
    .tuple(piece, fc.integer({ min: 1, max: 400 }))
    .map(([part, times]) => Array.from({ length: times }, () => part).flat()),
);

type Damage = (bytes: readonly number[]) => readonly number[];

const place = fc.nat();

function at(bytes: readonly number[], where: number): number {
  return bytes.length === 0 ? 0 : where % bytes.length;
}

/** One thing that goes wrong with bytes on their way. */
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 7 })).map(([where, bit]): Damage => {
    return (bytes) => bytes.map((byte, index) => (index === at(bytes, where) ? byte ^ (1 << bit) : byte));
  }),
  fc.tuple(place, fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 4 })).map(
    ([where, burst]): Damage =>
      (bytes) =>
        bytes.map((byte, index) => byte ^ (burst[index - at(bytes, where)] ?? 0)),
  ),
  place.map(
    (where): Damage =>
      (bytes) =>
        bytes.slice(0, at(bytes, where)),
  ),
  piece.map(
    (trailing): Damage =>
      (bytes) => [...bytes, ...trailing],
  ),
  fc.tuple(place, piece).map(([where, part]): Damage => {
    return (bytes) => bytes.map((byte, index) => part[index - at(bytes, where)] ?? byte);
  }),
  fc.tuple(place, place, piece).map(([where, length, part]): Damage => {
    return (bytes) => [...bytes.slice(0, at(bytes, where)), ...part, ...bytes.slice(at(bytes, where) + (length % 8))];
  }),
);

/** Bytes of `whole` with one to three things wrong with them. */
export function damagedBytes(whole: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const damages = fc.array(damage, { minLength: 1, maxLength: 3 });
  return fc.tuple(whole, damages).map(([bytes, wrongs]) => {
    let damaged: readonly number[] = [...bytes];
    for (const wrong of wrongs) damaged = wrong(damaged);
    return Uint8Array.from(damaged);
  });
}
