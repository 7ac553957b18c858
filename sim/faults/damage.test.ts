import { describe, expect, it } from 'vitest';
import { type Damage, damaged } from './damage.ts';

const KINDS: readonly Damage[] = ['flip', 'burst', 'truncate', 'trailing'];

describe('damaged', () => {
  for (const kind of KINDS) {
    it(`gives other bytes by '${kind}', whatever is drawn, and leaves the original alone, a pooled Buffer too`, () => {
      for (let draw = 0; draw < 300; draw += 1) {
        const original = Buffer.from('the bytes of an entry');
        const before = new Uint8Array(original);
        const after = damaged(original, kind, (what, bound) => (draw * (what === 'bits' ? 7919 : 31)) % bound);
        expect(Buffer.compare(after, before)).not.toBe(0);
        expect(new Uint8Array(original)).toEqual(before);
      }
    });
  }

  it('can only add to what is empty', () => {
    for (const kind of KINDS) expect(damaged(new Uint8Array(0), kind, () => 0).length).toBeGreaterThan(0);
  });
});
