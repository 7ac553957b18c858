/** The first values of a stream of generation. Every generated scenario depends on them: change them on purpose only, and say so in CHANGELOG.md. */
import { expect, test } from 'vitest';
import { Stream } from './streams.ts';

test('a stream of a key draws the same from version to version', () => {
  const stream = new Stream('42/workload');
  expect([
    stream.int(0, 999),
    stream.int(-5, 5),
    stream.chance(50),
    stream.pick(['a', 'b', 'c']),
    stream.u64(),
  ]).toMatchInlineSnapshot(`
    [
      16,
      -5,
      false,
      "c",
      15588578089855742865n,
    ]
  `);
});
