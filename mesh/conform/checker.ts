/**
 * A checker of recorded vectors: a function from one vector to null (it holds) or to what differed. This module also has
 * the two things that every checker needs: reading a vector by a schema, and saying where two values differ.
 */
import { z } from 'zod';

/** Checks one vector: null if it holds, else what differed. */
export type VectorChecker = (vector: unknown) => string | null | Promise<string | null>;

/** A checker that first reads its vector by `schema`. A vector that does not fit fails, with the place. */
export function checkerOf<S extends z.ZodType>(
  schema: S,
  check: (vector: z.output<S>) => string | null | Promise<string | null>,
): VectorChecker {
  return (vector) => {
    const read = schema.safeParse(vector);
    return read.success ? check(read.data) : `not a vector of this file: ${z.prettifyError(read.error)}`;
  };
}

/**
 * Where `actual` first differs from `expected`, or null. Both are plain data; bigints, lists and records are compared by
 * value.
 */
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

/** A value for a message, cut if it would drown the rest. */
function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  if (text === undefined) return String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
