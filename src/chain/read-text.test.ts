import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readText } from './read-text.ts';
import { codePoint } from './record-arbitrary.testing.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function read(bytes: Uint8Array): string | null {
  return readText(bytes, 0, bytes.length);
}

function strictly(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

describe('a text that is read', () => {
  it.each([
    '',
    'a',
    '\0',
    '\u007f',
    'é',
    '—',
    '\ufeff',
    '\ufeffmark',
    '😀',
    'a'.repeat(64),
    'é'.repeat(33),
    'a'.repeat(99),
  ])('is the one that was written, again and again: %j', (text) => {
    const bytes = new TextEncoder().encode(text);
    for (let time = 0; time < 3; time += 1) expect(read(bytes)).toBe(text);
  });

  it('stands between its start and its end', () => {
    const bytes = Buffer.from('xx—yy');
    expect(readText(bytes, 2, 3)).toBe('—');
    expect(readText(bytes, 1, 5)).toBe('x—y');
    expect(readText(bytes.subarray(1), 4, 2)).toBe('yy');
  });

  it('is told apart from others that share its place in memory', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 2_000; i += 1) expect(read(Buffer.from(`reason ${i}`))).toBe(`reason ${i}`);
    }
  });

  it('is told apart from one of the same length whose bytes come to the same sum', () => {
    for (let round = 0; round < 2; round += 1) {
      for (const text of ['Aa', 'BB', 'AaAa', 'AaBB', 'BBAa', 'BBBB']) expect(read(Buffer.from(text))).toBe(text);
    }
  });

  it('is not one whose bytes others have left where it would be remembered', () => {
    // Texts too long for a slot: if they were kept, the end of one would stand where the next one's beginning does.
    const HALF = 64;
    const text = (head: string, tail: string): Buffer => Buffer.from(head.padEnd(HALF, 'x') + tail.padEnd(HALF, 'y'));
    const slotOf = (bytes: Buffer): number => {
      let hash = bytes.length;
      for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) | 0;
      return (hash ^ (hash >>> 15)) & 511;
    };
    const found = (make: (attempt: string) => Buffer, slot: number): Buffer => {
      for (let attempt = 0; ; attempt += 1) {
        const made = make(String(attempt));
        if (slotOf(made) === slot) return made;
      }
    };
    const first = text('first', 'end');
    const mixed = found((attempt) => text(attempt, 'end'), slotOf(first));
    const before = found((attempt) => text(attempt, mixed.toString().slice(0, HALF)), (slotOf(first) - 1) & 511);
    for (const bytes of [first, before, mixed]) expect(read(bytes)).toBe(bytes.toString());
  });

  it.each([
    ['a lone byte of a longer form', [0x80]],
    ['a form that ends early', [0xe2, 0x80]],
    ['a form longer than it needs to be', [0xc0, 0x80]],
    ['half of a pair', [0xed, 0xa0, 0x80]],
    ['more than there is of Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('is none for %s', (_name, bytes) => {
    for (let time = 0; time < 2; time += 1) expect(read(Uint8Array.from(bytes))).toBeNull();
  });

  it.each([100, 5_000, 70_000])('is none for a bad byte anywhere in a text of %i bytes', (length) => {
    for (const at of [0, length >> 1, length - 1]) {
      const bytes = Buffer.alloc(length, 'x');
      bytes[at] = 0x80;
      expect(read(bytes)).toBeNull();
    }
  });

  it('is what a strict decoder makes of any bytes', () => {
    const written = fc.string({ unit: codePoint, maxLength: 30 }).map((text) => new TextEncoder().encode(text));
    fc.assert(
      fc.property(fc.oneof(written, fc.uint8Array({ maxLength: 80 })), fc.nat(), fc.nat(255), (bytes, at, byte) => {
        expect(read(bytes)).toBe(strictly(bytes));
        if (bytes.length === 0) return;
        bytes[at % bytes.length] = byte;
        expect(read(bytes)).toBe(strictly(bytes));
      }),
      { numRuns: 1_000 },
    );
  });
});
