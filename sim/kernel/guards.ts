// biome-ignore-all lint/style/noRestrictedGlobals: this is where the host's functions get their guards
// biome-ignore-all lint/style/noRestrictedImports: the same
/**
 * Guards on everything of the host that differs from run to run: time, timers, randomness, memory, collection.
 *
 * They are installed once a process (thousands of runs a second go through here) and cost outside of segments one look.
 * Within a segment they end the run, or answer for a virtual host. `restoreGuards` takes them off again, for tests. What
 * a module took off the host before the first run escapes them; lint bans that.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { performance } from 'node:perf_hooks';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Ambient, activeAmbient, NondeterminismError } from './ambient.ts';
import type { Answer } from './virtual-functions.ts';
import * as virtual from './virtual-functions.ts';

const undo: (() => void)[] = [];
/** The guarded form of a host function, which may be reached in several places. */
const guardedOf = new Map<unknown, object>();

/** Puts the guards on; does nothing if they are. */
export function installGuards(): void {
  if (undo.length > 0) return;
  guardDate();
  // biome-ignore lint/plugin: its one function that is not arithmetic
  guard(Math, 'random', 'Math.random', virtual.random);
  guard(ownerOf(performance, 'now'), 'now', 'performance.now', virtual.performanceNow);
  guardTimers();
  guardProcess();
  guardCrypto();
  guardConstructor('WeakRef');
  guardConstructor('FinalizationRegistry');
  guardTemporal();
  syncBuiltinESMExports();
}

/** Takes the guards off. */
export function restoreGuards(): void {
  for (const restore of undo.splice(0).reverse()) restore();
  guardedOf.clear();
  syncBuiltinESMExports();
}

/** Where the code is that called a guarded function: the first frame that is neither the kernel's nor Node's own. */
function callSite(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  for (const line of stack.split('\n').slice(1)) {
    const place = line.replace(/^.*\(|^\s*at (?:async )?|\)$/g, '').replace(/^file:\/\//, '');
    if (!/:\d+:\d+$/.test(place) || place.startsWith('node:')) continue;
    if (place.startsWith(KERNEL) && !place.includes('.test.')) continue;
    return place;
  }
  return 'unknown';
}

const KERNEL = fileURLToPath(new URL('.', import.meta.url));

/** What a segment's code gets: an answer of its virtual host, or an exception as its run ends. */
function answer(ambient: Ambient, what: string, virtually: Answer | undefined, args: readonly unknown[]): unknown {
  if (ambient.host !== undefined && virtually !== undefined) return virtually(ambient.host, args);
  throw ambient.reached(what);
}

/** Puts a guard in the place of a method; without a virtual answer it is forbidden in every run. */
function guard(holder: object, key: PropertyKey, what: string, virtually?: Answer): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function') return;
  const known = guardedOf.get(original);
  const guarded = known ?? guardedFunction(original, what, virtually);
  guardedOf.set(original, guarded);
  replace(holder, key, guarded);
}

/** The object of a chain of prototypes that has the property: which one that is differs between versions of Node. */
function ownerOf(object: object, key: PropertyKey): object {
  for (let owner: unknown = object; typeof owner === 'object' && owner !== null; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, key)) return owner;
  }
  return object;
}

function guardedFunction(original: object, what: string, virtually: Answer | undefined): object {
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    const ambient = activeAmbient();
    if (ambient === undefined) return callHost(original, this, args);
    return answer(ambient, what, virtually, args);
  };
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor === undefined || key === 'prototype') continue;
    // What is fixed on the host's function may have to be guarded on ours.
    Reflect.defineProperty(guarded, key, { ...descriptor, configurable: true });
  }
  return guarded;
}

function callHost(original: object, self: unknown, args: readonly unknown[]): unknown {
  return typeof original === 'function' ? Reflect.apply(original, self, args) : undefined;
}

function replace(holder: object, key: PropertyKey, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(holder, key);
  const { enumerable = true } = before ?? {};
  if (!Reflect.defineProperty(holder, key, { value, enumerable, configurable: true, writable: true })) return;
  undo.push(() => {
    if (before === undefined) Reflect.deleteProperty(holder, key);
    else Reflect.defineProperty(holder, key, before);
  });
}

/** `Date.now`, `Date()` and `new Date()`; the date of a given time is anybody's. */
function guardDate(): void {
  const HostDate = Date;
  const guarded = new Proxy(HostDate, {
    apply(target, self, args: unknown[]): unknown {
      const ambient = activeAmbient();
      if (ambient === undefined) return Reflect.apply(target, self, args);
      return new HostDate(Number(answer(ambient, 'Date()', virtual.wallMs, args))).toString();
    },
    construct(target, args: unknown[], newTarget): object {
      const ambient = activeAmbient();
      if (ambient === undefined || args.length > 0) return Reflect.construct(target, args, newTarget);
      return Reflect.construct(target, [answer(ambient, 'new Date()', virtual.wallMs, args)], newTarget);
    },
  });
  guard(HostDate, 'now', 'Date.now', virtual.wallMs);
  replace(globalThis, 'Date', guarded);
  replace(HostDate.prototype, 'constructor', guarded);
}

