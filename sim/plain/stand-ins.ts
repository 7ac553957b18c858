/**
 * The part of a plain script that stands in for the tools its test was written with: the clock, the operations, and the
 * assertions. It is JavaScript as it will stand there; `script.ts` puts the test below it and what is done when above.
 */
export const STAND_INS = `const $tools = (() => {
const { test: TEST, operations: OPERATIONS, aborts: ABORTS, stalls: STALLS, jumps: JUMPS, drawn: DRAWN } = $plan;
const { giveUpMs: GIVE_UP_MS, slower: SLOWER } = $plan;
const real = { setTimeout, setInterval, Date, now: Date.now.bind(Date), elapsed: performance.now.bind(performance) };
const begun = { at: real.now(), elapsed: real.elapsed() };
let jumpedMs = 0;
const sinceBegin = () => (real.elapsed() - begun.elapsed) / SLOWER;
globalThis.setTimeout = (act, ms = 0, ...given) => real.setTimeout(act, ms * SLOWER, ...given);
globalThis.setInterval = (act, ms = 0, ...given) => real.setInterval(act, ms * SLOWER, ...given);
performance.now = () => begun.elapsed + sinceBegin();
globalThis.Date = class Date extends real.Date {
  constructor(...given) {
    if (given.length === 0) super(Date.now());
    else super(...given);
  }
  static now() {
    return Math.floor(begun.at + sinceBegin() + jumpedMs);
  }
};

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
/** Nothing else happens for so long, as while garbage is collected. */
function stall(ms) {
  const untilMs = sinceBegin() + ms;
  while (sinceBegin() < untilMs);
}

const pending = new Set();
const checks = [];
let over = false;

function fail(what, error) {
  if (over) return;
  over = true;
  console.error('failed: ' + what);
  if (error !== undefined) console.error(error instanceof Error ? error.stack : error);
  process.exit(1);
}
process.on('uncaughtException', (error) => fail('thrown outside of a caller:', error));
process.on('unhandledRejection', (error) => fail('a rejection was lost:', error));
// Nothing is left that could wake whatever waits.
process.on('beforeExit', () => pending.size > 0 && fail([...pending].join(', ') + ' never settled: nothing is left to do'));

function check() {
  for (const { name, predicate } of checks) if (!predicate()) fail(name + ' does not hold');
}

const counts = new Map();
const sim = {
  now: () => sinceBegin(),
  sleep,
  lag: stall,
  clockJump: (ms) => void (jumpedMs += ms),
  log: (...values) => console.log(Math.round(sinceBegin()) + ' ms', ...values),
  reached() {},
  always: (name, predicate) => void checks.push({ name, predicate }),
  eventually: (name, predicate, withinMs) => {
    const untilMs = sinceBegin() + withinMs;
    const look = () => {
      if (predicate()) return;
      if (sinceBegin() > untilMs) fail(name + ' did not come to hold');
      else setTimeout(look, 1);
    };
    look();
  },
  draw: (name, values) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const drawn = DRAWN[name + '#' + count] ?? 0;
    const choices = Array.isArray(values) ? values : values?.oneOf;
    if (choices === undefined) return values;
    const isRange = Array.isArray(values) && values.length === 2 && values.every((value) => typeof value === 'number');
    return isRange ? values[0] + drawn : choices[drawn];
  },
  settled: async () => {
    while ([...pending].some((key) => key !== 'body')) await sleep(1);
  },
  node: (name, main) => {
    void Promise.resolve(main(module, { name, incarnation: 0 })).catch((error) => fail(name + ':', error));
    return { name, up: true, run: async (act) => act(), crash() {}, restart() {}, pause() {}, resume() {} };
  },
};
let module;

async function run(options, body) {
  module = await options.load?.();
  begun.at = real.now();
  begun.elapsed = real.elapsed();
  const controllers = new Map(OPERATIONS.map(({ key }) => [key, new AbortController()]));
  for (const { key } of OPERATIONS) pending.add(key);
  pending.add('body');
  const handlers = (await attempt('body', () => body(sim, module))) ?? {};
  pending.delete('body');
  const operate = async ({ at: _at, key, kind, ...values }) => {
    const { signal } = controllers.get(key);
    await attempt(key, () => handlers[kind]({ ...values, key, signal }), signal);
    pending.delete(key);
    check();
    if (pending.size === 0) {
      await attempt('finally', () => handlers.finally?.());
      real.setTimeout(() => {
        over = true;
        console.log('did not fail');
        process.exit(0);
      }, 200 * SLOWER);
    }
  };
  for (const operation of OPERATIONS) setTimeout(() => void operate(operation), operation.at);
  for (const { at, op, how } of ABORTS) setTimeout(() => controllers.get(op).abort(reasonOf(how)), at);
  for (const { at, forMs } of STALLS) setTimeout(() => stall(forMs), at);
  for (const { at, byMs } of JUMPS) setTimeout(() => void (jumpedMs += byMs), at);
  if (checks.length > 0) setInterval(check, 1).unref();
  real.setTimeout(() => fail([...pending].join(', ') + ' never settled'), GIVE_UP_MS * SLOWER).unref();
}

async function attempt(key, act, signal) {
  try {
    return await act();
  } catch (error) {
    const isAborted = signal?.aborted && (error === signal.reason || /^(Abort|Timeout)Error$/.test(error?.name));
    if (!isAborted) fail(key + ':', error);
  }
}

function reasonOf(how) {
  if (how === 'interrupt') return 'interrupted';
  return how === 'abort' ? new DOMException('aborted', 'AbortError') : new DOMException('timed out', 'TimeoutError');
}

const suites = [];
const chained = (call) => new Proxy(call, { get: () => chained(call), apply: (_, self, given) => call(...given) ?? chained(call) });
const nothing = chained(() => undefined);
const test = chained((name, ...rest) => {
  if ([...suites, name].join(' ') !== TEST) return;
  const [options, body] = rest[0]?.simulated ?? rest;
  void run(options, body);
});
const describe = chained((name, ...rest) => {
  suites.push(name);
  rest.find((given) => typeof given === 'function')?.();
  suites.pop();
});

function expect(found) {
  const matchers = (isMeant, say) => {
    const is = (holds, told, ...expected) => {
      if (holds === isMeant) return;
      const message = ['expected', $inspect(found), say + told, ...expected.map((one) => $inspect(one))].join(' ');
      throw new $assert.AssertionError({ message, actual: found, expected: expected[0], operator: told, stackStartFn: is });
    };
    const threw = (pattern) => {
      try {
        found();
        return false;
      } catch (error) {
        return pattern === undefined || (typeof pattern === 'function' ? error instanceof pattern : String(error?.message).match(pattern) !== null);
      }
    };
    return {
      toBe: (other) => is(Object.is(found, other), 'toBe', other),
      toEqual: (other) => is($isDeepStrictEqual(plain(found), plain(other)), 'toEqual', other),
      toStrictEqual: (other) => is($isDeepStrictEqual(found, other), 'toStrictEqual', other),
      toMatchObject: (other) => is(includes(found, other), 'toMatchObject', other),
      toBeTruthy: () => is(Boolean(found), 'toBeTruthy'),
      toBeFalsy: () => is(!found, 'toBeFalsy'),
      toBeUndefined: () => is(found === undefined, 'toBeUndefined'),
      toBeDefined: () => is(found !== undefined, 'toBeDefined'),
      toBeNull: () => is(found === null, 'toBeNull'),
      toBeNaN: () => is(Number.isNaN(found), 'toBeNaN'),
      toBeLessThan: (other) => is(found < other, 'toBeLessThan', other),
      toBeLessThanOrEqual: (other) => is(found <= other, 'toBeLessThanOrEqual', other),
      toBeGreaterThan: (other) => is(found > other, 'toBeGreaterThan', other),
      toBeGreaterThanOrEqual: (other) => is(found >= other, 'toBeGreaterThanOrEqual', other),
      toBeCloseTo: (other, digits = 2) => is(Math.abs(found - other) < 10 ** -digits / 2, 'toBeCloseTo', other),
      toContain: (other) => is([...found].includes(other) || (typeof found === 'string' && found.includes(other)), 'toContain', other),
      toContainEqual: (other) => is([...found].some((one) => $isDeepStrictEqual(one, other)), 'toContainEqual', other),
      toHaveLength: (other) => is(found.length === other, 'toHaveLength', other),
      toMatch: (other) => is(found.match(other) !== null, 'toMatch', other),
      toBeInstanceOf: (other) => is(found instanceof other, 'toBeInstanceOf', other),
      toThrow: (other) => is(threw(other), 'toThrow', other),
    };
  };
  const awaited = (isRejected) =>
    new Proxy({}, {
      get: (_, matcher) => async (...given) => {
        const came = await Promise.resolve(found).then((value) => ({ value }), (error) => ({ error }));
        if ('error' in came !== isRejected) throw came.error ?? new $assert.AssertionError({ message: isRejected ? 'expected a rejection' : 'expected no rejection' });
        return expect(matcher === 'toThrow' ? () => { throw came.error; } : (came.error ?? came.value))[matcher](...given);
      },
    });
  return { ...matchers(true, ''), not: matchers(false, 'not '), resolves: awaited(false), rejects: awaited(true) };
}
expect.soft = expect;
expect.assertions = expect.hasAssertions = () => {};
expect.fail = (message) => $assert.fail(message);

/** Without what is undefined, which toEqual takes for what is not there. */
function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined).map(([key, one]) => [key, plain(one)]));
}

function includes(found, part) {
  if (typeof part !== 'object' || part === null) return Object.is(found, part);
  return typeof found === 'object' && found !== null && Object.keys(part).every((key) => includes(found[key], part[key]));
}

return {
  afterAll: nothing, afterEach: nothing, assert: $assert, beforeAll: nothing, beforeEach: nothing, describe, expect, it: test,
  simTest: test, simulate: (...simulated) => ({ simulated }), suite: describe, test, vi: nothing,
};
})();
`;
