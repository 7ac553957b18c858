/** Failures as people read them: everything that is needed, and never more than a screen of 25 lines of 100 columns. */
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Violation } from '../../invariant/invariant.ts';
import type { TraceRecord } from '../../kernel/trace/trace.ts';
import { cut, wrapped } from '../text/wrap.ts';
import { type Failure, failureLines } from './failure.ts';
import { runFileCommand, traceFileCommand } from './replay-command.ts';

const plain = picocolors.createColors(false);

const event = (i: number, fields: TraceRecord['fields'] = { op: 'k1' }): TraceRecord => ({
  atMs: i * 10,
  task: 'n1/i0/executor',
  kind: 'admit',
  fields,
});

const violation: Violation = {
  invariant: 'ring-fifo',
  atMs: 30,
  event: 3,
  message: 'expected entry 1 of the ring to be a, found b',
};

function lines(parts: Partial<Violation> = {}, more: Partial<Failure> = {}): readonly string[] {
  const broken = { ...violation, ...parts };
  const also = { ...violation, invariant: 'settle' };
  return failureLines(
    {
      run: { seed: 42n, violations: [broken, also], trace: [event(1), event(2, { op: 'k2' }), event(3)] },
      violation: broken,
      world: { codeOf: (invariant) => `mesh/invariants/ring/${invariant}.ts` },
      shrunk: {
        from: { operations: 148, faults: 15, choices: 'all' },
        to: { operations: 1, faults: 2, choices: 3 },
        minimal: true,
      },
      replay: 'npx sim replay f.yaml',
      next: 'npx sim run --scenario f.yaml --trace trace.jsonl',
      ...more,
    },
    plain,
  );
}

describe('the message of a failure', () => {
  it('says what broke, where that is written, what it was shrunk from, what led to it and what to type', () => {
    expect(lines().join('\n')).toMatchInlineSnapshot(`
      "ring-fifo: safety, at an event, 30 ms, event 3
        expected  entry 1 of the ring to be a
        found     b
        code      mesh/invariants/ring/ring-fifo.ts
        seed      42
        shrunk    from 148 operations, 15 faults, all choices by seed
                  to 1 operation, 2 faults, 3 pinned choices (1-minimal)
        also      settle
        what led to it
          1  10 ms  n1/i0/executor  admit  op=k1
          3  30 ms  n1/i0/executor  admit  op=k1
        replay    npx sim replay f.yaml
        next      npx sim run --scenario f.yaml --trace trace.jsonl"
    `);
  });

  it('tells safety at an event and at the end, crashes and livelocks apart', () => {
    const [first] = lines({ atEnd: true });
    expect(first).toBe('ring-fifo: safety, at the end, 30 ms, event 3');
    expect(lines({ invariant: 'no-crash' })[0]).toContain('no-crash: crash,');
    expect(lines({ invariant: 'no-livelock' })[0]).toContain('no-livelock: livelock,');
    expect(lines({ invariant: 'no-crash' }).join('\n')).toContain('code      sim/scenario/run/run.ts');
  });

  it('shows a long difference from where the two part', () => {
    const same = 'x'.repeat(1000);
    const text = lines({ difference: { expected: `${same}A tail`, found: `${same}B tail` } });
    const [expected, found] = ['expected', 'found'].map((label) =>
      text.find((line) => line.startsWith(`  ${label}  `) && line.includes('…')),
    );
    expect(expected).toMatch(/^ {2}expected {2}…x{24}A tail$/);
    expect(found).toMatch(/^ {2}found {5}…x{24}B tail$/);
  });

  it('says when it may not be the smallest', () => {
    const size = { operations: 12_500, faults: 2100, choices: 'all' } as const;
    const text = lines({}, { shrunk: { from: size, to: size, minimal: false } }).join('\n');
    expect(text).toContain('to 12500 operations, 2100 faults, all choices by seed (time was up: maybe not minimal)\n');
    expect(text).not.toContain('1-minimal');
  });

  it('lets nothing of a run move the cursor or pass for a line of its own', () => {
    const nasty = '\u001b[2J\r\n  replay    npx sim rm\u202e\u0000';
    const trace = [event(1, { op: 'k1', reason: nasty }), event(2), { ...event(3), task: nasty }];
    const text = lines(
      { message: `expected ${nasty}, found ${nasty}`, difference: { expected: nasty, found: nasty } },
      { run: { seed: 1n, violations: [violation], trace } },
    );
    for (const line of text) expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text.filter((line) => line.startsWith('  replay '))).toEqual(['  replay    npx sim replay f.yaml']);
    expect(text.join('\n')).toContain('\\u001b[2J');
  });

  it.each([
    ['long sentences', { message: `expected ${'word '.repeat(200)}, found ${'other '.repeat(200)}` }],
    ['one long word', { message: 'x'.repeat(5000) }],
    ['long differences', { difference: { expected: 'a'.repeat(5000), found: 'b'.repeat(5000) } }],
    [
      'a sentence and a difference',
      { message: 'm '.repeat(900), difference: { expected: 'a '.repeat(900), found: '' } },
    ],
    ['a long name', { invariant: 'i'.repeat(300) }],
  ])('fits a screen with %s', (_what, parts: Partial<Violation>) => {
    const trace = Array.from({ length: 100 }, (_, i) => event(i + 1, { op: 'k1', i, text: 'y'.repeat(300) }));
    const broken = { ...violation, event: 100, ...parts };
    const many = Array.from({ length: 30 }, (_, i) => ({ ...violation, invariant: `invariant-${i}` }));
    const text = lines(parts, { run: { seed: 1n, violations: [broken, ...many], trace }, violation: broken });
    expect(text.length).toBeLessThanOrEqual(25);
    for (const line of text) expect(line.length).toBeLessThanOrEqual(100);
    expect(text.some((line) => line.includes('what led to it'))).toBe(true);
    expect(text.at(-2)).toContain('replay    npx sim');
  });
});

describe('wrapping', () => {
  it('breaks at spaces, and within words that are too long', () => {
    expect(wrapped('aaa bbb ccc', 7, 5)).toEqual(['aaa bbb', 'ccc']);
    expect(wrapped('aaaaaaaaaa', 4, 5)).toEqual(['aaaa', 'aaaa', 'aa']);
    expect(wrapped('', 4, 5)).toEqual(['']);
  });

  it('cuts what is too much, and shows that it did', () => {
    expect(wrapped('aaa bbb ccc', 3, 2)).toEqual(['aaa', 'bb…']);
    expect([cut('abcd', 4), cut('abcde', 4)]).toEqual(['abcd', 'abc…']);
  });
});

describe('the commands of a scenario file', () => {
  it('differ however long its path is: the next one asks for the trace', () => {
    const path = `${'folder/'.repeat(20)}f.yaml`;
    expect(traceFileCommand(path)).toBe(`npx sim run --scenario ${path} --trace trace.jsonl`);
    expect(traceFileCommand(path)).not.toBe(runFileCommand(path));
  });
});
