/**
 * What a checker of recorded vectors is: a function from one vector to null (it holds) or to what differed. Beside it
 * stand the two things every checker needs: reading a vector by a schema, and saying where two values part.
 */
import { z } from 'zod';

/** Checks one vector: null if it holds, else what differed. */
export type VectorChecker = (vector: unknown) => string | null | Promise<string | null>;

/** A checker that reads its vector by `schema` first; one that does not fit is a failure that says where. */
export function checkerOf<S extends z.ZodType>(
  schema: S,
  check: (vector: z.output<S>) => string | null | Promise<string | null>,
): VectorChecker {
  return (vector) => {
    const read = schema.safeParse(vector);
    return read.success ? check(read.data) : `not a vector of this file: ${z.prettifyError(read.error)}`;
  };
}

/** Where `actual` first parts from `expected` (plain data; bigints, lists and records compared by value), or null. */
export function firstDifference(expected: unknown, actual: unknown, path = 'result'): string | null {
  if (Object.is(expected, actual)) return null;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (expected.length !== actual.length) {
      return `${path}: expected ${expected.length} entries, got ${actual.length}`;
    }
    return firstOf(expected.keys(), (i) => firstDifference(expected[i], actual[i], `${path}[${i}]`));
  }
  if (isRecord(expected) && isRecord(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return firstOf(keys, (key) => firstDifference(expected[key], actual[key], `${path}.${key}`));
  }
  return `${path}: expected ${show(expected)}, got ${show(actual)}`;
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as it stands in a message, cut where it would drown the rest. */
function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  if (text === undefined) return String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
