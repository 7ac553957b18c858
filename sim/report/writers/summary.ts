/** A report as Markdown, for the summary page of a job: how many passed, a table of what did not, and what it is worth. */
import { oneLine, printable } from '../../scenario/file/mistake.ts';
import type { Case, Report } from '../model/suite.ts';

/** A job's summaries may have one megabyte. */
const ROWS_MAX = 100;
const CELL_CHARS_MAX = 500;

export function summaryMarkdown({ title, suites, notes = [] }: Report): string {
  const cases = suites.filter(({ derived }) => derived !== true).flatMap((suite) => suite.cases);
  const failed = cases.filter(({ outcome }) => outcome !== 'passed');
  const lines = [`## ${inline(title)}`, '', `${cases.length - failed.length} of ${cases.length} passed.`, ''];
  if (failed.length > 0) {
    lines.push('| | verdict | why | again |', '|---|---|---|---|');
    lines.push(...failed.slice(0, ROWS_MAX).map(row), '');
    if (failed.length > ROWS_MAX) lines.push(`And ${failed.length - ROWS_MAX} more.`, '');
  }
  if (notes.length > 0) {
    lines.push('| | |', '|---|---|', ...notes.map(({ name, text }) => `| ${inline(name)} | ${inline(text)} |`), '');
  }
  return `${lines.join('\n')}\n`;
}

function row({ name, verdict, message = '', again }: Case): string {
  return `| ${inline(name)} | ${inline(verdict)} | ${inline(message)} | ${again === undefined ? '' : code(again)} |`;
}

/** Text on one line in which Markdown and HTML find nothing to interpret. */
function inline(text: string): string {
  return printable(oneLine(cut(text).replaceAll('\r', '\n')))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Code, in a tag. A span of backticks would end at the first backtick in it, and a table cell at the first bar. */
function code(text: string): string {
  return `<code>${inline(text)}</code>`;
}

function cut(text: string): string {
  return text.length > CELL_CHARS_MAX ? `${text.slice(0, CELL_CHARS_MAX)}…` : text;
}
