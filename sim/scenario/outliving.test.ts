/** State of the process that a run changes: the next run finds it as it was, or is told of it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import dns from 'node:dns';
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import util from 'node:util';
import { describe, expect, it } from 'vitest';
import { scenario, worldOf } from './foreign-world.testing.ts';
import { runScenario } from './run/run.ts';

const channel = 'outliving';
const storage = new AsyncLocalStorage<number>();
const DISPATCHER = Symbol.for('undici.globalDispatcher.1');
const UNUSED = 'meshosSimUnused';

function set(holder: object, key: PropertyKey, value: unknown): void {
  if (!Reflect.set(holder, key, value)) throw new Error(`${String(key)} cannot be set`);
}

/** What a run does, and how the next one would see it. */
const CHANGES: readonly (readonly [string, () => void, () => unknown])[] = [
  ['Error.stackTraceLimit', () => set(Error, 'stackTraceLimit', 3), () => Error.stackTraceLimit],
  ['Error.prepareStackTrace', () => set(Error, 'prepareStackTrace', () => ''), () => Error.prepareStackTrace],
  ['Buffer.poolSize', () => set(Buffer, 'poolSize', 1), () => Buffer.poolSize],
  [
    'events.defaultMaxListeners',
    () => set(EventEmitter, 'defaultMaxListeners', 3),
    () => EventEmitter.defaultMaxListeners,
  ],
  [
    'EventEmitter.captureRejections',
    () => set(EventEmitter, 'captureRejections', true),
    () => EventEmitter.captureRejections,
  ],
  [
    'a method of EventEmitter',
    () => set(EventEmitter.prototype, 'emit', () => true),
    () => EventEmitter.prototype.emit,
  ],
  [
    'util.inspect.defaultOptions',
    () => set(util.inspect, 'defaultOptions', { depth: 9 }),
    () => util.inspect.defaultOptions.depth,
  ],
  ['dns.setDefaultResultOrder', () => dns.setDefaultResultOrder('ipv4first'), () => dns.getDefaultResultOrder()],
  ['dns.setServers', () => dns.setServers(['192.0.2.1']), () => dns.getServers().join()],
  [
    'net.setDefaultAutoSelectFamily',
    () => net.setDefaultAutoSelectFamily(!net.getDefaultAutoSelectFamily()),
    () => net.getDefaultAutoSelectFamily(),
  ],
  ['tls.DEFAULT_MIN_VERSION', () => set(tls, 'DEFAULT_MIN_VERSION', 'TLSv1'), () => tls.DEFAULT_MIN_VERSION],
  ['http.globalAgent', () => set(http, 'globalAgent', new http.Agent()), () => http.globalAgent],
  ['the environment', () => set(process.env, UNUSED, 'set'), () => process.env[UNUSED]],
  ['process.title', () => set(process, 'title', 'another'), () => process.title],
  ['process.exitCode', () => set(process, 'exitCode', 9), () => process.exitCode],
  ['a listener of the process', () => void process.on('exit', () => {}), () => process.listenerCount('exit')],
  [
    'no listeners of the process',
    () => void process.removeAllListeners('warning'),
    () => process.listenerCount('warning'),
  ],
  ['a signal’s listener', () => void process.on('SIGUSR2', () => {}), () => process.listenerCount('SIGUSR2')],
  ['the permissions of files', () => void process.umask(0o777), () => process.umask()],
  [
    'a listener of a channel',
    () => diagnostics.subscribe(channel, () => {}),
    () => diagnostics.hasSubscribers(channel),
  ],
  [
    'a listener of a channel’s own',
    () => diagnostics.channel(channel).subscribe(() => {}),
    () => diagnostics.hasSubscribers(channel),
  ],
  ['a global', () => set(globalThis, UNUSED, 1), () => UNUSED in globalThis],
  ['a global in another’s place', () => set(globalThis, 'structuredClone', () => 1), () => globalThis.structuredClone],
  ['no global', () => void Reflect.deleteProperty(globalThis, 'escape'), () => Reflect.get(globalThis, 'escape')],
  ['undici’s dispatcher', () => set(globalThis, DISPATCHER, {}), () => Reflect.get(globalThis, DISPATCHER)],
  ['a method of a built-in class', () => set(Array.prototype, UNUSED, () => 1), () => UNUSED in Array.prototype],
  [
    'one in another’s place',
    () => set(Promise.prototype, 'finally', () => 1),
    () => Reflect.get(Promise.prototype, 'finally'),
  ],
  ['a function of a module', () => set(fs, 'existsSync', () => true), () => fs.existsSync],
];

describe('the next run finds as it was', () => {
  it.each(CHANGES)('%s', async (_what, change, look) => {
    const before = look();
    let inside: unknown;
    const run = await runScenario(
      worldOf(async () => {
        change();
        inside = look();
      }),
      scenario,
    );
    expect(run).toMatchObject({ verdict: 'held' });
    expect(Object.is(inside, before)).toBe(false);
    expect(look()).toBe(before);
  });

  it('what is stored in the async context', async () => {
    const seen: unknown[] = [];
    const world = worldOf(async () => {
      seen.push(storage.getStore());
      storage.enterWith(1);
      seen.push(storage.getStore());
    });
    await runScenario(world, scenario);
    expect(storage.getStore()).toBeUndefined();
    await runScenario(world, scenario);
    expect(seen).toEqual([undefined, 1, undefined, 1]);
  });
});

describe('runs that are under way together', () => {
  it('leave the process as they found it', async () => {
    const world = worldOf(async () => {
      process.env[UNUSED] = 'set';
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
    await Promise.all([runScenario(world, scenario), runScenario(world, scenario)]);
    expect(process.env[UNUSED]).toBeUndefined();
  });
});

describe('what cannot be put back', () => {
  let fixed = 0;
  /** A name that no run has used. */
  const unused = (): string => `${UNUSED}Fixed${++fixed}`;
  const fix = (key: string): unknown => Object.defineProperty(Map.prototype, key, { value: 1 });

  it('is no finding where the run is the same with it', async () => {
    const key = unused();
    const run = await runScenario(
      worldOf(async () => void (Reflect.has(Map.prototype, key) || fix(key))),
      scenario,
    );
    expect(run).toMatchObject({ verdict: 'held' });
    expect(run).not.toHaveProperty('problem');
    expect(Reflect.ownKeys(Map.prototype)).toContain(key);
  });

  it.each<[string, (key: string) => Promise<unknown>]>([
    ['goes on differently', async (key) => Reflect.has(Map.prototype, key) && new Promise((ok) => setTimeout(ok, 7))],
    ['leaves more each time', async (key) => Reflect.has(Map.prototype, key) && fix(unused())],
  ])('is told of where the run %s once it is there', async (_what, withIt) => {
    const key = unused();
    const run = await runScenario(
      worldOf(async () => {
        await withIt(key);
        if (!Reflect.has(Map.prototype, key)) fix(key);
      }),
      scenario,
    );
    expect(run).toMatchObject({ verdict: 'nondeterminism' });
    expect(run.problem).toMatch(/^Map\.prototype\.\w+ outlives the run, which differs from then on/);
  });
});
