/**
 * What the executor waits for: an action received, the earliest deferred deadline, an idle tick. The sources of the next
 * wait are kept from the last where nothing in them has changed, because the executor waits once for every action.
 */
import type { PendingAction } from '../action/action.ts';
import { type Closed, deadline, type Receiver, type Runtime } from '../runtime/port.ts';
import type { Millis } from './millis.ts';

/** What ended a wait. */
export type WokenBy =
  | { readonly source: 'received'; readonly value: PendingAction | Closed }
  | { readonly source: 'due'; readonly value: void }
  | { readonly source: 'idle'; readonly value: void };

type Received = Receiver<PendingAction>['received'];
type Deadline = ReturnType<typeof deadline>;

export class WakeUp {
  readonly #runtime: Runtime;
  readonly #onlyReceived: { readonly received: Received };
  #withDue: { readonly received: Received; readonly due: Deadline } | undefined;
  #dueAtMs = 0;

  constructor(runtime: Runtime, queue: Receiver<PendingAction>) {
    this.#runtime = runtime;
    this.#onlyReceived = { received: queue.received };
  }

  /**
   * Waits for an action, for `earliestMs` if anything is deferred, for `idleAtMs` if there is an idle tick. A deadline that
   * no number holds is later than the clock ever gets.
   */
  next(earliestMs: Millis | undefined, idleAtMs: number | undefined): Promise<WokenBy> {
    const dueAtMs = typeof earliestMs === 'bigint' ? undefined : earliestMs;
    const { received } = this.#onlyReceived;
    if (idleAtMs !== undefined) {
      const idle = deadline(idleAtMs);
      return dueAtMs === undefined
        ? this.#runtime.select({ received, idle })
        : this.#runtime.select({ received, due: deadline(dueAtMs), idle });
    }
    if (dueAtMs === undefined) return this.#runtime.select(this.#onlyReceived);
    if (this.#withDue === undefined || this.#dueAtMs !== dueAtMs) {
      this.#withDue = { received, due: deadline(dueAtMs) };
      this.#dueAtMs = dueAtMs;
    }
    return this.#runtime.select(this.#withDue);
  }
}
