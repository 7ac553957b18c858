/** For test files that share a process: one that leaves it other than it was fails by that, so that no file after it can. */
import { afterAll, expect } from 'vitest';
// It keeps its registry on the global object.
import 'zod';
import { restoreGuards } from './kernel/guards.ts';

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
  return new Map<string, unknown>([...globals, ...listeners, ...Object.entries(process.env), ['cwd', process.cwd()]]);
}

const before = surroundings();

afterAll(() => {
  restoreGuards();
  const after = surroundings();
  const names = new Set([...before.keys(), ...after.keys()]);
  expect([...names].filter((name) => !Object.is(before.get(name), after.get(name)))).toEqual([]);
});
