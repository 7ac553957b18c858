import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toyWorld } from '../../examples/toy-world.ts';
import { parseScenario } from './read.ts';
import { writeScenario } from './write.ts';

const FULL = {
  format: 1,
  name: 'two additions',
  why: 'The link forgets.\nSeen once.',
  world: 'toy',
  semantics: 'forget',
  seed: 0xffff_ffff_ffff_ffffn,
  config: {},
  // In another order than files have them.
  workload: [{ by: 1, kind: 'add', at: 5, key: 'a1' }],
  faults: [{ key: 'f1', at: 0, kind: 'loss', percent: 30, forMs: 100 }],
  expect: { violates: 'together' },
  witness: ['arrived'],
  seeded: ['op:a1/try:1/latency'],
  choices: { 'op:a1/try:1/lost:f1': 3, 'task:left %25/ready': 4294967295 },
  found: { seed: '7', commit: '0123' },
} as const;

async function readBack(text: string) {
  const result = await parseScenario(toyWorld, Buffer.from(text));
  if (!result.ok) throw new Error(`${text}\n${result.mistakes.map(({ line, message }) => `${line}: ${message}`)}`);
  return result.scenario;
}

describe('a written scenario', () => {
  it('is read by people', async () => {
    expect(
      await writeScenario(toyWorld, FULL, { schema: '../schema.json' }),
    ).toBe(`# yaml-language-server: $schema=../schema.json

format: 1
name: two additions
why: |-
  The link forgets.
  Seen once.
world: toy
semantics: forget
seed: "18446744073709551615"
config: {}
workload:
  - { key: a1, at: 5, kind: add, by: 1 }
faults:
  - { key: f1, at: 0, kind: loss, percent: 30, forMs: 100 }
expect:
  violates: together
witness:
  - arrived
seeded:
  - op:a1/try:1/latency
choices:
  op:a1/try:1/lost:f1: 3
  task:left %25/ready: 4294967295
found:
  seed: "7"
  commit: "0123"
`);
  });

  it('explains its fields to those who go on writing', async () => {
    const text = await writeScenario(toyWorld, FULL, { guide: 'Start here.\n\nThen go on.' });
    expect(text.split('\n').slice(0, 8)).toEqual([
      '# Start here.',
      '',
      '# Then go on.',
      '',
      '# The version of this format',
      'format: 1',
      '',
      '# What the scenario is called in reports',
    ]);
    expect(text).toContain('\nfound:\n  seed: "7" # The seed it was generated from\n');
    expect(await readBack(text)).toEqual(FULL);
  });

  it('is read as what it was, and written as what was read', async () => {
    const text = await writeScenario(toyWorld, FULL);
    const scenario = await readBack(text);
    expect(scenario).toEqual(FULL);
    expect(await writeScenario(toyWorld, scenario)).toBe(text);
  });

  it.each([' \n', '\n \nx', 'x\n  '])('keeps the spaces of %j', async (name) => {
    expect(await readBack(await writeScenario(toyWorld, { ...FULL, name }))).toMatchObject({ name });
  });

  it('keeps every text there can be', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((value) => value.isWellFormed());
    const awkward = fc.constantFrom(
      'null',
      '~',
      '0x7',
      '1e3',
      '.inf',
      'yes',
      '<<',
      '*a',
      '&a',
      '!x',
      '# x',
      'a: b',
      '- a',
      '? a',
      '"',
      "'",
      '%a',
      '---',
      ' x ',
      'x\n',
      '\n\nx',
      '\tx',
      'x\r\ny',
      '\u0085',
      '\u2028',
      '\ufeff',
      '\ufeffx',
      '\u007f',
      '{a: 1}',
      '|',
      '>-',
      '@a',
      '`',
      'long '.repeat(30),
    );
    const anyText = fc.oneof(
      text,
      awkward,
      fc.string({ unit: fc.constantFrom(...'\n\r\t #:-\'"\\{}[],&*x'), minLength: 1 }),
    );
    const drawName = fc.oneof(awkward, text).map((value) => `op:a1/x:${value.replaceAll('/', '')}`);
    await fc.assert(
      fc.asyncProperty(anyText, anyText, fc.uniqueArray(drawName), async (name, why, names) => {
        const choices = Object.fromEntries(names.map((drawn, i) => [drawn, i]));
        const scenario = { ...FULL, name, why, seeded: names, choices };
        const written = await writeScenario(toyWorld, scenario);
        const read = await readBack(written);
        expect(read).toEqual(scenario);
        expect(await writeScenario(toyWorld, read)).toBe(written);
      }),
      { numRuns: 200 },
    );
  });

  it('is not written if it could not be read', async () => {
    const twice = { ...FULL, workload: [...FULL.workload, { key: 'f1', at: 9, kind: 'add', by: 1 }] } as const;
    await expect(writeScenario(toyWorld, twice)).rejects.toThrow('faults.0.key: expected a key that no other');
    await expect(writeScenario(toyWorld, { ...FULL, seed: -1n })).rejects.toThrow();
  });
});
