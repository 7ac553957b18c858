// biome-ignore-all lint/style/noRestrictedGlobals: this is where the host's functions get their guards
// biome-ignore-all lint/style/noRestrictedImports: the same
/**
 * Guards on everything of the host that differs from run to run: what a virtual host answers (time, timers, randomness)
 * stands here, what is refused stands in the tables (`host-table.ts`, `host-objects.ts`).
 *
 * They are installed once a thread (thousands of runs a second go through here), before the code under test is loaded:
 * what a module took off the host before that escapes them. Outside of segments they cost one look; within one they end
 * the run, or answer for a virtual host. `restoreGuards` takes them off again, for tests.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { performance } from 'node:perf_hooks';
import stream from 'node:stream';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import { activeAmbient } from '../schedule/ambient.ts';
import { answer, areInstalled, guard, guardClass, ownerOf, removeGuards, replace } from './guard.ts';
import { guardSettings } from './outliving/settings.ts';
import { guardConsole, guardOutput } from './output.ts';
import { guardHost, guardLoaded } from './refusals.ts';
import { carryTicks } from './ticks.ts';
import * as virtualTimers from './timers/virtual-timers.ts';
import * as virtual from './virtual-functions.ts';

/** Puts the guards on; where they are, only on what has come since. */
export function installGuards(): void {
  if (areInstalled()) {
    guardConsole();
    carryTicks();
    if (guardLoaded()) syncBuiltinESMExports();
    return;
  }
  guardDate();
  // biome-ignore lint/plugin: its one function that is not arithmetic
  guard(Math, 'random', 'Math.random', { virtually: virtual.random });
  guard(ownerOf(performance, 'now'), 'now', 'performance.now', { virtually: virtual.performanceNow });
  guard(AbortSignal, 'timeout', 'AbortSignal.timeout', { virtually: virtualTimers.abortTimeout });
  guardTimers();
  // It would hold for the whole process, and so for later runs.
  guard(stream, 'setDefaultHighWaterMark', 'stream.setDefaultHighWaterMark');
  carryTicks();
  guardSettings();
  guardProcess();
  guardCrypto();
  // What shows when memory is collected. Code on a virtual host may hold weakly: it mostly caches.
  for (const key of ['WeakRef', 'FinalizationRegistry']) guardClass(globalThis, key, key, { virtuallyHost: true });
  guardTemporal();
  guardOutput();
  guardHost();
  syncBuiltinESMExports();
}

/** Takes the guards off. */
export function restoreGuards(): void {
  removeGuards();
  syncBuiltinESMExports();
}

/** `Date.now`, `Date()` and `new Date()`; the date of a given time is anybody's. Code makes dates all the time: no proxy. */
function guardDate(): void {
  const HostDate = Date;
  function GuardedDate(this: unknown, ...args: unknown[]): unknown {
    const ambient = activeAmbient();
    if (new.target === undefined) {
      if (ambient === undefined) return HostDate();
      return answer(ambient, 'Date()', (host) => new HostDate(host.wallMs()).toString(), args, HostDate);
    }
    const [first] = args;
    if (args.length === 1 && new.target === GuardedDate && (typeof first === 'number' || typeof first === 'string')) {
      return new HostDate(first);
    }
    if (args.length > 0) return Reflect.construct(HostDate, args, new.target);
    if (ambient === undefined) {
      return new.target === GuardedDate ? new HostDate() : Reflect.construct(HostDate, args, new.target);
    }
    const wallMs = answer(ambient, 'new Date()', virtual.wallMs, args, () => HostDate.now());
    return Reflect.construct(HostDate, [wallMs], new.target);
  }
  guard(HostDate, 'now', 'Date.now', { virtually: virtual.wallMs });
  for (const key of Reflect.ownKeys(HostDate)) {
    const descriptor = Object.getOwnPropertyDescriptor(HostDate, key);
    if (descriptor !== undefined) Reflect.defineProperty(GuardedDate, key, descriptor);
  }
  replace(globalThis, 'Date', GuardedDate);
  replace(HostDate.prototype, 'constructor', GuardedDate);
}

