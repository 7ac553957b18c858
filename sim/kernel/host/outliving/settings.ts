// biome-ignore-all lint/style/noRestrictedImports: these are the host's settings
/**
 * Settings of the process that are made by a call: where a run makes one, it is noted how to take it back. A run that makes
 * none pays nothing.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import dns from 'node:dns';
import net from 'node:net';
import threads from 'node:worker_threads';
import { shared } from '../../schedule/shared.ts';
import { replace } from '../guard.ts';

/** What takes a call back that is about to be made; undefined if there is nothing to take back. */
type UndoOf = (self: unknown, args: readonly unknown[]) => (() => unknown) | undefined;

const noted = shared('settings', (): { runs: number; readonly undo: (() => unknown)[] } => ({ runs: 0, undo: [] }));

/** From now on, settings are noted; until as many calls of `undoSettings`. */
export function noteSettings(): void {
  noted.runs += 1;
}

/** Takes back what was set, the latest first. */
export function undoSettings(): void {
  noted.runs -= 1;
  if (noted.runs === 0) for (const undo of noted.undo.splice(0).reverse()) undo();
}

/** Has settings be noted. */
export function guardSettings(): void {
  for (const holder of [dns, dns.promises]) {
    note(holder, 'setServers', () => back(dns.setServers, dns.getServers()));
    note(holder, 'setDefaultResultOrder', () => back(dns.setDefaultResultOrder, dns.getDefaultResultOrder()));
  }
  note(net, 'setDefaultAutoSelectFamily', () => back(net.setDefaultAutoSelectFamily, net.getDefaultAutoSelectFamily()));
  note(net, 'setDefaultAutoSelectFamilyAttemptTimeout', () =>
    back(net.setDefaultAutoSelectFamilyAttemptTimeout, net.getDefaultAutoSelectFamilyAttemptTimeout()),
  );
  note(process, 'umask', (_, [mask]) => (mask === undefined ? undefined : back(process.umask, process.umask())));
  note(process, 'setUncaughtExceptionCaptureCallback', () => back(process.setUncaughtExceptionCaptureCallback, null));
  note(threads, 'setEnvironmentData', (_, [key]) => {
    const isKey = typeof key === 'string' || typeof key === 'number';
    return isKey ? () => threads.setEnvironmentData(key, threads.getEnvironmentData(key)) : undefined;
  });
  noteChannels();
  // Newer versions of Node keep no list of those that are in use.
  note(AsyncLocalStorage.prototype, '_enable', (self) =>
    self instanceof AsyncLocalStorage && Reflect.get(self, 'enabled') !== true ? () => self.disable() : undefined,
  );
}

/** Who listens to a channel listens for good. A channel changes its class when the first one does. */
function noteChannels(): void {
  const unsubscribing: UndoOf = (self, [first, second]) => {
    const [channel, listener] =
      typeof first === 'function' ? [self, first] : [diagnostics.channel(String(first)), second];
    return () => {
      if (channel instanceof diagnostics.Channel && typeof listener === 'function') {
        Reflect.apply(channel.unsubscribe, channel, [listener]);
      }
    };
  };
  const probe = diagnostics.channel('meshos-sim');
  const listener = (): void => {};
  probe.subscribe(listener);
  const active: unknown = Object.getPrototypeOf(probe);
  probe.unsubscribe(listener);
  for (const prototype of [diagnostics.Channel.prototype, active]) {
    if (typeof prototype !== 'object' || prototype === null) continue;
    note(prototype, 'subscribe', unsubscribing);
    note(prototype, 'bindStore', (self, [store]) => () => {
      if (self instanceof diagnostics.Channel) Reflect.apply(Reflect.get(self, 'unbindStore'), self, [store]);
    });
  }
}

function back<T>(set: (value: T) => unknown, value: T): () => unknown {
  return () => Reflect.apply(set, undefined, [value]);
}

function note(holder: object, key: string, undoOf: UndoOf): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function' || !Object.hasOwn(holder, key)) return;
  const noting = function (this: unknown, ...args: unknown[]): unknown {
    const undo = noted.runs === 0 ? undefined : undoOf(this, args);
    const given: unknown = Reflect.apply(original, this, args);
    if (undo !== undefined) noted.undo.push(undo);
    return given;
  };
  for (const name of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, name);
    if (descriptor !== undefined) Object.defineProperty(noting, name, descriptor);
  }
  replace(holder, key, noting);
}
