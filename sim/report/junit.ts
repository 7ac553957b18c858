/**
 * A report as JUnit XML, by the schema of Jenkins' xUnit plugin, which the readers of JUnit files have in common. Text from
 * runs and files is put into it, so every character that XML does not allow, or would take for its own, is written another
 * way; nothing is left out but what is past the length that readers take.
 */
import type { Case, Report, Suite } from './suite.ts';
import type { WorthLine } from './worth.ts';

/** Of a message or of the lines under it. */
const TEXT_CHARS_MAX = 20_000;

export function junitXml({ title, suites, notes = [] }: Report): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: title, ...totals(suites) })}>`,
  ];
  for (const [at, suite] of suites.entries()) {
    lines.push(`  <testsuite ${attributes({ name: suite.name, ...totals([suite]) })}>`);
    // Properties belong to a suite; what is said of the whole stands in the first.
    if (at === 0) lines.push(...properties(notes));
    for (const item of suite.cases) lines.push(...testCase(item, suite.name));
    lines.push('  </testsuite>');
  }
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function properties(notes: readonly WorthLine[]): readonly string[] {
  if (notes.length === 0) return [];
  const lines = notes.map(({ name, text }) => `      <property ${attributes({ name, value: text })}/>`);
  return ['    <properties>', ...lines, '    </properties>'];
}

function testCase(
  { name, outcome, verdict, message = '', detail = [], again }: Case,
  suite: string,
): readonly string[] {
  const open = `    <testcase ${attributes({ name, classname: suite })}`;
  if (outcome === 'passed') return [`${open}/>`];
  const element = outcome === 'failed' ? 'failure' : 'error';
  const text = [message, ...detail, ...(again === undefined ? [] : [again])].join('\n');
  return [
    `${open}>`,
    `      <${element} ${attributes({ message, type: verdict })}>${escaped(shortened(text))}</${element}>`,
    '    </testcase>',
  ];
}

function totals(suites: readonly Suite[]): Record<string, string> {
  const cases = suites.flatMap((suite) => suite.cases);
  const count = (outcome: Case['outcome']): string => `${cases.filter((item) => item.outcome === outcome).length}`;
  let seconds = 0;
  for (const suite of suites) seconds += suite.seconds ?? 0;
  return { tests: `${cases.length}`, failures: count('failed'), errors: count('error'), time: seconds.toFixed(3) };
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(shortened(value)).replace(/[\t\n\r]/g, reference)}"`)
    .join(' ');
}

function shortened(text: string): string {
  return text.length > TEXT_CHARS_MAX ? `${text.slice(0, TEXT_CHARS_MAX)}…` : text;
}

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no place for these, not even as references: they are shown as what they are. */
const NOT_IN_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function escaped(text: string): string {
  return text
    .replace(NOT_IN_XML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[&<>"]/g, (character) => MARKUP[character] ?? character)
    .replaceAll('\r', reference);
}

/** Line ends and tabs that a reader would turn into others. */
function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
