/** Arbitrary chain records for property tests: every disposition, all of Unicode, numbers at the edges of u64. */
import fc from 'fast-check';
import type { ActionChainRecord, ActionDisposition } from './records.ts';

export const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** Powers of two and their neighbours come up as often as all else, for that is where encodings change form. */
const u64 = fc.oneof(
  fc.bigInt({ min: 0n, max: U64_MAX }),
  fc
    .tuple(fc.integer({ min: 0, max: 64 }), fc.constantFrom(-1n, 0n, 1n))
    .map(([bits, offset]) => (1n << BigInt(bits)) + offset)
    .filter((value) => value >= 0n && value <= U64_MAX),
);

/** Any code point but the halves of pairs. fast-check's own `binary` unit is the same, and takes half a second to make. */
export const codePoint = fc
  .integer({ min: 0, max: 0x10_ffff - 0x800 })
  .map((index) => String.fromCodePoint(index < 0xd800 ? index : index + 0x800));

/** Well-formed text, with byte order marks in front now and then, and lengths around where headers change. */
const text = fc
  .tuple(
    fc.constantFrom('', '\ufeff', '\ufeff\ufeff'),
    fc.oneof(fc.string({ unit: codePoint }), fc.string({ unit: 'binary-ascii', maxLength: 300 })),
    fc.constantFrom(0, 0, 0, 20, 62, 120),
  )
  .map(([mark, body, padding]) => mark + body + 'é'.repeat(padding));

const disposition: fc.Arbitrary<ActionDisposition> = fc.oneof(
  fc.constant({ type: 'dispatched' } as const),
  fc.record({ type: fc.constant('failed' as const), reason: text, retryAfterMs: fc.option(u64) }),
  fc.record({ type: fc.constant('gated' as const), reason: text, cooldownMs: fc.option(u64) }),
);

export const arbitraryRecord: fc.Arbitrary<ActionChainRecord> = fc.record(
  { id: u64, kind: text, emittedAtMs: u64, disposition },
  { noNullPrototype: true },
);
