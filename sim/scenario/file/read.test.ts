/** What readers of a scenario file are told, on the toy world. */
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../../examples/toy-world.ts';
import { mistakeLine } from './mistake.ts';
import { parseScenario } from './read.ts';

const GOOD = `format: 1
name: two additions
world: toy
semantics: resend
seed: "18446744073709551615"
config: {}
workload:
  - { key: a2, at: 20, kind: add, by: 2 }
  - { key: a1, at: 5, kind: add, by: 1 }
  - { key: a3, at: 20, kind: add, by: 3 }
faults:
  - { key: f1, at: 0, kind: loss, percent: 30, forMs: 100 }
expect: { violates: no-crash }
witness: [arrived]
seeded: ["op:a1/try:1/latency"]
choices: { "op:a2/try:1/latency": 3 }
found: { seed: "7", commit: 0123abc }
`;

const read = (text: string) => parseScenario(toyWorld, Buffer.from(text));

/** The lines a person is told of `GOOD` with one text replaced. */
async function told(text: string, replacement: string): Promise<readonly string[]> {
  expect(GOOD).toContain(text);
  const result = await read(GOOD.replace(text, replacement));
  return result.ok ? [] : result.mistakes.map((mistake) => mistakeLine('f.yaml', mistake));
}

describe('a scenario file', () => {
  it('is read whole, its workload in order of time', async () => {
    expect(await read(GOOD)).toEqual({
      ok: true,
      scenario: {
        format: 1,
        name: 'two additions',
        world: 'toy',
        semantics: 'resend',
        seed: 0xffff_ffff_ffff_ffffn,
        config: {},
        workload: [
          { key: 'a1', at: 5, kind: 'add', by: 1 },
          { key: 'a2', at: 20, kind: 'add', by: 2 },
          { key: 'a3', at: 20, kind: 'add', by: 3 },
        ],
        faults: [{ key: 'f1', at: 0, kind: 'loss', percent: 30, forMs: 100 }],
        expect: { violates: 'no-crash' },
        witness: ['arrived'],
        seeded: ['op:a1/try:1/latency'],
        choices: { 'op:a2/try:1/latency': 3 },
        found: { seed: '7', commit: '0123abc' },
      },
    });
  });

  it('may have its seed as a number of any size', async () => {
    const result = await read(GOOD.replace('"18446744073709551615"', '18446744073709551615'));
    expect(result).toMatchObject({ ok: true, scenario: { seed: 0xffff_ffff_ffff_ffffn } });
  });

  it.each([
    ['format: 1', 'format: 2', 'f.yaml:1:9: format: expected 1, the only format this version reads; found 2'],
    ['format: 1\n', '', 'f.yaml:1:1: format: expected 1, the only format this version reads; found nothing'],
    ['name: two additions', 'name: 3', 'f.yaml:2:7: name: expected text; found 3'],
    ['name: two additions\n', '', 'f.yaml:1:1: name: expected text; found nothing'],
    ['name: two', 'nmae: x\nname: two', 'f.yaml:2:1: expected name (nearest of 14); found "nmae"'],
    [
      'world: toy',
      'world: mesh',
      'f.yaml:3:8: world: expected "toy", the world that is loaded; found "mesh", which has to be loaded for this file',
    ],
    ['resend', 'resent', 'f.yaml:4:12: semantics: expected resend (nearest of 2); found "resent"'],
    ['resend', 'x', 'f.yaml:4:12: semantics: expected one of resend, forget; found "x"'],
    ['"18446744073709551615"', '-1', `f.yaml:5:7: seed: expected a u64, from 0 to 18446744073709551615; found -1`],
    [
      '"18446744073709551615"',
      '"18446744073709551616"',
      'f.yaml:5:7: seed: expected a u64 as a text of decimal digits; found "18446744073709551616"',
    ],
    ['"18446744073709551615"', '0.5', 'f.yaml:5:7: seed: expected a u64 as a text of decimal digits; found 0.5'],
    ['key: a2, ', '', 'f.yaml:8:5: workload[0].key: expected text; found nothing'],
    [
      'key: a2',
      'key: a/2',
      'f.yaml:8:12: workload[0].key: expected a key of letters, digits, dots, dashes or underscores; found "a/2"',
    ],
    [
      'key: f1',
      'key: a3',
      'f.yaml:12:12: faults[0].key: expected a key that no other operation or fault has; found "a3"',
    ],
    [
      'at: 20, kind: add, by: 2',
      'at: soon, kind: add, by: 2',
      'f.yaml:8:20: workload[0].at: expected a number; found "soon"',
    ],
    ['kind: loss', 'kind: lose', 'f.yaml:12:29: faults[0].kind: expected loss; found "lose"'],
    [
      '{ violates: no-crash }',
      'fails',
      'f.yaml:13:9: expect: expected `holds`, or `violates: INVARIANT`; found "fails"',
    ],
    [
      'no-crash',
      'never-ahed',
      'f.yaml:13:21: expect.violates: expected never-ahead (nearest of 4); found "never-ahed"',
    ],
    ['[arrived]', '[departed]', 'f.yaml:14:11: witness[0]: expected one of arrived, lost-thrice; found "departed"'],
    [
      '["op:a1',
      '[":a1',
      'f.yaml:15:10: seeded[0]: expected the name of a draw, such as op:k7/attempt:2/latency; found ":a1/try:1/latency"',
    ],
    [
      '{ "op:a2',
      '{ "/:a2',
      'f.yaml:16:12: choices: expected the name of a draw, such as op:k7/attempt:2/latency; found "/:a2/try:1/latency"',
    ],
    [
      'latency": 3',
      'latency": 4294967296',
      'f.yaml:16:35: choices["op:a2/try:1/latency"]: expected at most 4294967295; found 4294967296',
    ],
    ['config: {}', 'config: []', 'f.yaml:6:9: config: expected a map; found an empty list'],
    ['config: {}', 'config: { nodes: 3 }', 'f.yaml:6:11: config: expected no further field; found "nodes"'],
    ['commit: 0123abc', 'commit: ""', 'f.yaml:17:29: found.commit: expected a commit; found ""'],
  ])('with %j written %j is refused in one line', async (text, replacement, line) => {
    expect(await told(text, replacement)).toEqual([line]);
  });

  it('that is no map is refused', async () => {
    for (const [text, found] of [
      ['', 'nothing'],
      ['null', 'null'],
      ['[]', 'an empty list'],
      ['- a\n- b', 'a list of 2'],
      ['hello', '"hello"'],
    ] as const) {
      expect(await read(text)).toEqual({
        ok: false,
        mistakes: [{ line: 1, column: 1, message: `expected a map; found ${found}` }],
      });
    }
  });

  it('is told all its mistakes at once', async () => {
    const lines = await told('  - { key: a2, at: 20, kind: add, by: 2 }', '  - { kee: a2, at: -1, kind: add }\n  - 4');
    expect(lines).toEqual([
      'f.yaml:8:5: workload[0].key: expected text; found nothing',
      'f.yaml:8:20: workload[0].at: expected at least 0; found -1',
      'f.yaml:8:5: workload[0].by: expected a number; found nothing',
      'f.yaml:8:7: workload[0]: expected key (nearest of 4); found "kee"',
      'f.yaml:9:5: workload[1]: expected a map; found 4',
    ]);
  });

  it('can not make its mistakes pass for other lines', async () => {
    const [line, ...more] = await told('name: two', '"x\\e[2K\\n\\u202ey": 1\nname: two');
    expect(more).toEqual([]);
    expect(line).toMatch(/^f\.yaml:2:1: expected one of [ -~…]*; found "x\\u001b\[2K\\n\\u202ey"$/);
  });
});