function guardTimers(): void {
  for (const holder of [globalThis, timers]) {
    guard(holder, 'setTimeout', 'setTimeout', { virtually: virtualTimers.setTimeout });
    guard(holder, 'setInterval', 'setInterval', { virtually: virtualTimers.setInterval });
    guard(holder, 'setImmediate', 'setImmediate', { virtually: virtualTimers.setImmediate });
    for (const key of ['clearTimeout', 'clearInterval']) guardClear(holder, key, 'clearTimer');
    guardClear(holder, 'clearImmediate', 'clearImmediate');
  }
  const { promisedTimeout, promisedInterval, promisedImmediate, wait, turn } = virtualTimers;
  guard(timersPromises, 'setTimeout', 'timers/promises.setTimeout', { virtually: promisedTimeout });
  guard(timersPromises, 'setImmediate', 'timers/promises.setImmediate', { virtually: promisedImmediate });
  guard(timersPromises, 'setInterval', 'timers/promises.setInterval', { virtually: promisedInterval });
  // `util.promisify` finds the promise form of a timer on the timer.
  guard(timers.setTimeout, promisify.custom, 'timers/promises.setTimeout', { virtually: promisedTimeout });
  guard(timers.setImmediate, promisify.custom, 'timers/promises.setImmediate', { virtually: promisedImmediate });
  const { scheduler } = timersPromises;
  const of = { receiver: scheduler };
  guard(ownerOf(scheduler, 'wait'), 'wait', 'timers/promises.scheduler.wait', { virtually: wait, ...of });
  guard(ownerOf(scheduler, 'yield'), 'yield', 'timers/promises.scheduler.yield', { virtually: turn, ...of });
  guardHandle();
}

/** A timer of the host's own, set outside of a run, that would start anew within one. */
function guardHandle(): void {
  const timer = setTimeout(() => {}, 1);
  clearTimeout(timer);
  guard(ownerOf(timer, 'refresh'), 'refresh', 'Timeout.refresh of a timer of the host');
}

/** Clearing is harmless: what is not the virtual host's is the host's. */
function guardClear(holder: object, key: string, clear: 'clearTimer' | 'clearImmediate'): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function') return;
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    const host = activeAmbient()?.host;
    return host?.[clear](args[0]) === true ? undefined : Reflect.apply(original, this, args);
  };
  replace(holder, key, guarded);
}

function guardProcess(): void {
  guard(process, 'hrtime', 'process.hrtime', { virtually: virtual.hrtime });
  guard(process.hrtime, 'bigint', 'process.hrtime.bigint', { virtually: virtual.hrtimeBigint });
  guard(process, 'uptime', 'process.uptime', { virtually: virtual.uptime });
}

function guardCrypto(): void {
  guard(crypto, 'randomBytes', 'crypto.randomBytes', { virtually: virtual.randomBytes });
  guard(crypto, 'randomInt', 'crypto.randomInt', { virtually: virtual.randomInt });
  guard(crypto, 'randomUUID', 'crypto.randomUUID', { virtually: virtual.randomUUID });
  guard(crypto, 'randomFill', 'crypto.randomFill', { virtually: virtual.randomFill });
  guard(crypto, 'randomFillSync', 'crypto.randomFillSync', { virtually: virtual.randomFillSync });
  const { webcrypto } = crypto;
  guard(ownerOf(webcrypto, 'getRandomValues'), 'getRandomValues', 'crypto.getRandomValues', {
    virtually: virtual.getRandomValues,
  });
  guard(ownerOf(webcrypto, 'randomUUID'), 'randomUUID', 'crypto.randomUUID', { virtually: virtual.randomUUID });
}

/** Newer hosts only. */
function guardTemporal(): void {
  const temporal: unknown = Reflect.get(globalThis, 'Temporal');
  if (typeof temporal !== 'object' || temporal === null) return;
  const now: unknown = Reflect.get(temporal, 'Now');
  if (typeof now !== 'object' || now === null) return;
  for (const key of Object.getOwnPropertyNames(now)) guard(now, key, `Temporal.Now.${key}`);
}
