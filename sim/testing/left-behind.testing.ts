/**
 * Test files share processes. A file that leaves its process changed fails by this check, so that no later file can fail
 * for it.
 */
import crypto from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { afterAll, expect } from 'vitest';
// Vitest keeps its registry on the global object.
import 'zod';
import { restoreGuards } from '../kernel/host/guards.ts';
import { SCRATCH } from './scratch-folder.testing.ts';

/** Where the host's time, chance and exit are reached besides the global object. */
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

/** What a file might replace and another would notice, by name. */
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

/** For the file and all processes that it starts, of other users too. */
const temporary = mkdtempSync(join(tmpdir(), 'sim-test-'));
const { TMPDIR: outer } = process.env;
process.env.TMPDIR = temporary;
chmodSync(temporary, 0o755);
const before = surroundings();

afterAll(() => {
  restoreGuards();
  const leftOnDisk = readdirSync(temporary).filter((name) => name !== SCRATCH);
  rmSync(temporary, { recursive: true });
  const after = surroundings();
  const names = new Set([...before.keys(), ...after.keys()]);
  const changed = [...names].filter((name) => !Object.is(before.get(name), after.get(name)));
  if (outer === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = outer;
  expect({ changed, leftOnDisk }).toEqual({ changed: [], leftOnDisk: [] });
}, 60_000);
