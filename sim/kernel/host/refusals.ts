// biome-ignore-all lint/style/noRestrictedGlobals: this is where the host gets its guards
/**
 * Guards on what answers from outside and is not simulated, as the tables list it.
 *
 * Most modules are loaded for that. Those that take long are guarded once somebody else has loaded them: what they do is
 * refused at the methods of the others until then.
 */

import { shared } from '../schedule/shared.ts';
import { guard, guardClass, guardLazyClass, guardProperty, onRemoval, ownerOf, replace } from './guard.ts';
import { HOST_CLASSES, HOST_OBJECTS, type HostObject } from './host-objects.ts';
import { HOST_MODULES, namesOf, wordsOf } from './host-table.ts';
import { CONDITIONS } from './timers/conditions.ts';

/** Modules that are guarded when they have been loaded: they build on the others, or are rarely asked for. */
const WHEN_LOADED = new Set(
  `cluster ffi http http2 https inspector inspector/promises module readline readline/promises repl sea sqlite stream/web test tls
   trace_events wasi`.split(/\s+/),
);

/** What Node calls itself, for what is pure: a loop over a web stream, for one. */
const NODE_CALLS = new Set(['vm.runInNewContext']);

interface Progress {
  readonly guarded: Set<string>;
  /** How many modules Node had loaded at the last look. */
  loaded: number;
}

const progress = shared('guarded modules', (): Progress => ({ guarded: new Set(), loaded: 0 }));

/** Guards modules and globals. */
export function guardHost(): void {
  onRemoval(() => {
    progress.guarded.clear();
    progress.loaded = 0;
  });
  for (const module of Object.keys(HOST_MODULES)) if (!WHEN_LOADED.has(module)) guardModule(module);
  for (const object of HOST_OBJECTS) if (object.module === undefined) guardObject(globalThis, object);
  for (const key of HOST_CLASSES)
    if (key in globalThis) guardLazyClass(globalThis, key, key, { when: CONDITIONS[key] });
  guardLazyClass(process.getBuiltinModule('node:buffer'), 'File', 'File', { when: CONDITIONS.File });
  guardLoaded();
  guardLoading(process.getBuiltinModule('node:module').Module.prototype, 'require');
  guardLoading(process, 'getBuiltinModule');
}

/** Guards the modules that have been loaded since the last look; whether there are any. */
export function guardLoaded(): boolean {
  const list: unknown = Reflect.get(process, 'moduleLoadList');
  if (!Array.isArray(list) || list.length === progress.loaded) return false;
  progress.loaded = list.length;
  const before = progress.guarded.size;
  const loaded = new Set<unknown>(list);
  for (const module of WHEN_LOADED) if (loaded.has(`NativeModule ${module}`)) guardModule(module);
  return progress.guarded.size > before;
}

function guardModule(module: string): void {
  if (progress.guarded.has(module)) return;
  progress.guarded.add(module);
  const exported = exportsOf(module);
  if (exported === undefined) return;
  for (const key of namesOf(module, 'refused')) {
    const what = `${module}.${key}`;
    if (/^_?[A-Z]/.test(key)) guardClass(exported, key, what);
    else guard(exported, key, what, { nodeMay: NODE_CALLS.has(what) });
  }
  for (const key of namesOf(module, 'conditional')) {
    const what = `${module}.${key}`;
    guard(exported, key, what, { when: CONDITIONS[what] });
  }
  for (const object of HOST_OBJECTS) if (object.module === module) guardObject(exported, object);
}

function guardObject(root: object, { module, path, name, refused, conditional, read, nodeMay }: HostObject): void {
  const found = at(root, path);
  if (found === undefined) return;
  const label = (key: string): string =>
    [name ?? [module, path.replace(/\.prototype$/, '')].filter(Boolean).join('.'), key].filter(Boolean).join('.');
  const options = nodeMay === true ? { nodeMay } : {};
  for (const key of wordsOf(refused)) guard(ownerOf(found, key), key, label(key), options);
  for (const key of wordsOf(conditional)) {
    guard(found, key, label(key), { when: CONDITIONS[`${module}.${path}.${key}`] });
  }
  for (const key of wordsOf(read)) guardProperty(ownerOf(found, key), key, label(key), options);
}

function at(root: object, path: string): object | undefined {
  let found: unknown = root;
  for (const key of path.split('.').filter(Boolean)) {
    if ((typeof found !== 'object' && typeof found !== 'function') || found === null) return undefined;
    found = Reflect.get(found, key);
  }
  return (typeof found === 'object' || typeof found === 'function') && found !== null ? found : undefined;
}

function exportsOf(module: string): object | undefined {
  const id = `node:${module}`;
  const found: unknown = process.getBuiltinModule(id);
  return typeof found === 'object' || typeof found === 'function' ? (found ?? undefined) : undefined;
}

/** What a segment loads is guarded before it has it. */
function guardLoading(holder: object, key: string): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function') return;
  replace(holder, key, function (this: unknown, ...args: unknown[]): unknown {
    const loaded: unknown = Reflect.apply(original, this, args);
    guardLoaded();
    return loaded;
  });
}
