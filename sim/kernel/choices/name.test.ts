import { describe, expect, test } from 'vitest';
import { appendText, labelOf, type Name, NameMap, name, parseName, rootName } from './name.ts';

function hashOf({ low, high }: Name): string {
  return [low, high].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

describe('a name', () => {
  test('reads as its path', () => {
    expect(name('op', 'k7').child('attempt', 2).child('latency').toString()).toBe('op:k7/attempt:2/latency');
    expect(rootName.toString()).toBe('');
    expect(name('to', 'n1/i0').child('x', '50%2F').toString()).toBe('to:n1%2Fi0/x:50%252F');
  });

  test('parsed from its text is the same name', () => {
    const values = [
      'k7',
      'n1/i0/executor',
      'a:b',
      '%',
      '%2F',
      '',
      'é🦀',
      '007',
      '1e3',
      '-1',
      '0',
      '12',
      9007199254740991,
      0,
      -5,
      4294967296,
    ];
    for (const value of values) {
      const built = name('op').child('key', value).child('end');
      expect(hashOf(parseName(built.toString()))).toBe(hashOf(built));
      expect(parseName(built.toString()).toString()).toBe(built.toString());
    }
    expect(parseName('')).toBe(rootName);
  });

  test('with a number is the one with its decimal text', () => {
    for (const number of [0, 7, 4294967295, 4294967296, 9007199254740991, -3]) {
      expect(name('n', number).equals(name('n', String(number)))).toBe(true);
    }
    for (const number of [0, 7, 4294967295, 4294967296]) {
      expect(name('x').numbered(labelOf('n'), number).equals(name('x').child('n', number))).toBe(true);
    }
    expect(name('n', 7).equals(name('n', '07'))).toBe(false);
  });

  test('appended as text is the one built by parts', () => {
    expect(appendText(name('n1'), 'i0/loop#2').equals(name('n1').child('i0').child('loop#2'))).toBe(true);
  });

  test('refuses labels that would not read back, and numbers that are none', () => {
    for (const label of ['', 'a/b', 'a:b', 'a%b']) expect(() => name(label)).toThrow(RangeError);
    for (const value of [0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])
      expect(() => name('n', value)).toThrow(RangeError);
  });

  test('shares its hash with no other of a hundred thousand, nor half of it oftener than chance', () => {
    const hashes = new Set<string>();
    const halves = new Set<number>();
    let count = 0;
    for (let op = 0; op < 100; op++) {
      for (let attempt = 0; attempt < 100; attempt++) {
        const base = name('op', `k${op}`).child('attempt', attempt);
        for (const label of ['latency', 'failed', 'a', 'b', 'ab']) {
          for (const value of [undefined, 0, 1, 'x']) {
            const made = base.child(label, value);
            hashes.add(hashOf(made));
            halves.add(made.low);
            count += 1;
          }
        }
      }
    }
    expect(hashes.size).toBe(count);
    // 200,000 draws of 2^32 meet about five times.
    expect(count - halves.size).toBeLessThan(25);
  });

  test("changes half of its hash's bits with any part of it", () => {
    let flipped = 0;
    let pairs = 0;
    for (let i = 0; i < 2000; i++) {
      const base = name('op', i);
      for (const [a, b] of [
        [base.child('t', i), base.child('t', i + 1)],
        [base.child('t', i), name('op', i ^ 1).child('t', i)],
        [base.child('a'), base.child('b')],
      ] as const) {
        flipped += bits(a.low ^ b.low) + bits(a.high ^ b.high);
        pairs += 1;
      }
    }
    expect(flipped / pairs).toBeGreaterThan(31);
    expect(flipped / pairs).toBeLessThan(33);
  });
});

function bits(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}

test('a map by name finds what was set under an equal name', () => {
  const map = new NameMap<number>();
  for (let i = 0; i < 1000; i++) map.set(name('k', i), i);
  map.set(name('k', 5), -5);
  expect(map.get(parseName('k:5'))).toBe(-5);
  expect(map.get(parseName('k:999'))).toBe(999);
  expect(map.get(parseName('k:1000'))).toBeUndefined();
});
