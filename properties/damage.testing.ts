/**
 * Bytes that are no longer what was written: flipped, cut, overwritten, run together; and bodies that only an attacker
 * would write. Headers of msgpack that claim much, or types that no record has, come up more often than by chance.
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

/** The bytes behind a version byte, put together from pieces. */
const pieces: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((parts) => parts.flat()),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => [...bytes]),
  fc
    .tuple(piece, fc.integer({ min: 1, max: 400 }))
    .map(([part, times]) => Array.from({ length: times }, () => part).flat()),
);

function concatenated(...parts: fc.Arbitrary<readonly number[]>[]): fc.Arbitrary<readonly number[]> {
  return fc.tuple(...parts).map((bytes) => bytes.flat());
}

/** Letters, a byte order mark, and sequences that are not UTF-8 or that only some readers accept as such. */
const textBytes = fc.oneof(
  { arbitrary: fc.constantFrom('', 'busy', '\ufeff', 'é—𝄞').map((text) => [...Buffer.from(text)]), weight: 3 },
  fc.constantFrom([0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]),
);

/** Numbers in the fewest bytes, in more than they need, and up to lengths where ten bytes are too few. */
const postcardNumber: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constantFrom([0], [1], [0x7f], [0x80, 1], [0x80, 0], [0x81, 0x80, 0]),
  fc.tuple(fc.constantFrom(0x80, 0xff), fc.constantFrom(0, 1, 2, 0x7f, 0x80)).map(([byte, last]) => {
    return [...Array<number>(9).fill(byte), last];
  }),
);

const postcardText = fc.tuple(textBytes, fc.constantFrom(0, 0, 0, 0, 1, -1, 100)).map(([bytes, more]) => {
  return [Math.max(0, bytes.length + more), ...bytes];
});

/** A postcard body field by field, each as it should be, as it need not be, or as it must not be. */
const postcardBody = concatenated(
  postcardNumber,
  postcardText,
  postcardNumber,
  fc.constantFrom([0], [1], [2], [3], [0x82, 0], [0x81, 0x80, 0x80, 0x80, 0]),
  postcardText,
  fc.constantFrom([0], [1], [2], [0xff]),
  fc.oneof(postcardNumber, fc.constant([])),
  fc.constantFrom([], [], [0]),
);

const msgpackNumber: fc.Arbitrary<readonly number[]> = fc.constantFrom(
  [0],
  [0x7f],
  [0xe0],
  [0xc0],
  [0xc3],
  [0xcc, 0xff],
  [0xcc, 0x01],
  [0xcd, 0xff, 0xff],
  [0xce, 0xff, 0xff, 0xff, 0xff],
  [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xcf, 0, 0, 0, 0, 0, 0, 0, 1],
  [0xd3, 0, 0, 0, 0, 0, 0, 0, 1],
  [0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0],
  [0xa1, 0x31],
);

const msgpackText = fc
  .tuple(textBytes, fc.constantFrom('fix', 'fix', 'fix', 'd9', 'da', 'longer'))
  .map(([bytes, form]): readonly number[] => {
    if (form === 'd9') return [0xd9, bytes.length, ...bytes];
    if (form === 'da') return [0xda, 0, bytes.length, ...bytes];
    return [0xa0 + bytes.length + (form === 'longer' ? 1 : 0), ...bytes];
  });

function msgpackField(key: string, value: fc.Arbitrary<readonly number[]>): fc.Arbitrary<readonly number[]> {
  return value.map((bytes) => [0xa0 + key.length, ...Buffer.from(key), ...bytes]);
}

/** Fields in their order or another, sometimes with one missing or doubled. */
function msgpackMap(fields: readonly fc.Arbitrary<readonly number[]>[]): fc.Arbitrary<readonly number[]> {
  const some = fc.oneof(
    { arbitrary: fc.constant(fields), weight: 3 },
    fc.shuffledSubarray([...fields, ...fields.slice(0, 1)], { minLength: fields.length - 1 }),
  );
  return some.chain((chosen) => {
    const header = fc.constantFrom([0x80 + chosen.length], [0x80 + chosen.length], [0xde, 0, chosen.length]);
    return concatenated(header, ...chosen);
  });
}

/** A msgpack body field by field, as it should be or not. */
const msgpackBody = msgpackMap([
  msgpackField('id', msgpackNumber),
  msgpackField('kind', msgpackText),
  msgpackField('emitted_at_ms', msgpackNumber),
  msgpackField(
    'disposition',
    msgpackMap([
      msgpackField('type', fc.constantFrom('dispatched', 'failed', 'gated', 'Failed').map(msgpackWord)),
      msgpackField('reason', msgpackText),
      msgpackField('retry_after_ms', msgpackNumber),
    ]),
  ),
]);

function msgpackWord(word: string): readonly number[] {
  return [0xa0 + word.length, ...Buffer.from(word)];
}

/** The bytes behind a version byte that no writer of ours made. */
export const hostileBody: fc.Arbitrary<readonly number[]> = fc.oneof(
  pieces,
  { arbitrary: postcardBody, weight: 2 },
  { arbitrary: msgpackBody, weight: 2 },
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
