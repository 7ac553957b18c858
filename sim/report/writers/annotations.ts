/** A report as GitHub's workflow commands: one annotation for each case that did not pass, at its file if it has one. */
import { printable } from '../../scenario/file/mistake.ts';
import type { Case, Report } from '../model/suite.ts';

/** GitHub shows no more for one step. */
const SHOWN_MAX = 10;
const MESSAGE_CHARS_MAX = 4000;

/** One line each. `fileOf` gives a file's path from the repository's root. */
export function annotations({ suites }: Report, fileOf: (file: string) => string): readonly string[] {
  const failed = suites
    .filter(({ derived }) => derived !== true)
    .flatMap(({ cases }) => cases.filter(({ outcome }) => outcome !== 'passed'));
  const lines = failed.slice(0, SHOWN_MAX).map((item) => annotation(item, fileOf));
  if (failed.length > SHOWN_MAX) lines.push(`::notice::${failed.length - SHOWN_MAX} more did not pass`);
  return lines;
}

function annotation(
  { name, verdict, message = '', detail = [], file, line, again }: Case,
  fileOf: (file: string) => string,
): string {
  const place = file === undefined ? {} : { file: fileOf(file), line: `${line ?? 1}` };
  const properties = Object.entries({ ...place, title: `${name}: ${verdict}` })
    .map(([key, value]) => `${key}=${property(value)}`)
    .join(',');
  const text = [message, ...detail, ...(again === undefined ? [] : [again])].join('\n').slice(0, MESSAGE_CHARS_MAX);
  return `::error ${properties}::${data(text)}`;
}

/** Escaped as the runner unescapes it. Otherwise a line end in it would begin a new command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').split('\n').map(printable).join('%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
