/**
 * A callback that the world has put on the timeline: a message that arrives, a fault that starts or ends.
 *
 * It runs as a segment of its own, ranked like any wait, but not as a task: it cannot wait, it does not die with a group,
 * and what it wakes is named after its cause.
 */

import { labelOf, type Name, type NameHash } from '../choices/name.ts';
import type { Actor } from '../trace/trace.ts';
import type { Cause } from './cause.ts';
import type { Wait, WaitTarget } from './wait.ts';

const DUE = labelOf('due');
const ORDINAL = labelOf('n');

/** Runs callbacks: told when one begins, and what it threw. */
export interface CallbackHost {
  enterCallback(callback: Callback): void;
  callbackFailed(error: unknown): void;
  cancel(wait: Wait): void;
}

/** What `Kernel.schedule` hands out. */
export interface Scheduled {
  /** Keeps it from running, if it has not run. Idempotent. */
  cancel(): void;
}

// Private without #: see scheduler.ts.
export class Callback implements Scheduled, WaitTarget, Actor {
  readonly cause: Cause;
  /** Stands in traces in the place of a task. */
  readonly actor: Actor;
  place = -1;
  wait: Wait | undefined = undefined;
  private readonly host: CallbackHost;
  private readonly run: () => void;
  /** Which of its cause's callbacks this is. */
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

  /** Makes `hash` that of the name its rank is drawn by. */
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
