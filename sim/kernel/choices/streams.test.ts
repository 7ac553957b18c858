import { expect, test } from 'vitest';
import { Stream } from './streams.ts';

test('a stream without a key is refused', () => {
  expect(() => new Stream('')).toThrow('needs a key');
});

test('whole numbers reach both ends of their range and nothing past them', () => {
  const stream = new Stream('ends');
  const seen = new Set<number>();
  for (let i = 0; i < 200; i++) seen.add(stream.int(3, 6));
  expect([...seen].sort()).toEqual([3, 4, 5, 6]);
  expect(() => stream.int(2, 1)).toThrow(RangeError);
  expect(() => stream.int(0, 0.5)).toThrow(RangeError);
});

test('weights are kept to, and nothing of weight 0 is ever drawn', () => {
  const stream = new Stream('weights');
  const counts = { rare: 0, often: 0, never: 0 };
  for (let i = 0; i < 10_000; i++)
    counts[
      stream.weighted([
        ['rare', 1],
        ['never', 0],
        ['often', 9],
      ] as const)
    ] += 1;
  expect(counts.never).toBe(0);
  expect(counts.rare).toBeGreaterThan(850);
  expect(counts.rare).toBeLessThan(1150);
});

test('a chance of 0 never comes and one of 100 always', () => {
  const stream = new Stream('chance');
  const draws = Array.from({ length: 200 }, () => [stream.chance(0), stream.chance(100)]);
  expect(draws.every(([never, always]) => never === false && always === true)).toBe(true);
});

test('a subset keeps the order and picks from an empty list nothing', () => {
  const stream = new Stream('subset');
  const items = Array.from({ length: 100 }, (_, i) => i);
  const some = stream.subset(items, 40);
  expect(some.length).toBeGreaterThan(20);
  expect(some.length).toBeLessThan(60);
  expect(some).toEqual([...some].sort((a, b) => a - b));
  expect(() => stream.pick([])).toThrow(RangeError);
});
