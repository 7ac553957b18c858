/** For test files that share a process: one that leaves it other than it was fails by that, so that no file after it can. */
import crypto from 'node:crypto';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { afterAll, expect } from 'vitest';
// It keeps its registry on the global object.
import 'zod';
import { restoreGuards } from './kernel/guards.ts';

/** Where the host's time, chance and end are reached beside the global object. */
const HOLDERS = [
  ['Math', Math],
  ['Date', Date],
  ['Date.prototype', Date.prototype],
  ['performance', Object.getPrototypeOf(performance)],
  ['process', process],
  ['crypto', crypto],
  ['timers', timers],
  ['timers/promises', timersPromises],
] as const;

/** What a file might replace and another would notice, by its name. */
function surroundings(): ReadonlyMap<string, unknown> {
  const globals = Object.getOwnPropertyNames(globalThis).map((name) => [name, Reflect.get(globalThis, name)] as const);
  const listeners = process
    .eventNames()
    .flatMap((event) =>
      process
        .listeners(event as NodeJS.Signals)
        .map((listener, at) => [`on ${String(event)}, ${at}`, listener] as const),
    );
  const functions = HOLDERS.flatMap(([holder, object]) =>
    Object.entries(Object.getOwnPropertyDescriptors(object)).flatMap(([name, { value }]) =>
      typeof value === 'function' ? [[`${holder}.${name}`, value] as const] : [],
    ),
  );
  return new Map<string, unknown>([
    ...globals,
    ...functions,
    ...listeners,
    ...Object.entries(process.env),
    ['cwd', process.cwd()],
  ]);
}

const before = surroundings();

afterAll(() => {
  restoreGuards();
  const after = surroundings();
  const names = new Set([...before.keys(), ...after.keys()]);
  expect([...names].filter((name) => !Object.is(before.get(name), after.get(name)))).toEqual([]);
});
