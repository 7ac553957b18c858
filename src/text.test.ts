import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWellFormed, replaceLoneSurrogates } from './text.ts';

const FACE = '\u{1f600}';

describe('well-formed text', () => {
  it('is text without lone surrogates', () => {
    expect(isWellFormed(`caf\u00e9 ${FACE} \u0000 \ufeff \uffff`)).toBe(true);
    for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', `${FACE}\ud83d`]) expect(isWellFormed(text)).toBe(false);
  });

  it('is what remains when lone surrogates give way to U+FFFD, one for one', () => {
    expect(replaceLoneSurrogates('\udc00\ud800x\ud83d')).toBe('\ufffd\ufffdx\ufffd');
    expect(replaceLoneSurrogates(`${FACE}\ufffd`)).toBe(`${FACE}\ufffd`);
  });

  it('keeps its pairs wherever they stand, beside whatever is replaced', () => {
    const isLone = (character: string) => character.length === 1 && character >= '\ud800' && character <= '\udfff';
    const stretch = fc.tuple(fc.nat(1_500), fc.constantFrom('', 'x', '\ud83d', '\ude00'));
    fc.assert(
      fc.property(fc.constantFrom('', 'x'), fc.array(stretch, { maxLength: 6 }), (head, stretches) => {
        const text = head + stretches.map(([faces, after]) => FACE.repeat(faces) + after).join('');
        const expected = Array.from(text, (character) => (isLone(character) ? '\ufffd' : character)).join('');
        expect(replaceLoneSurrogates(text)).toBe(expected);
        expect(isWellFormed(text)).toBe(text === expected);
      }),
      { numRuns: 50 },
    );
  });
});
