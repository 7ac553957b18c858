import { expect, test } from 'vitest';
import { writerOf } from './field-writer.ts';
import { TraceEncoder, type TraceValue } from './trace-encoder.ts';

/** Every type of value, strings that come again and again, and ones that are equal but not the same object. */
const VALUES: readonly TraceValue[] = [
  0,
  127,
  128,
  -1,
  2 ** 53 - 1,
  7n,
  2n ** 64n - 1n,
  true,
  null,
  'sent',
  ['se', 'nt'].join(''),
  'full',
  'sent',
  'é—',
  new Uint8Array([1, 2]),
  ['a', [1n]],
];

function digest(write: (encoder: TraceEncoder) => void): string {
  const encoder = new TraceEncoder();
  write(encoder);
  return encoder.finish([]);
}

test('the code for a kind writes what its values written one by one are', () => {
  const write = writerOf(['left', 'right']);
  const pairs = VALUES.flatMap((left) => VALUES.map((right) => ({ kind: 'pair', right, left, other: 'unlisted' })));
  // Twice: what a writer remembers of one trace is nothing in the next.
  for (let trace = 0; trace < 2; trace++) {
    const made = digest((encoder) => {
      for (const pair of trace === 0 ? pairs : pairs.toReversed()) write(encoder, pair);
    });
    const expected = digest((encoder) => {
      for (const { left, right } of trace === 0 ? pairs : pairs.toReversed()) {
        encoder.value(left);
        encoder.value(right);
      }
    });
    expect(made).toBe(expected);
  }
});

test('two traces that are written in turn do not mix', () => {
  const write = writerOf(['what']);
  const first = new TraceEncoder();
  const second = new TraceEncoder();
  for (const what of ['a', 'b', 'b', 'a', 'b']) {
    write(first, { what });
    write(second, { what: `not ${what}` });
  }
  const alone = digest((encoder) => {
    for (const what of ['a', 'b', 'b', 'a', 'b']) encoder.value(what);
  });
  expect(first.finish([])).toBe(alone);
});

test('names of fields are names, whatever stands in them', () => {
  const odd = `'"]); throw new Error("not a name"); //\n`;
  const made = digest((encoder) => writerOf([odd])(encoder, { [odd]: 'value' }));
  expect(made).toBe(digest((encoder) => encoder.value('value')));
});
