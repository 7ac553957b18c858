import crypto, { randomInt as importedRandomInt } from 'node:crypto';
import timersPromises, { setTimeout as importedSleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { PlainChooser } from '../choices/chooser.ts';
import { name } from '../choices/name.ts';
import { Kernel, type RunEnd } from '../kernel.ts';
import { installGuards, restoreGuards } from './guards.ts';

afterAll(restoreGuards);

/** Runs one task that does something, and says how the run ended. */
async function endOf(body: () => unknown): Promise<RunEnd> {
  const kernel = new Kernel({ chooser: new PlainChooser() });
  kernel.root.spawn('reacher', async () => {
    await kernel.root.sleep(1);
    body();
  });
  return kernel.run();
}

const reaching: readonly (readonly [string, () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['new Date()', () => new Date()],
  ['Date()', () => Date()],
  ['Math.random', () => Math.random()],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['crypto.randomUUID', () => globalThis.crypto.randomUUID()],
  ['crypto.getRandomValues', () => globalThis.crypto.getRandomValues(new Uint8Array(4))],
  ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint8Array(4))],
  ['crypto.randomBytes', () => crypto.randomBytes(4)],
  ['crypto.randomInt', () => importedRandomInt(4)],
  ['crypto.randomFillSync', () => crypto.randomFillSync(new Uint8Array(4))],
  ['crypto.generateKeySync', () => crypto.generateKeySync('hmac', { length: 64 })],
  ['crypto.subtle.generateKey', () => crypto.webcrypto.subtle.generateKey('Ed25519', true, ['sign'])],
  ['setTimeout', () => setTimeout(() => {}, 1)],
  ['timers/promises.setTimeout', () => promisify(setTimeout)(1)],
  ['AbortSignal.timeout', () => AbortSignal.timeout(1)],
  ['setInterval', () => setInterval(() => {}, 1)],
  ['setImmediate', () => setImmediate(() => {})],
  ['timers/promises.setTimeout', () => importedSleep(1)],
  ['timers/promises.setImmediate', () => timersPromises.setImmediate()],
  ['timers/promises.scheduler.wait', () => timersPromises.scheduler.wait(1)],
  ['performance.now', () => performance.now()],
  ['process.hrtime', () => process.hrtime()],
  ['process.hrtime.bigint', () => process.hrtime.bigint()],
  ['process.uptime', () => process.uptime()],
  ['process.memoryUsage', () => process.memoryUsage()],
  ['process.memoryUsage.rss', () => process.memoryUsage.rss()],
  ['new WeakRef', () => new WeakRef({})],
  ['new FinalizationRegistry', () => new FinalizationRegistry(() => {})],
];

describe('a run in which the host is forbidden', () => {
  test.each(reaching)('ends when a task reaches %s, naming the call site', async (what, reach) => {
    const end = await endOf(reach);
    expect(end).toMatchObject({ kind: 'nondeterminism', what });
    expect(end.kind === 'nondeterminism' && end.callSite).toMatch(/sim\/kernel\/host\/guards\.test\.ts:\d+:\d+$/);
  });

  test('ends even if the code that reached for it swallows the exception', async () => {
    const end = await endOf(() => {
      try {
        Date.now();
      } catch {
        return;
      }
    });
    expect(end).toMatchObject({ kind: 'nondeterminism', what: 'Date.now' });
  });

  test('ends when a callback of the world reaches for it, or a microtask of a segment', async () => {
    const kernel = new Kernel({ chooser: new PlainChooser() });
    kernel.schedule(5, name('fault', 'f1'), () => {
      void Promise.resolve().then(() => Math.random());
    });
    expect(await kernel.run()).toMatchObject({ kind: 'nondeterminism', what: 'Math.random' });
  });

  test('leaves alone what every run gets the same way', async () => {
    const seen: unknown[] = [];
    const end = await endOf(() => {
      seen.push(
        new Date(0).toISOString(),
        Date.UTC(2020, 0),
        crypto.createHash('sha256').update('x').digest('hex').length,
      );
      clearTimeout(undefined);
      queueMicrotask(() => seen.push('microtask'));
      process.nextTick(() => seen.push('tick'));
    });
    expect(end).toEqual({ kind: 'idle' });
    expect(seen).toEqual(['1970-01-01T00:00:00.000Z', 1577836800000, 64, 'microtask', 'tick']);
  });
});

test('outside of segments the host is itself', async () => {
  const before = Date.now();
  const kernel = new Kernel({ chooser: new PlainChooser() });
  const looked: number[] = [];
  kernel.root.spawn('sleeper', () => kernel.root.sleep(1));
  await kernel.run({
    until: () => {
      looked.push(Date.now());
      return false;
    },
  });
  expect(looked.every((ms) => ms >= before)).toBe(true);
  expect(new Date()).toBeInstanceOf(Date);
  expect(new Date().constructor).toBe(Date);
  expect(new (class extends Date {})(5).getTime()).toBe(5);
  expect(typeof Date()).toBe('string');
  await importedSleep(1);
  await promisify(setImmediate)();
});

test('guards come off as they went on', () => {
  restoreGuards();
  const host = [Date, Date.now, Math.random, setTimeout, crypto.randomBytes, performance.now, process.hrtime, WeakRef];
  installGuards();
  const guarded = [
    Date,
    Date.now,
    Math.random,
    setTimeout,
    crypto.randomBytes,
    performance.now,
    process.hrtime,
    WeakRef,
  ];
  expect(guarded.map((one, i) => one === host[i])).toEqual(host.map(() => false));
  installGuards();
  restoreGuards();
  const after = [Date, Date.now, Math.random, setTimeout, crypto.randomBytes, performance.now, process.hrtime, WeakRef];
  expect(after.map((one, i) => one === host[i])).toEqual(host.map(() => true));
  installGuards();
});
