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
});
