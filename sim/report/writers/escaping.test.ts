/** What comes from outside, a file's name above all, in each channel that it is written to: none may take it for its own. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { oneLine, printable, printableLines } from '../../scenario/file/mistake.ts';
import { shellWord } from '../model/replay-command.ts';
import { annotations } from './annotations.ts';
import { junitXml } from './junit.ts';
import { summaryMarkdown } from './summary.ts';

const EVIL = "a\u001b[2J\n::stop-commands::x\r\u202eb\u0085\u2066c'd\\e.yaml";
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for.
const HARMFUL = /[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
const item = {
  name: EVIL,
  outcome: 'error',
  verdict: 'invalid',
  message: EVIL,
  detail: [EVIL],
  file: EVIL,
  again: EVIL,
} as const;
const report = { title: EVIL, suites: [{ name: 'scenarios', cases: [item] }] };

describe('a file name with ESC, line ends and marks of direction', () => {
  it.each([
    ['the terminal', printable(EVIL)],
    ['several lines of a terminal', printableLines(EVIL)],
    ['annotations', annotations(report, (file) => file).join('\n')],
    ['JUnit', junitXml(report, new Date(0)).replaceAll('&#13;', '')],
    ['a summary', summaryMarkdown(report)],
    ['a command', shellWord(EVIL)],
  ])('harms nothing in %s', (_channel, text) => {
    expect(text).not.toMatch(HARMFUL);
  });

  it('begins no line of a workflow', () => {
    const lines = annotations(report, (file) => file);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('\n');
  });

  it('is the same file in a command that bash is given', () => {
    const given = execFileSync('bash', ['-c', `printf %s ${shellWord(EVIL)}`], {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    expect(given.toString()).toBe(EVIL);
  });
});

describe('text on one line', () => {
  it.each([
    ['a', 'a'],
    ['a \n b', 'a b'],
    ['\n', ' '],
    [' a\n\n \nb ', ' a b '],
  ])('%j is %j', (text, line) => expect(oneLine(text)).toBe(line));

  it('takes no longer where there are many spaces', () => {
    expect(oneLine(' '.repeat(4_000_000))).toHaveLength(4_000_000);
  });
});
