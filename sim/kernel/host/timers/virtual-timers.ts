// biome-ignore-all lint/style/noRestrictedGlobals: the host's functions take its abort signals
// biome-ignore-all lint/style/noRestrictedImports: the same
/**
 * The host's timers as a virtual host answers them: `node:timers`, `node:timers/promises` and `AbortSignal.timeout`.
 *
 * What is wrong with arguments the host's own functions say, in their own words: they throw, or give a promise that is
 * rejected, before they set anything.
 */
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import type { HostCallback, HostTimer, VirtualHost } from '../../schedule/ambient.ts';
import type { Answer } from '../virtual-functions.ts';

/** As they are before the guards. */
const host = {
  setTimeout: timers.setTimeout,
  setInterval: timers.setInterval,
  setImmediate: timers.setImmediate,
  promisedTimeout: timersPromises.setTimeout,
  promisedImmediate: timersPromises.setImmediate,
  promisedInterval: timersPromises.setInterval,
  abortTimeout: AbortSignal.timeout,
};

/** From 0; Node takes no longer ones. */
const ABORT_MAX_MS = 4294967295;

export const setTimeout: Answer = (virtual, args) => setTimer(virtual, args, false);
export const setInterval: Answer = (virtual, args) => setTimer(virtual, args, true);

function setTimer(virtual: VirtualHost, args: readonly unknown[], repeats: boolean): unknown {
  const [callback, delayMs, ...rest] = args;
  if (!isCallback(callback)) return Reflect.apply(repeats ? host.setInterval : host.setTimeout, undefined, args);
  return virtual.setTimer(callback, numberOf(delayMs), rest, repeats);
}

export const setImmediate: Answer = (virtual, args) => {
  const [callback, ...rest] = args;
  if (!isCallback(callback)) return Reflect.apply(host.setImmediate, undefined, args);
  return virtual.setImmediate(callback, rest);
};

/** `timers/promises.setTimeout`, which `util.promisify(setTimeout)` gives as well. */
export const promisedTimeout: Answer = (virtual, args) => {
  const [delayMs, value, options] = args;
  const read = (delayMs === undefined || typeof delayMs === 'number') && optionsOf(options);
  if (read === false) return Reflect.apply(host.promisedTimeout, undefined, args);
  return settled(read, (resolve) => {
    const timer = virtual.setTimer(resolve, numberOf(delayMs), [value], false);
    if (!read.ref) timer.unref();
    return () => virtual.clearTimer(timer);
  });
};

export const promisedImmediate: Answer = (virtual, args) => {
  const [value, options] = args;
  const read = optionsOf(options);
  if (read === false) return Reflect.apply(host.promisedImmediate, undefined, args);
  return settled(read, (resolve) => {
    const immediate = virtual.setImmediate(resolve, [value]);
    if (!read.ref) immediate.unref();
    return () => virtual.clearImmediate(immediate);
  });
};

export const wait: Answer = (virtual, [delayMs, options]) => promisedTimeout(virtual, [delayMs, undefined, options]);

export const turn: Answer = (virtual) => promisedImmediate(virtual, []);

export const promisedInterval: Answer = (virtual, args) => {
  const [delayMs, value, options] = args;
  const read = (delayMs === undefined || typeof delayMs === 'number') && optionsOf(options);
  if (read === false) return Reflect.apply(host.promisedInterval, undefined, args);
  return ticks(virtual, numberOf(delayMs), value, read);
};

async function* ticks(virtual: VirtualHost, delayMs: number, value: unknown, { signal, ref }: Options): AsyncGenerator {
  if (isAborted(signal)) throw new AbortedError(signal?.reason);
  let due = 0;
  let wake: ((aborted?: Promise<never>) => void) | undefined;
  const tick = (aborted?: Promise<never>): void => {
    const waiting = wake;
    wake = undefined;
    waiting?.(aborted);
  };
  let timer: HostTimer | undefined;
  const abort = (): void => {
    virtual.clearTimer(timer);
    if (wake !== undefined) tick(Promise.reject(new AbortedError(signal?.reason)));
  };
  try {
    timer = virtual.setTimer(
      () => {
        due += 1;
        tick();
      },
      delayMs,
      [],
      true,
    );
    if (!ref) timer.unref();
    signal?.addEventListener('abort', abort, { once: true });
    while (!isAborted(signal)) {
      if (due === 0) {
        await new Promise((resolve) => {
          wake = resolve;
        });
      }
      for (; due > 0; due -= 1) yield value;
    }
    throw new AbortedError(signal?.reason);
  } finally {
    virtual.clearTimer(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** A promise of what is set, and cleared again when the signal aborts. It settles as many microtasks later as Node's does. */
function settled({ signal }: Options, set: (resolve: HostCallback) => () => void): Promise<unknown> {
  if (signal === undefined) return new Promise((resolve) => void set(resolve));
  let abort = (): void => {};
  const promise = new Promise<unknown>((resolve, reject) => {
    let over = false;
    const clear = set((value) => {
      over = true;
      resolve(value);
    });
    abort = (): void => {
      if (over) return;
      clear();
      reject(new AbortedError(signal.reason));
    };
    signal.addEventListener('abort', abort);
  });
  return new Promise((resolve, reject) => {
    new Promise((passOn, fail) => {
      promise.then(passOn, fail);
    })
      .finally(() => signal.removeEventListener('abort', abort))
      .then(resolve, reject);
  });
}

interface Options {
  readonly signal: AbortSignal | undefined;
  readonly ref: boolean;
}

/** False where the host has something to say about them: they are wrong, or the signal has aborted already. */
function optionsOf(options: unknown): Options | false {
  if (options === undefined) return { signal: undefined, ref: true };
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return false;
  const signal: unknown = Reflect.get(options, 'signal');
  const ref: unknown = Reflect.get(options, 'ref') ?? true;
  if (typeof ref !== 'boolean' || Reflect.get(options, 'ref') === null) return false;
  if (signal === undefined) return { signal, ref };
  return isSignal(signal) && !signal.aborted ? { signal, ref } : false;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** By Node's own rule. */
function isSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value;
}

/** What Node rejects with when a timer's signal aborts. */
class AbortedError extends Error {
  readonly code = 'ABORT_ERR';

  constructor(cause: unknown) {
    super('The operation was aborted', { cause });
    this.name = 'AbortError';
  }
}
Object.defineProperty(AbortedError, 'name', { value: 'AbortError' });

/** `AbortSignal.timeout`. */
export const abortTimeout: Answer = (virtual, args) => {
  const [delayMs] = args;
  if (typeof delayMs !== 'number' || !Number.isInteger(delayMs) || delayMs < 0 || delayMs > ABORT_MAX_MS) {
    return Reflect.apply(host.abortTimeout, AbortSignal, args);
  }
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  };
  virtual.setTimer(abort, delayMs, [], false).unref();
  return controller.signal;
};

function isCallback(value: unknown): value is HostCallback {
  return typeof value === 'function';
}

/** As a product does it, which is what Node makes of it. */
function numberOf(value: unknown): number {
  if (typeof value === 'bigint') throw new TypeError('Cannot mix BigInt and other types, use explicit conversions');
  return Number(value);
}
