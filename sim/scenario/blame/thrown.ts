/**
 * What can be said of anything that was thrown. JavaScript lets code throw whatever it likes: nothing at all, an object
 * without a prototype, a proxy that throws again when it is looked at, an error whose name is a symbol. None of that may
 * become an exception of whoever reports it, so nothing else in the harness reads an unknown error's parts.
 */

import { oneLine } from '../file/mistake.ts';

const KEYS_MAX = 5;

/** Name and message of whatever was thrown, on one line. */
export function describeError(error: unknown): string {
  return attempt(() => oneLine(textOf(error))) ?? 'something that throws when it is looked at';
}

/** The stack of whatever was thrown, if it has one that is text. */
export function stackOf(error: unknown): string | undefined {
  const stack = partOf(error, 'stack');
  return typeof stack === 'string' ? stack : undefined;
}

/** Whether a thrown value is of a class, which can't be asked of every proxy. */
export function isOf<T>(error: unknown, kind: abstract new (...args: never[]) => T): error is T {
  return attempt(() => error instanceof kind) === true;
}

function textOf(error: unknown): string {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) return String(error);
  const message = partOf(error, 'message');
  const name = partOf(error, 'name');
  if (typeof message === 'string') return `${typeof name === 'string' ? name : 'Error'}: ${message}`;
  if (isOf(error, Error)) return `${typeof name === 'string' ? name : 'Error'}, whose message is no text`;
  if (typeof error === 'function') return 'a function';
  const keys = Object.keys(error);
  const named = keys.slice(0, KEYS_MAX).join(', ');
  const more = keys.length > KEYS_MAX ? ` and ${keys.length - KEYS_MAX} more` : '';
  return keys.length === 0 ? 'an object without keys' : `an object with the keys ${named}${more}`;
}

function partOf(error: unknown, key: 'name' | 'message' | 'stack'): unknown {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) return undefined;
  return attempt(() => Reflect.get(error, key));
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
