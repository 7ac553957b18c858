/**
 * A report as JUnit XML, valid by both schemas that its readers use. The schema of Jenkins' xUnit plugin has many optional
 * parts. In the schema of Ant's JUnit task all of them are required, and the outermost element has no attributes.
 *
 * Text from runs and files goes into it. Every character that XML does not allow, or would interpret, is written in another
 * way. Nothing is left out, except beyond the length that readers accept.
 */
import type { Case, Report, Suite } from '../model/suite.ts';
import type { WorthLine } from '../model/worth.ts';

/** Longest message or detail, in characters. */
const TEXT_CHARS_MAX = 20_000;

/** `ended`: when the run that the report is about ended. */
export function junitXml({ title, suites, notes = [] }: Report, ended: Date): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>'];
  for (const [id, suite] of suites.entries()) {
    const where = { package: 'sim', id: `${id}`, timestamp: ended.toISOString().slice(0, 19), hostname: 'localhost' };
    lines.push(`  <testsuite ${attributes({ name: suite.name, ...where, ...totals(suite) })}>`);
    // Properties belong to a suite. What is said of the whole report stands in the first suite.
    lines.push(...properties([{ name: 'report', text: title }, ...(id === 0 ? notes : [])]));
    for (const item of suite.cases) lines.push(...testCase(item, suite.name));
    lines.push('    <system-out/>', '    <system-err/>', '  </testsuite>');
  }
  lines.push('</testsuites>');
  return `${lines.join('\n')}\n`;
}

function properties(notes: readonly WorthLine[]): readonly string[] {
  const lines = notes.map(({ name, text }) => `      <property ${attributes({ name, value: text })}/>`);
  return ['    <properties>', ...lines, '    </properties>'];
}

function testCase(
  { name, outcome, verdict, message = '', detail = [], again }: Case,
  suite: string,
): readonly string[] {
  const open = `    <testcase ${attributes({ name, classname: suite, time: '0' })}`;
  if (outcome === 'passed') return [`${open}/>`];
  const element = outcome === 'failed' ? 'failure' : 'error';
  const text = [message, ...detail, ...(again === undefined ? [] : [again])].join('\n');
  return [
    `${open}>`,
    `      <${element} ${attributes({ message, type: verdict })}>${escaped(shortened(text))}</${element}>`,
    '    </testcase>',
  ];
}

function totals({ cases, seconds = 0 }: Suite): Record<string, string> {
  const count = (outcome: Case['outcome']): string => `${cases.filter((item) => item.outcome === outcome).length}`;
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

/**
 * XML 1.0 cannot hold some characters, not even as references, and others reverse text. They are shown by their code
 * points.
 */
const NOT_IN_XML =
  /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

function escaped(text: string): string {
  return text
    .replace(NOT_IN_XML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/[&<>"]/g, (character) => MARKUP[character] ?? character)
    .replaceAll('\r', reference);
}

/** Line ends and tabs that a reader would replace. */
function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
