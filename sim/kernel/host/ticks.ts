// biome-ignore-all lint/style/noRestrictedGlobals: this is where the host's functions get their guards
/**
 * `process.nextTick` and `queueMicrotask` put a function off to later in the segment. They are left to the host, which keeps
 * their order; but where code is not ours the function runs as whoever put it off, as no promise tells who that was.
 */
import { activeAmbient } from '../schedule/ambient.ts';
import { shared } from '../schedule/shared.ts';
import { replace } from './guard.ts';

const carrying = shared('ticks', () => new Set<unknown>());

/** A test runner takes them off for a moment, and may have done so just when the guards were put on. */
export function carryTicks(): void {
  carry(process, 'nextTick');
  carry(globalThis, 'queueMicrotask');
}

function carry(holder: object, key: string): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function' || carrying.has(original)) return;
  const carries = function (this: unknown, ...args: unknown[]): unknown {
    const carried = activeAmbient()?.carry;
    const [callback] = args;
    if (carried !== undefined && isFunction(callback)) args[0] = carried(callback);
    return Reflect.apply(original, this, args);
  };
  for (const name of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, name);
    if (descriptor !== undefined) Object.defineProperty(carries, name, descriptor);
  }
  carrying.add(carries);
  replace(holder, key, carries);
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}
