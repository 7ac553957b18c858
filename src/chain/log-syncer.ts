/**
 * The task of a node that syncs the logs it keeps, its own and copies: every `everyMs` those that hold something
 * unsynced, and no turn at all while none does. Times are counted from its start, so that a sync that takes long, or a
 * pause, shifts none of those after it.
 */
import type { Runtime, Signal } from '../runtime/port.ts';
import type { ChainLog } from './log.ts';

export class LogSyncer {
  readonly #runtime: Runtime;
  readonly #everyMs: number;
  readonly #logs: readonly ChainLog[];
  /** Some log has something to sync, or the task is to stop. */
  readonly #woken: Signal;
  #stopping = false;

  constructor(runtime: Runtime, everyMs: number, logs: readonly ChainLog[], woken: Signal) {
    this.#runtime = runtime;
    this.#everyMs = everyMs;
    this.#logs = logs;
    this.#woken = woken;
  }

  /** Syncs what is left and ends the task. */
  stop(): void {
    this.#stopping = true;
    this.#woken.notify();
  }

  async run(): Promise<void> {
    const startMs = this.#runtime.now();
    for (;;) {
      const unsynced = this.#hasUnsynced();
      if (!unsynced && this.#stopping) return;
      if (!unsynced) {
        await this.#woken.wait();
        continue;
      }
      if (!this.#stopping) await this.#untilNext(startMs);
      await this.#syncAll();
    }
  }

  #hasUnsynced(): boolean {
    for (const log of this.#logs) if (log.hasUnsynced) return true;
    return false;
  }

  #untilNext(startMs: number): Promise<void> {
    const sinceStartMs = this.#runtime.now() - startMs;
    return this.#runtime.sleep(this.#everyMs - (sinceStartMs % this.#everyMs));
  }

  /** All at once, so that one slow medium does not hold up the others. */
  #syncAll(): Promise<unknown> {
    const syncs: Promise<void>[] = [];
    for (const log of this.#logs) if (log.hasUnsynced) syncs.push(log.sync());
    return Promise.all(syncs);
  }
}
