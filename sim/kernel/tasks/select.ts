/**
 * Waits for the first of several sources, and takes from that one only.
 *
 * One wait stands in the queues of all sources. What is ready is decided when the task is resumed, and not when it was
 * woken: a receive whose channel is closed and empty wins, else one of the ready sources is drawn. Whatever made the wait
 * ready and was not taken is passed on.
 */
import type { Source, Sources } from '../../../src/runtime/port.ts';
import { MisuseError } from '../misuse.ts';
import type { Scheduler } from '../schedule/scheduler.ts';
import { WAITING, type Wait, type WaitTarget } from '../schedule/wait.ts';
import { SimChannel } from './channel.ts';
import { SimSignal } from './signal.ts';

export class Select implements WaitTarget {
  readonly #scheduler: Scheduler;
  #sources: Sources = {};
  /** What the monotonic clock of the deadlines reads at virtual time 0. */
  #originMs = 0;
  /** Later notifications than this one are for this wait. */
  #since = 0;
  /** Whether the wait stands in the queues. One that was ready at once never did. */
  #queued = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Makes the wait ready, or queues it at every source. */
  begin(wait: Wait, sources: Sources, originMs: number): void {
    this.#sources = sources;
    this.#originMs = originMs;
    this.#since = this.#scheduler.notifications;
    this.#queued = false;
    for (const key in sources) {
      const source = sources[key];
      if (source === undefined) continue;
      if (source.kind === 'receive') {
        if (channelOf(source).wakeIfReady(wait)) return;
      } else if (this.#isReady(source)) {
        this.#scheduler.ready(wait);
        return;
      }
    }
    this.#enqueue(wait, false);
  }

  complete(wait: Wait): boolean {
    const key = this.#choose(wait);
    if (key === undefined) {
      // Woken in vain. Some of its entries may have been skipped meanwhile, so it is queued anew everywhere, ahead of later
      // ones.
      wait.state = WAITING;
      this.#enqueue(wait, true);
      return false;
    }
    this.#leave(wait, key);
    wait.settle({ source: key, value: this.#take(key) });
    return true;
  }

  #choose(wait: Wait): string | undefined {
    const sources = this.#sources;
    let ready: string | undefined;
    let count = 0;
    for (const key in sources) {
      const source = sources[key];
      if (source === undefined) continue;
      if (source.kind === 'receive') {
        const channel = channelOf(source);
        if (channel.length === 0) {
          if (channel.closed) return key;
          continue;
        }
      } else if (!this.#isReady(source)) {
        continue;
      }
      ready ??= key;
      count += 1;
    }
    return count < 2 ? ready : this.#draw(wait, count);
  }

  /** Draws one of several that are ready. */
  #draw(wait: Wait, count: number): string | undefined {
    const scheduler = this.#scheduler;
    let skip = scheduler.draw(scheduler.nameOf(wait).child('select', count), count);
    for (const key in this.#sources) {
      const source = this.#sources[key];
      if (source !== undefined && this.#isReady(source) && skip-- === 0) return key;
    }
    return undefined;
  }

  #isReady(source: Source<unknown>): boolean {
    switch (source.kind) {
      case 'receive':
        return channelOf(source).length > 0;
      case 'signal':
        return signalOf(source).isReady(this.#since);
      case 'deadline':
        return source.atMs - this.#originMs <= this.#scheduler.now;
    }
  }

  #enqueue(wait: Wait, again: boolean): void {
    const sources = this.#sources;
    let atMs = Number.POSITIVE_INFINITY;
    for (const key in sources) {
      const source = sources[key];
      if (source === undefined) continue;
      if (source.kind === 'receive') channelOf(source).enqueue(wait, again);
      else if (source.kind === 'signal') signalOf(source).enqueue(wait, again);
      else if (source.atMs < atMs) atMs = source.atMs;
    }
    // Of several deadlines the first is enough to wake it. After a wake in vain, one may still stand there.
    if (wait.dueMs < 0) this.#scheduler.wakeAt(wait, atMs - this.#originMs);
    this.#queued = true;
  }

  /** The sources that were not taken lose nothing, and forget this wait. */
  #leave(wait: Wait, taken: string): void {
    const sources = this.#sources;
    for (const key in sources) {
      const source = sources[key];
      if (source === undefined || key === taken) continue;
      if (source.kind === 'signal') signalOf(source).leave(wait, this.#since, this.#queued);
      else if (source.kind === 'receive' && this.#queued) channelOf(source).leave(wait);
    }
    this.#scheduler.unschedule(wait);
  }

  #take(key: string): unknown {
    const source = this.#sources[key];
    if (source?.kind === 'receive') return channelOf(source).take();
    if (source?.kind === 'signal') signalOf(source).take(this.#since);
    return undefined;
  }
}

/** Throws for sources that no kernel made, before anything waits. */
export function checkSources(sources: Sources): void {
  let count = 0;
  for (const key in sources) {
    const source = sources[key];
    if (source === undefined || !isOurs(source)) throw new MisuseError(`no source of this runtime: '${key}'`);
    count += 1;
  }
  if (count === 0) throw new MisuseError('a select needs a source');
}

function isOurs(source: Source<unknown>): boolean {
  switch (source.kind) {
    case 'receive':
      return source.channel instanceof SimChannel;
    case 'signal':
      return source.signal instanceof SimSignal;
    case 'deadline':
      if (Number.isSafeInteger(source.atMs) || source.atMs === Number.POSITIVE_INFINITY) return true;
      throw new MisuseError(`a deadline is a whole number of milliseconds: ${source.atMs}`);
  }
}

function channelOf({ channel }: { readonly channel: unknown }): SimChannel<unknown> {
  if (channel instanceof SimChannel) return channel;
  throw new TypeError('a channel of another runtime');
}

function signalOf({ signal }: { readonly signal: unknown }): SimSignal {
  if (signal instanceof SimSignal) return signal;
  throw new TypeError('a signal of another runtime');
}
