/**
 * What a test file gets for `vitest` where the command loads it: the assertions are vitest's own, which work outside of its
 * runner; suites are gone through, tests are only declared, and hooks and all else do nothing.
 */
import * as vitest from 'vitest';
import { declare } from '../simulate/declared.ts';

export const { assert, assertType, chai, createExpect, expect, expectTypeOf, inject, should, vi } = vitest;
export { vi as vitest };

const suites: string[] = [];

/** A function that has every property, `only`, `each` and `skip` among them, and is each of them. */
function chained<Call extends (...given: readonly unknown[]) => unknown>(call: Call): Call {
  const proxy: Call = new Proxy(call, {
    get: (target, key) => (key in target && typeof key === 'symbol' ? Reflect.get(target, key) : proxy),
    apply: (target, _self, given) => Reflect.apply(target, undefined, given) ?? proxy,
  });
  return proxy;
}

export const describe = chained((name, ...rest) => {
  const body = rest.find((given) => typeof given === 'function');
  if (typeof body !== 'function') return;
  suites.push(typeof name === 'function' ? name.name : String(name));
  Reflect.apply(body, undefined, []);
  suites.pop();
});
export { describe as suite };

export const test = chained((name, ...rest) => {
  for (const given of rest) declare([...suites, String(name)].join(' '), given);
});
export { test as it };

const nothing = chained(() => undefined);

export {
  nothing as afterAll,
  nothing as afterEach,
  nothing as aroundAll,
  nothing as aroundEach,
  nothing as beforeAll,
  nothing as beforeEach,
  nothing as bench,
  nothing as onTestFailed,
  nothing as onTestFinished,
};
