/** What a schema objects to in a value, in this project's words: what was expected, what was found, and where. */
import type { z } from 'zod';
import type { SourceDocument } from './document.ts';
import type { Mistake } from './mistake.ts';
import { printable, shown } from './mistake.ts';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

const NOUNS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  null: 'null',
};
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };
const NEAR_MAX = 2;
const LISTED_MAX = 12;

/** The words for an issue whose schema has none of its own. Several unknown keys get one line each. */
export function wording(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${NOUNS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${oneOf(issue.values.map(String), issue.input)}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `expected ${oneOf(issue.options.map(String), fieldOf(issue.input, issue.discriminator))}`
        : 'expected another form';
    case 'unrecognized_keys':
      return issue.keys.map((key) => `expected ${oneOf(fieldsOf(issue.inst), key)}; found ${shown(key)}`).join('\n');
    case 'too_small':
      return `expected at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    default:
      return 'expected another value';
  }
}

/** The mistakes that the issues of a value stand for. */
export function explain(issues: readonly Issue[], document: SourceDocument): readonly Mistake[] {
  return issues.flatMap((issue) => explainOne(issue, issue.path, document));
}

function explainOne(issue: Issue, path: readonly PropertyKey[], document: SourceDocument): readonly Mistake[] {
  if (issue.code === 'unrecognized_keys') {
    const lines = issue.message.split('\n');
    return issue.keys.map((key, i) => mistake(document.placeOfKey(path, key), path, lines[i] ?? issue.message));
  }
  if (issue.code === 'invalid_union') {
    const meant = branchMeant(issue.errors);
    if (meant !== undefined) return meant.flatMap((inner) => explainOne(inner, [...path, ...inner.path], document));
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    const inMap = path.slice(0, -1);
    const [first] = issue.issues;
    return [mistake(document.placeOfKey(inMap, key), inMap, `${first?.message ?? issue.message}; found ${shown(key)}`)];
  }
  return [mistake(document.place(path), path, `${issue.message}; found ${shown(valueAt(document.value, path))}`)];
}

/** Of several forms, the one whose outline the value has, if there is one. Its issues are then reported. */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 && code !== 'unrecognized_keys'),
  );
  const [first, second] = fitting.sort((a, b) => a.length - b.length);
  return first !== undefined && first.length < (second?.length ?? Number.POSITIVE_INFINITY) ? first : undefined;
}

function mistake(place: { line: number; column: number }, path: readonly PropertyKey[], message: string): Mistake {
  return {
    line: place.line,
    column: place.column,
    message: path.length === 0 ? message : `${pathText(path)}: ${message}`,
  };
}

/** `workload[3].action.chain` */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) =>
      typeof step === 'number' ? `[${step}]` : /^\w+$/.test(String(step)) ? `.${String(step)}` : `[${shown(step)}]`,
    )
    .join('')
    .replace(/^\./, '');
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let inner = value;
  for (const step of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    inner = Reflect.get(inner, step);
  }
  return inner;
}

function fieldOf(value: unknown, field: unknown): unknown {
  return typeof field === 'string' ? valueAt(value, [field]) : undefined;
}

function fieldsOf(schema: RawIssue['inst']): readonly string[] {
  const def = schema === undefined || !('_zod' in schema) ? {} : schema._zod.def;
  return 'shape' in def && typeof def.shape === 'object' && def.shape !== null ? Object.keys(def.shape) : [];
}

/**
 * The names that may have been meant: all of them if there are few, else the nearest to what was written, and how many
 * there are.
 */
function oneOf(names: readonly string[], written: unknown): string {
  if (names.length === 1) return String(names[0]);
  const near = typeof written !== 'string' ? [] : names.filter((name) => distance(name, written) <= NEAR_MAX);
  if (near.length > 0) return `${near.map(printable).join(' or ')} (nearest of ${names.length})`;
  if (names.length === 0) return 'no further field';
  const more = names.length > LISTED_MAX ? `, … (${names.length} in all)` : '';
  return `one of ${names.slice(0, LISTED_MAX).join(', ')}${more}`;
}

/**
 * Insertions, deletions and replacements between two short texts. If one is much longer than the other, they count as far
 * apart.
 */
export function distance(a: string, b: string, max: number = NEAR_MAX): number {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
    }
    // It only grows from row to row.
    if (Math.min(...next) > max) return max + 1;
    row = next;
  }
  return row[b.length] ?? 0;
}
