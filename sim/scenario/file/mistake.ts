/**
 * What is wrong with a scenario file: one line for each mistake, with its place. Everything in such a line comes from a
 * file, so nothing in it may move a terminal's cursor or pass for another line.
 */

export interface Mistake {
  /** Counted from 1. Absent if the whole file is meant. */
  readonly line?: number;
  readonly column?: number;
  /** What was expected and what was found. */
  readonly message: string;
}

const SHOWN_CHARS_MAX = 60;

/** `file:line:col: message`. */
export function mistakeLine(path: string, { line, column, message }: Mistake): string {
  const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
  return `${printable(path)}${place}: ${printable(message)}`;
}

/** Text that can stand in a line: controls, line ends and marks of direction are written as escapes. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The same for text of several lines. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/**
 * Text on one line: each line end becomes a space, together with all the space around it. Done by hand, because a regular
 * expression would scan a run of spaces once from each of them.
 */
export function oneLine(text: string): string {
  const [first = '', ...rest] = text.split('\n');
  const last = rest.pop();
  if (last === undefined) return text;
  const between = rest.map((line) => line.trim()).filter((line) => line !== '');
  return [first.trimEnd(), ...between, last.trimStart()].join(' ');
}

/** A value of a file, in a few words. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'a map';
  return shortened(String(value));
}

export function shortened(text: string): string {
  return text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text;
}