function guardTimers(): void {
  for (const holder of [globalThis, timers]) {
    guard(holder, 'setTimeout', 'setTimeout', virtual.setTimeout);
    guard(holder, 'setInterval', 'setInterval', virtual.setInterval);
    guard(holder, 'setImmediate', 'setImmediate', virtual.setImmediate);
    for (const key of ['clearTimeout', 'clearInterval', 'clearImmediate']) guardClear(holder, key);
  }
  guard(timersPromises, 'setTimeout', 'timers/promises.setTimeout', virtual.promisedTimeout);
  guard(timersPromises, 'setImmediate', 'timers/promises.setImmediate', virtual.promisedImmediate);
  guard(timersPromises, 'setInterval', 'timers/promises.setInterval', virtual.promisedInterval);
  // `util.promisify` finds the promise form of a timer on the timer.
  guard(timers.setTimeout, promisify.custom, 'timers/promises.setTimeout', virtual.promisedTimeout);
  guard(timers.setImmediate, promisify.custom, 'timers/promises.setImmediate', virtual.promisedImmediate);
  const { scheduler } = timersPromises;
  guard(ownerOf(scheduler, 'wait'), 'wait', 'timers/promises.scheduler.wait', virtual.wait);
  guard(ownerOf(scheduler, 'yield'), 'yield', 'timers/promises.scheduler.yield', virtual.promisedImmediate);
}

/** Clearing is harmless: where no virtual host is, it goes to the host. */
function guardClear(holder: object, key: string): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function') return;
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    const host = activeAmbient()?.host;
    return host === undefined ? Reflect.apply(original, this, args) : virtual.clearTimer(host, args);
  };
  replace(holder, key, guarded);
}

function guardProcess(): void {
  guard(process, 'hrtime', 'process.hrtime', virtual.hrtime);
  guard(process.hrtime, 'bigint', 'process.hrtime.bigint', virtual.hrtimeBigint);
  guard(process, 'uptime', 'process.uptime', virtual.uptime);
  guard(process, 'memoryUsage', 'process.memoryUsage');
  guard(process.memoryUsage, 'rss', 'process.memoryUsage.rss');
  guard(process, 'cpuUsage', 'process.cpuUsage');
  guard(process, 'resourceUsage', 'process.resourceUsage');
}

function guardCrypto(): void {
  guard(crypto, 'randomBytes', 'crypto.randomBytes', virtual.randomBytes);
  guard(crypto, 'randomInt', 'crypto.randomInt', virtual.randomInt);
  guard(crypto, 'randomUUID', 'crypto.randomUUID', virtual.randomUUID);
  guard(crypto, 'randomFill', 'crypto.randomFill', virtual.randomFill);
  guard(crypto, 'randomFillSync', 'crypto.randomFillSync', virtual.randomFillSync);
  for (const what of ['Key', 'KeyPair', 'Prime']) {
    guard(crypto, `generate${what}`, `crypto.generate${what}`);
    guard(crypto, `generate${what}Sync`, `crypto.generate${what}Sync`);
  }
  const { webcrypto } = crypto;
  guard(ownerOf(webcrypto, 'getRandomValues'), 'getRandomValues', 'crypto.getRandomValues', virtual.getRandomValues);
  guard(ownerOf(webcrypto, 'randomUUID'), 'randomUUID', 'crypto.randomUUID', virtual.randomUUID);
  guard(ownerOf(webcrypto.subtle, 'generateKey'), 'generateKey', 'crypto.subtle.generateKey');
}

/** What shows when memory is collected. Code on a virtual host may hold weakly: it mostly caches. */
function guardConstructor(key: 'WeakRef' | 'FinalizationRegistry'): void {
  replace(
    globalThis,
    key,
    new Proxy<object>(globalThis[key], {
      construct(target, args: unknown[], newTarget): object {
        const ambient = activeAmbient();
        if (ambient !== undefined && ambient.host === undefined) throw ambient.reached(`new ${key}`);
        if (typeof target !== 'function') throw new TypeError(`${key} is not a constructor`);
        return Reflect.construct(target, args, newTarget);
      },
    }),
  );
}

/** Newer hosts only. */
function guardTemporal(): void {
  const temporal: unknown = Reflect.get(globalThis, 'Temporal');
  if (typeof temporal !== 'object' || temporal === null) return;
  const now: unknown = Reflect.get(temporal, 'Now');
  if (typeof now !== 'object' || now === null) return;
  for (const key of Object.getOwnPropertyNames(now)) guard(now, key, `Temporal.Now.${key}`);
}

/** Ends a run, and gives what to throw at the caller. */
export function reached(what: string, end: (error: NondeterminismError) => void): Error {
  const error = new NondeterminismError(what, callSite());
  end(error);
  return error;
}
