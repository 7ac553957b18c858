import { describe, expect, it } from 'vitest';
import { parseSource } from './document.ts';
import { NO_COMMENT } from './syntax.ts';

/** The value of a text that is right. */
function dataOf(text: string): unknown {
  const parsed = parseSource(Buffer.from(text));
  if (!parsed.ok) throw new Error(parsed.mistakes[0]?.message);
  return parsed.document.value;
}

/** `line:column: message` of each mistake in a text that is wrong. */
function mistakesOf(source: string | Uint8Array): readonly string[] {
  const parsed = parseSource(typeof source === 'string' ? Buffer.from(source) : source);
  return parsed.ok ? [] : parsed.mistakes.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe('a source', () => {
  it('gives plain data, from YAML and JSON alike', () => {
    const value = { a: 1, b: [true, null, 'x'], c: { d: 0.5, e: -7 } };
    expect(dataOf('a: 1\nb: [true, null, x]\nc:\n  d: 0.5\n  e: -7\n')).toEqual(value);
    expect(dataOf(JSON.stringify(value, null, '\t'))).toEqual(value);
    expect(dataOf('\ufeff{"a":1}')).toEqual({ a: 1 });
    expect(dataOf('')).toBeUndefined();
  });

  it('keeps every integer exactly, as a number where one can hold it', () => {
    expect(dataOf('[9007199254740991, 9007199254740993, -18446744073709551615, 0xffffffffffffffff, -0]')).toEqual([
      9007199254740991,
      9007199254740993n,
      -18446744073709551615n,
      0xffffffffffffffffn,
      0,
    ]);
    expect(dataOf(`a: ${'9'.repeat(1000)}`)).toEqual({ a: Number.POSITIVE_INFINITY });
  });

  it('takes surrogates as they are escaped', () => {
    expect(dataOf('"\\ud83d\\ude00 \\ud800"')).toBe('😀 \ud800');
  });

  it('lets aliases stand for what they name', () => {
    expect(dataOf('a: &x {y: 1}\nb: *x\nc: [*x, *x]')).toEqual({ a: { y: 1 }, b: { y: 1 }, c: [{ y: 1 }, { y: 1 }] });
  });

  it('knows where everything stands', () => {
    const parsed = parseSource(Buffer.from('a: 1\nb:\n  - x\n  - &m { c: 2 }\nd: *m\n'));
    if (!parsed.ok) throw new Error('it is right');
    const { document } = parsed;
    expect(document.place(['a'])).toEqual({ line: 1, column: 4 });
    expect(document.place(['b', 1, 'c'])).toEqual({ line: 4, column: 13 });
    expect(document.placeOfKey(['b', 1], 'c')).toEqual({ line: 4, column: 10 });
    // What is not there is looked for where it should be.
    expect(document.place(['b', 0, 'no', 'such'])).toEqual({ line: 3, column: 5 });
    expect(document.place(['d', 'c'])).toEqual({ line: 4, column: 13 });
    expect(document.place([])).toEqual({ line: 1, column: 1 });
  });
});

describe('a source is refused, with the place,', () => {
  it.each([
    ['a: 1\nb: 2\na: 3\n', '3:1: expected each key once; found "a" again'],
    ['{"a": 1,\n "a": 2}', '2:2: expected each key once; found "a" again'],
    ['a:\n  __proto__: {}\n', '2:3: expected the name of a field; found "__proto__"'],
    ['1: x', '1:1: expected a text as a key, in quotes if need be; found 1'],
    ['? [a]\n: x', '1:3: expected a text as a key, in quotes if need be; found something else'],
    ['a: &x [*x]', '1:8: expected data with an end; found the alias *x within its own anchor'],
    ['a: *x', '1:4: expected an anchor &x before its alias; found none'],
    ['a: !!js/function x', '1:4: expected a value without a tag; found the tag tag:yaml.org,2002:js/function'],
    ['a: 1\n\tb: 2\n', '2:1: expected spaces as indentation; found a tab'],
    ['a: 1\0', '1:5: expected text; found the control character U+0000'],
    ['a: "x\n  y\u001b[31m"', '2:4: expected text; found the control character U+001B'],
    ['a: {', '1:5: Flow map in block collection must be sufficiently indented and end with a }'],
    ['---\na: 1\n---\nb: 2\n', '3:1: expected one document; found another'],
    ['a:\n    b: 1\n  c: 2\n  d: 3\n', '3:1: expected the column in which the mapping began; found another'],
    ['a: b: c\n', '1:4: expected a value, in quotes if it has a colon; found a key'],
    ['a: 1\nb\n', '2:1: expected a key and a colon; found no colon'],
    ['a: "b\n', '2:1: expected a closing "; found the end of the text'],
    ['// c\n{"a": 1}', `1:1: ${NO_COMMENT}`],
    ['/* c */ {"a": 1}', `1:1: ${NO_COMMENT}`],
    ['{"a": 1, // c\n"b": 1}', `1:10: ${NO_COMMENT}`],
    ['{ /* c */ "a": 1}', `1:3: ${NO_COMMENT}`],
  ])('%j', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake]);
  });

  it('bytes that are no UTF-8', () => {
    expect(mistakesOf(Buffer.from([0x61, 0x3a, 0x0a, 0x62, 0xff]))).toEqual([
      '2:2: expected UTF-8 text; found other bytes',
    ]);
    expect(mistakesOf(Buffer.from('a: 1\n', 'utf16le'))[0]).toContain('control character U+0000');
  });

  it('aliases that multiply', () => {
    const bomb = Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} [${Array(10).fill(i === 0 ? 'x' : `*a${i - 1}`)}]`);
    expect(mistakesOf(bomb.join('\n'))).toEqual([
      '2:14: expected at most 100 aliases, those within others counted; found more',
    ]);
  });

  it('levels without end', () => {
    expect(mistakesOf(`${'['.repeat(65)}${']'.repeat(65)}`)).toEqual(['1:65: expected at most 64 levels; found more']);
    for (const opening of ['[', '{a: ', '- ', '? ', '- {? [']) {
      const [first, ...more] = mistakesOf(opening.repeat(30_000));
      expect(first).toMatch(/^1:\d+: expected at most 64 levels; found more$/);
      expect(more).toEqual([]);
    }
    const chain = Array.from(
      { length: 90 },
      (_, i) => `a${i}: &a${i} ${'['.repeat(60)}${i === 0 ? 'x' : `*a${i - 1}`}${']'.repeat(60)}`,
    );
    expect(mistakesOf(chain.join('\n'))[0]).toMatch(/^1:\d+: expected at most 64 levels; found more$/);
  });

  it('more tokens than any scenario has, without parsing them', () => {
    expect(mistakesOf('}'.repeat(1_000_000))).toEqual([
      expect.stringMatching(/^1:\d+: expected at most 200000 tokens; found more$/),
    ]);
  });
});
