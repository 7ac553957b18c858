/**
 * Something the world has put on the timeline: a network delivery, the start or the end of a fault.
 *
 * It runs as a segment of its own, ranked like any wait, but without a task: it cannot wait, no group's death takes it
 * along, and what it wakes is named after its cause.
 */

import { labelOf, type Name, type NameHash } from '../choices/name.ts';
import type { Actor } from '../trace/trace.ts';
import type { Cause } from './cause.ts';
import type { Wait, WaitTarget } from './wait.ts';

const DUE = labelOf('due');
const ORDINAL = labelOf('n');

/** Whoever runs callbacks: told when one begins, and what it threw. */
export interface CallbackHost {
  enterCallback(callback: Callback): void;
  callbackFailed(error: unknown): void;
  cancel(wait: Wait): void;
}

/** What `Kernel.schedule` hands out. */
export interface Scheduled {
  /** It will not run, if it has not yet. Idempotent. */
  cancel(): void;
}

// Private without #: see scheduler.ts.
export class Callback implements Scheduled, WaitTarget, Actor {
  readonly cause: Cause;
  /** What stands in traces for a task. */
  readonly actor: Actor;
  place = -1;
  wait: Wait | undefined = undefined;
  private readonly host: CallbackHost;
  private readonly run: () => void;
  /** Of the callbacks of its cause, which one this is. */
  private readonly ordinal: number;

  constructor(host: CallbackHost, cause: Cause, run: () => void, actor: Actor | undefined) {
    this.host = host;
    this.cause = cause;
    this.actor = actor ?? this;
    this.run = run;
    this.ordinal = cause.callbacks++;
  }

  get name(): string {
    return this.actor === this ? this.cause.name.toString() : this.actor.name;
  }

  rankName(): Name {
    const name = this.cause.name.child(DUE);
    return this.ordinal === 0 ? name : name.numbered(ORDINAL, this.ordinal + 1);
  }

  /** Makes it the hash of the name for its rank. */
  rankHash(hash: NameHash): void {
    hash.of(this.cause.name).bare(DUE);
    if (this.ordinal > 0) hash.numbered(ORDINAL, this.ordinal + 1);
  }

  complete(_wait: Wait): boolean {
    this.host.enterCallback(this);
    try {
      this.run();
    } catch (error) {
      this.host.callbackFailed(error);
    }
    return true;
  }

  cancel(): void {
    if (this.wait !== undefined) this.host.cancel(this.wait);
  }
}
