/**
 * Waiting for the first of several sources, and taking from that one only.
 *
 * One wait stands in the queues of all sources. What is ready is looked at when the task is resumed, not when it was
 * woken: a receive whose channel is closed and empty wins, else one of the ready sources is drawn. Whatever made it ready
 * and was not taken is handed on.
 */
import type { Source, Sources } from '../../src/runtime/port.ts';
import { SimChannel } from './channel.ts';
import type { Scheduler } from './scheduler.ts';
import { SimSignal } from './signal.ts';
import { WAITING, type Wait, type WaitTarget } from './wait.ts';
import type { WaitQueue } from './wait-queue.ts';

type Arm =
  | { readonly key: string; readonly kind: 'receive'; readonly channel: SimChannel<unknown> }
  | { readonly key: string; readonly kind: 'signal'; readonly signal: SimSignal; readonly since: number }
  | { readonly key: string; readonly kind: 'deadline'; readonly atMs: number };

export class Select implements WaitTarget {
  readonly #scheduler: Scheduler;
  readonly #arms: Arm[] = [];
  /** Whether the wait stands in the queues; one that was ready at once never did. */
  #queued = false;

  constructor(scheduler: Scheduler, sources: Sources) {
    this.#scheduler = scheduler;
    for (const key in sources) {
      const source = sources[key];
      if (source !== undefined) this.#arms.push(armOf(key, source));
    }
    if (this.#arms.length === 0) throw new RangeError('a select needs a source');
  }

  /** Makes the wait ready, or queues it at every source. */
  begin(wait: Wait): void {
    for (const arm of this.#arms) {
      switch (arm.kind) {
        case 'receive':
          if (arm.channel.wakeIfReady(wait)) return;
          break;
        case 'signal':
          if (arm.signal.isReady(arm.since)) {
            this.#scheduler.ready(wait);
            return;
          }
          break;
        case 'deadline':
          if (arm.atMs <= this.#scheduler.now) {
            this.#scheduler.ready(wait);
            return;
          }
          break;
      }
    }
    this.#enqueue(wait, false);
  }

  complete(wait: Wait): boolean {
    const arm = this.#choose(wait);
    if (arm === undefined) {
      // Woken in vain. Some of its entries may have been skipped meanwhile: all anew, before those that came later.
      wait.state = WAITING;
      if (this.#queued) for (const other of this.#arms) if (other.kind !== 'deadline') queueOf(other).remove(wait);
      this.#enqueue(wait, true);
      return false;
    }
    this.#leave(arm);
    wait.settle({ source: arm.key, value: take(arm) });
    return true;
  }

  #choose(wait: Wait): Arm | undefined {
    let ready: Arm | undefined;
    let count = 0;
    for (const arm of this.#arms) {
      if (arm.kind === 'receive' && arm.channel.closed && arm.channel.length === 0) return arm;
      if (!this.#isReady(arm)) continue;
      ready ??= arm;
      count += 1;
    }
    if (count < 2) return ready;
    let skip = this.#scheduler.draw(this.#scheduler.nameOf(wait).child('select'), count);
    for (const arm of this.#arms) if (this.#isReady(arm) && skip-- === 0) return arm;
    return ready;
  }

  #isReady(arm: Arm): boolean {
    switch (arm.kind) {
      case 'receive':
        return arm.channel.length > 0;
      case 'signal':
        return arm.signal.isReady(arm.since);
      case 'deadline':
        return arm.atMs <= this.#scheduler.now;
    }
  }

  #enqueue(wait: Wait, again: boolean): void {
    for (const arm of this.#arms) {
      switch (arm.kind) {
        case 'receive':
          arm.channel.enqueue(wait, again);
          break;
        case 'signal':
          if (again) arm.signal.waits.pushFront(wait);
          else arm.signal.waits.push(wait);
          break;
        case 'deadline':
          // A deadline that has not passed still holds its entry.
          if (!(again && this.#queued)) this.#scheduler.wakeAt(wait, arm.atMs);
          break;
      }
    }
    this.#queued = true;
  }

  /** The sources not taken lose nothing, and forget this wait. */
  #leave(taken: Arm): void {
    for (const arm of this.#arms) {
      if (arm === taken) continue;
      if (arm.kind === 'signal' && arm.signal.notifications !== arm.since) arm.signal.notify();
      if (!this.#queued) continue;
      if (arm.kind === 'deadline') this.#scheduler.deadlineWentStale(arm.atMs);
      else queueOf(arm).wentStale();
    }
  }
}

function armOf(key: string, source: Source<unknown>): Arm {
  switch (source.kind) {
    case 'receive':
      if (source.channel instanceof SimChannel) return { key, kind: 'receive', channel: source.channel };
      break;
    case 'signal':
      if (source.signal instanceof SimSignal) {
        return { key, kind: 'signal', signal: source.signal, since: source.signal.notifications };
      }
      break;
    case 'deadline':
      if (Number.isSafeInteger(source.atMs) || source.atMs === Number.POSITIVE_INFINITY) {
        return { key, kind: 'deadline', atMs: source.atMs };
      }
      throw new RangeError(`a deadline is a whole number of milliseconds: ${source.atMs}`);
  }
  throw new TypeError(`the source '${key}' of a select belongs to another runtime`);
}

function queueOf(arm: Exclude<Arm, { kind: 'deadline' }>): WaitQueue {
  return arm.kind === 'receive' ? arm.channel.waits : arm.signal.waits;
}

function take(arm: Arm): unknown {
  switch (arm.kind) {
    case 'receive':
      return arm.channel.take();
    case 'signal':
      return arm.signal.take(arm.since);
    case 'deadline':
      return undefined;
  }
}
