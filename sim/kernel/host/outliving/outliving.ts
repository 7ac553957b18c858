// biome-ignore-all lint/style/noRestrictedGlobals: this is where the process is put back as it was
// biome-ignore-all lint/style/noRestrictedImports: the same
/**
 * State of the process that would outlive a run of code that is not ours: what it put on the global object, on built-in
 * classes and on Node's modules, settings, listeners, the environment. Each run finds what was there before the first.
 *
 * What is there before a run is remembered, and put back after it. A setting that is made by a call is noted when it is made
 * (`settings.ts`). What cannot be put back is told. Modules of the system are no business of this: they are loaded afresh.
 *
 * Runs that are under way at a time share one process: it is put back when the last of them is over.
 */
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { Module } from 'node:module';
import timers from 'node:timers';
import util from 'node:util';
import { shared } from '../../schedule/shared.ts';
import { Holder } from './holder.ts';
import { noteSettings, undoSettings } from './settings.ts';

/**
 * A test runner keeps things there, which come and go with its tests; and it puts functions that have to do with time in each
 * other's place for a moment, of which these have guards.
 */
const OF_THE_RUNNER =
  /vitest|vite_|jest|expect|stryker|^(?:(?:set|clear)(?:Timeout|Interval|Immediate)|queueMicrotask)$/i;
/** The same, and listeners, which are remembered by themselves. */
const OF_THE_PROCESS = /^(?:_events|_eventsCount|_exiting|nextTick)$/;

const hostImmediate = setImmediate;

const CLASSES = {
  Array,
  Buffer,
  Date,
  Error,
  EventEmitter,
  EventTarget,
  Function,
  Map,
  Module,
  Number,
  Object,
  Promise,
  RegExp,
  Set,
  String,
  Symbol,
};

/** Settings behind which code of Node stands. */
const SETTINGS: readonly (readonly [object, string])[] = [
  [EventEmitter, 'defaultMaxListeners'],
  [EventEmitter, 'captureRejections'],
  [process, 'title'],
  [process, 'exitCode'],
];
/** The same of modules that not everybody loads. */
const LATE_SETTINGS: readonly (readonly [string, readonly string[]])[] = [
  ['http', ['globalAgent']],
  ['https', ['globalAgent']],
  ['tls', ['DEFAULT_MIN_VERSION', 'DEFAULT_MAX_VERSION', 'DEFAULT_CIPHERS', 'DEFAULT_ECDH_CURVE']],
];

interface Kept {
  runs: number;
  holders: readonly Holder[];
  settings: readonly (readonly [object, string, unknown])[];
  listeners: ReadonlyMap<string | symbol, readonly unknown[]>;
  /** Whether the process is as it was remembered, and nobody has had a turn since. */
  fresh: boolean;
  /** How many modules Node had loaded at the last look. */
  loaded: number;
  late: readonly (readonly [object, string])[];
}

const kept = shared('outliving', (): Kept => {
  return { runs: 0, holders: [], settings: [], listeners: new Map(), fresh: false, loaded: 0, late: [] };
});

/**
 * Remembers the process as it is; what comes back puts it so, and gives what could not be put back. `follows`: whether whoever
 * makes runs has done nothing else since the last one.
 */
export function keepProcess(follows = false): () => readonly string[] {
  noteSettings();
  kept.runs += 1;
  if (kept.runs === 1 && !(follows && kept.fresh)) remember();
  kept.fresh = false;
  return () => {
    kept.runs -= 1;
    undoSettings();
    if (kept.runs > 0) return [];
    const left = putBack();
    // A run that follows at once need not look again.
    kept.fresh = left.length === 0;
    hostImmediate(turned);
    return left;
  };
}

function turned(): void {
  kept.fresh = false;
}

function remember(): void {
  if (kept.holders.length === 0) kept.holders = holders();
  for (const holder of kept.holders) holder.remember();
  kept.settings = [...SETTINGS, ...lateSettings()].map(([object, key]) => [object, key, Reflect.get(object, key)]);
  kept.listeners = listenersNow();
}

function putBack(): readonly string[] {
  for (const [object, key, value] of kept.settings) {
    if (!Object.is(Reflect.get(object, key), value)) Reflect.set(object, key, value);
  }
  putListenersBack();
  return kept.holders.flatMap((holder) => holder.putBack());
}

function holders(): readonly Holder[] {
  const classes = Object.entries(CLASSES).flatMap(([name, one]) => [
    new Holder(name, one),
    new Holder(`${name}.prototype`, one.prototype),
  ]);
  return [
    new Holder('globalThis', globalThis, OF_THE_RUNNER),
    ...classes,
    new Holder('JSON', JSON),
    // biome-ignore lint/plugin: nothing of it is called
    new Holder('Math', Math),
    new Holder('Reflect', Reflect),
    new Holder('console', console),
    new Holder('fs', fs),
    new Holder('Module._extensions', Reflect.get(Module, '_extensions')),
    new Holder('process', process, OF_THE_PROCESS),
    new Holder('process.env', process.env, OF_THE_RUNNER),
    new Holder('timers', timers, OF_THE_RUNNER),
    new Holder('util', util),
    new Holder('util.inspect', util.inspect),
    new Holder('util.inspect.defaultOptions', util.inspect.defaultOptions),
  ];
}

function lateSettings(): readonly (readonly [object, string])[] {
  const list: unknown = Reflect.get(process, 'moduleLoadList');
  if (!Array.isArray(list) || list.length === kept.loaded) return kept.late;
  kept.loaded = list.length;
  const loaded = new Set<unknown>(list);
  kept.late = LATE_SETTINGS.flatMap(([module, keys]) => {
    const exported: unknown = loaded.has(`NativeModule ${module}`)
      ? process.getBuiltinModule(`node:${module}`)
      : undefined;
    return typeof exported === 'object' && exported !== null ? keys.map((key) => [exported, key] as const) : [];
  });
  return kept.late;
}

function listenersNow(): ReadonlyMap<string | symbol, readonly unknown[]> {
  return new Map(names().map((name) => [name, listenersOf(name)]));
}

function putListenersBack(): void {
  for (const name of new Set([...kept.listeners.keys(), ...names()])) {
    const before = kept.listeners.get(name) ?? [];
    const now = listenersOf(name);
    if (before.length === now.length && before.every((listener, at) => listener === now[at])) continue;
    EventEmitter.prototype.removeAllListeners.call(process, name);
    for (const listener of before) Reflect.apply(EventEmitter.prototype.on, process, [name, listener]);
  }
}

function names(): readonly (string | symbol)[] {
  return EventEmitter.prototype.eventNames.call(process);
}

function listenersOf(name: string | symbol): readonly unknown[] {
  return EventEmitter.prototype.rawListeners.call(process, name);
}
