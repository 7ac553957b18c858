/**
 * What is known of the test that runs, from whatever the test runner hands over: vitest a context with the task, `node:test`
 * one with a name, jest nothing.
 */
import { basename } from 'node:path';
import type { Site } from './author-mistake.ts';

export interface TestIdentity {
  /** The test's name, with those of the suites it is in before it. */
  readonly name: string;
  /** The path of its file. */
  readonly file: string;
  /** Stops the runs. */
  readonly signal: AbortSignal | undefined;
  /** After so long the runner gives the test up. */
  readonly timeoutMs: number | undefined;
  /** Whether vitest runs it. */
  readonly isVitest: boolean;
  /** The part of the runner's task in which soft errors and promises are kept. */
  readonly task: unknown;
}

export function identityOf(context: unknown, site: Site): TestIdentity {
  const task = part(context, 'task');
  const names = namesOf(task);
  const name =
    names.length > 0 ? names.join(' ') : (textOf(part(context, 'fullName')) ?? textOf(part(context, 'name')));
  const timeoutMs = part(task, 'timeout');
  const signal = part(context, 'signal');
  return {
    name: name ?? jestName() ?? `${basename(site.file)} ${site.place.split(':').at(-2) ?? ''}`.trim(),
    file: textOf(part(part(task, 'file'), 'filepath')) ?? site.file,
    signal: signal instanceof AbortSignal ? signal : undefined,
    timeoutMs: typeof timeoutMs === 'number' && Number.isFinite(timeoutMs) && timeoutMs > 0 ? timeoutMs : undefined,
    isVitest: task !== undefined,
    task,
  };
}

/** From the outermost suite to the test; the file is a suite, too. */
function namesOf(task: unknown): readonly string[] {
  const names: string[] = [];
  const file = part(task, 'file');
  for (let at = task; at !== undefined && at !== file; at = part(at, 'suite')) {
    const name = textOf(part(at, 'name'));
    if (name !== undefined && name !== '') names.unshift(name);
  }
  return names;
}

function jestName(): string | undefined {
  const expect: unknown = Reflect.get(globalThis, 'expect');
  const getState = part(expect, 'getState');
  const state: unknown = typeof getState === 'function' ? Reflect.apply(getState, expect, []) : undefined;
  return textOf(part(state, 'currentTestName'));
}

/** A property of whatever it is. */
export function part(value: unknown, name: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  return Reflect.get(value, name);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
