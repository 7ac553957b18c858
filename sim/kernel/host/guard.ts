/**
 * How a guard sits on a function, a class or a property of the host: outside of segments it passes everything on; within
 * one it has a virtual host answer, or ends the run.
 */
import { type Ambient, activeAmbient, type NondeterminismError, segment } from '../schedule/ambient.ts';
import { shared } from '../schedule/shared.ts';
import { type CallSite, callSite } from './call-site.ts';
import type { Answer } from './virtual-functions.ts';

interface Guards {
  readonly undo: (() => void)[];
  /** The guarded form of a host function, which may be reached in several places. */
  readonly guardedOf: Map<unknown, object>;
  /** The guarded forms themselves. */
  readonly guarded: Set<unknown>;
}

const guards = shared('guards', (): Guards => ({ undo: [], guardedOf: new Map(), guarded: new Set() }));

export interface GuardOptions {
  /** What a virtual host answers; without it both kinds of runs end. */
  readonly virtually?: Answer | undefined;
  /** Whether a call with these arguments is one to guard; every call is without this. */
  readonly when?: ((args: readonly unknown[]) => boolean) | undefined;
  /** Whose method it is, where the host has something to say to anybody else who calls it. */
  readonly receiver?: object;
  /** Node calls it itself to do something else that is pure. */
  readonly nodeMay?: boolean;
  /** Whether a virtual host leaves it to the host. */
  readonly virtuallyHost?: boolean;
}

export function areInstalled(): boolean {
  return guards.undo.length > 0;
}

/** Takes the guards off. */
export function removeGuards(): void {
  for (const restore of guards.undo.splice(0).reverse()) restore();
  guards.guardedOf.clear();
  guards.guarded.clear();
}

/** Has something be done when the guards come off. */
export function onRemoval(restore: () => void): void {
  guards.undo.push(restore);
}

/** Puts a guard in the place of a method; without a virtual answer it is forbidden in every run. */
export function guard(holder: object, key: PropertyKey, what: string, options: GuardOptions = {}): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original === 'function') place(holder, key, original, () => guardedFunction(original, what, options));
}

/** Puts a guard in the place of a class. */
export function guardClass(holder: object, key: PropertyKey, what: string, options: GuardOptions = {}): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original === 'function') place(holder, key, original, () => guardedClass(original, what, options));
}

/** A class that Node loads when its name is first read: to ask whether it is there is free. */
export function guardLazyClass(holder: object, key: PropertyKey, what: string, options: GuardOptions = {}): void {
  const before = Object.getOwnPropertyDescriptor(holder, key);
  const read = before?.get;
  if (before === undefined || read === undefined) {
    guardClass(holder, key, what, options);
    return;
  }
  const get = function (this: unknown): unknown {
    const original: unknown = Reflect.apply(read, this, []);
    return typeof original === 'function' ? known(original, () => guardedClass(original, what, options)) : original;
  };
  replaceProperty(holder, key, { ...before, get });
}

/** Puts a guard before a property that is read. */
export function guardProperty(holder: object, key: PropertyKey, what: string, options: GuardOptions = {}): void {
  const before = Object.getOwnPropertyDescriptor(holder, key);
  if (before === undefined) return;
  const { get: read, value, enumerable = true } = before;
  const get = function (this: unknown): unknown {
    const host = (): unknown => (read === undefined ? value : Reflect.apply(read, this, []));
    const ambient = activeAmbient();
    return ambient === undefined ? host() : answerOr(ambient, what, options, [], host);
  };
  replaceProperty(holder, key, { get, set: before.set, enumerable, configurable: true });
}

/** The object of a chain of prototypes that has the property: which one that is differs between versions of Node. */
export function ownerOf(object: object, key: PropertyKey): object {
  for (let owner: unknown = object; isObject(owner); owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner, key)) return owner;
  }
  return object;
}

export function replace(holder: object, key: PropertyKey, value: unknown): void {
  const { enumerable = true } = Object.getOwnPropertyDescriptor(holder, key) ?? {};
  replaceProperty(holder, key, { value, enumerable, configurable: true, writable: true });
}

/** What a segment's code gets: an answer of its virtual host, or an exception as its run ends. */
export function answer(
  ambient: Ambient,
  what: string,
  virtually: Answer | undefined,
  args: readonly unknown[],
  host: () => unknown,
): unknown {
  return answerOr(ambient, what, { virtually }, args, host);
}

function answerOr(
  ambient: Ambient,
  what: string,
  { virtually, nodeMay = false }: GuardOptions,
  args: readonly unknown[],
  host: () => unknown,
): unknown {
  if (ambient.host !== undefined && virtually !== undefined) return virtually(ambient.host, args);
  const site = siteNow();
  if (site.forNode || (nodeMay && site.byNode)) return host();
  throw ended(ambient, what, site);
}

function ended(ambient: Ambient, what: string, { place }: CallSite): NondeterminismError {
  return ambient.reached(what, place);
}

/** Whoever formats the stack may read the clock, or files, without that being the run's. */
function siteNow(): CallSite {
  const { active } = segment;
  segment.active = false;
  try {
    return callSite();
  } finally {
    segment.active = active;
  }
}

function place(holder: object, key: PropertyKey, original: object, make: () => object): void {
  if (!guards.guarded.has(original)) replace(holder, key, known(original, make));
}

function known(original: object, make: () => object): object {
  const before = guards.guardedOf.get(original);
  if (before !== undefined) return before;
  const guarded = make();
  guards.guardedOf.set(original, guarded);
  guards.guarded.add(guarded);
  return guarded;
}

function guardedFunction(original: object, what: string, options: GuardOptions): object {
  const { when, receiver } = options;
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    const ambient = activeAmbient();
    if (ambient === undefined || when?.(args) === false) return callHost(original, this, args);
    if (receiver !== undefined && this !== receiver) return callHost(original, this, args);
    return answerOr(ambient, what, options, args, () => callHost(original, this, args));
  };
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor === undefined || key === 'prototype') continue;
    // What is fixed on the host's function may have to be guarded on ours.
    Reflect.defineProperty(guarded, key, { ...descriptor, configurable: true });
  }
  return guarded;
}

function guardedClass(original: object, what: string, { when, virtuallyHost = false }: GuardOptions): object {
  const ask = (args: readonly unknown[], host: () => unknown): unknown => {
    const ambient = activeAmbient();
    if (ambient === undefined || when?.(args) === false) return host();
    if (virtuallyHost && ambient.host !== undefined) return host();
    return answerOr(ambient, `new ${what}`, {}, [], host);
  };
  return new Proxy(original, {
    apply: (target, self, args: unknown[]): unknown => ask(args, () => callHost(target, self, args)),
    construct(target, args: unknown[], newTarget): object {
      if (typeof target !== 'function') throw new TypeError(`${what} is not a constructor`);
      const made = ask(args, () => Reflect.construct(target, args, newTarget));
      if (!isObject(made)) throw new TypeError(`${what} gives no object`);
      return made;
    },
  });
}

function callHost(original: object, self: unknown, args: readonly unknown[]): unknown {
  return typeof original === 'function' ? Reflect.apply(original, self, args) : undefined;
}

function replaceProperty(holder: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  const before = Object.getOwnPropertyDescriptor(holder, key);
  if (!Reflect.defineProperty(holder, key, descriptor)) return;
  guards.undo.push(() => {
    if (before === undefined) Reflect.deleteProperty(holder, key);
    else Reflect.defineProperty(holder, key, before);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
