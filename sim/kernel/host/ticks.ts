// biome-ignore-all lint/style/noRestrictedGlobals: this is where the host's functions get their guards
/**
 * `process.nextTick` and `queueMicrotask` put a function off to later in the segment. They are left to the host, which keeps
 * their order; but where code is not ours the function runs as whoever put it off, as no promise tells who that was.
 */
import { activeAmbient } from '../schedule/ambient.ts';
import { shared } from '../schedule/shared.ts';
import { replace } from './guard.ts';

/** The functions that carry. */
const carriers = shared('carriers', () => new WeakSet<object>());

/** Once, or again where somebody has put the host's back: a test runner does, which takes it for its own calls. */
export function carryTicks(): void {
  carry(process, 'nextTick');
  carry(globalThis, 'queueMicrotask');
}

function carry(holder: object, key: string): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function' || carriers.has(original)) return;
  const carrying = function (this: unknown, ...args: unknown[]): unknown {
    const carried = activeAmbient()?.carry;
    const [callback] = args;
    if (carried !== undefined && isFunction(callback)) args[0] = carried(callback);
    return Reflect.apply(original, this, args);
  };
  for (const name of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, name);
    if (descriptor !== undefined) Object.defineProperty(carrying, name, descriptor);
  }
  carriers.add(carrying);
  replace(holder, key, carrying);
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}
