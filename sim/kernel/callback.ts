/**
 * Something the world has put on the timeline: a network delivery, the start or the end of a fault.
 *
 * It runs as a segment of its own, ranked like any wait, but without a task: it cannot wait, no group's death takes it
 * along, and what it wakes is named after its cause.
 */
import type { Cause } from './cause.ts';
import { labelOf, type Name } from './name.ts';
import type { Scheduler } from './scheduler.ts';
import type { Wait, WaitTarget } from './wait.ts';

const DUE = labelOf('due');
const ORDINAL = labelOf('n');

/** What `Kernel.schedule` hands out. */
export interface Scheduled {
  /** It will not run, if it has not yet. Idempotent. */
  cancel(): void;
}

export class Callback implements Scheduled, WaitTarget {
  readonly cause: Cause;
  wait: Wait | undefined = undefined;
  readonly #scheduler: Scheduler;
  readonly #run: () => void;
  /** Of the callbacks of its cause, which one this is. */
  readonly #ordinal: number;

  readonly #text: string | undefined;

  constructor(scheduler: Scheduler, cause: Cause, run: () => void, text: string | undefined) {
    this.#text = text;
    this.#scheduler = scheduler;
    this.cause = cause;
    this.#run = run;
    this.#ordinal = cause.callbacks++;
  }

  /** What stands in traces for a task. */
  get name(): string {
    return this.#text ?? this.cause.name.toString();
  }

  rankName(): Name {
    const name = this.cause.name.child(DUE);
    return this.#ordinal === 0 ? name : name.numbered(ORDINAL, this.#ordinal + 1);
  }

  complete(_wait: Wait): boolean {
    this.#scheduler.enterCallback(this);
    try {
      this.#run();
    } catch (error) {
      this.#scheduler.callbackFailed(error);
    }
    return true;
  }

  cancel(): void {
    if (this.wait !== undefined) this.#scheduler.cancel(this.wait);
  }
}
