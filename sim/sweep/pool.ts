/**
 * The threads of a sweep. Each slot holds one worker at a time; a worker that hangs is ended and one that dies is
 * replaced, the seed it was at is reported as the culprit, and what it had taken besides is run again.
 */
import { Worker } from 'node:worker_threads';
import type { RunResult } from '../scenario/result.ts';
import { Board } from './board.ts';
import type { Source } from './source.ts';
import { beside, unfinished } from './source.ts';
import { addRun, emptyTally } from './tally.ts';
import type { RunsReport, WorkerReport, WorkerTask } from './worker.ts';

export interface PoolOptions {
  readonly source: Source;
  readonly from: bigint;
  /** How many seeds there are from there. */
  readonly limit: bigint;
  /** Of these, so many are run before `openTo` is called; without, all. */
  readonly gate?: bigint | undefined;
  readonly jobs: number;
  /** Milliseconds of host time a run may take. */
  readonly runWallMs: number;
  readonly onReport: (report: RunsReport) => void;
  /** Module of the workers; for tests. */
  readonly worker?: URL | undefined;
}

/** How often it is looked whether all workers get on. */
const WATCH_EVERY_MS = 250;
/** A worker that has not begun a run after so long does not start. */
const START_MS = 60_000;
/** How long an interruption waits for the runs under way. */
const GRACE_MS = 2_000;

/**
 * Limits of a worker's heap. A run leaves nothing behind but its result, so that in a young generation that holds many
 * runs nearly everything is dead when it is looked at, and a collection has little to copy. In one of Node's size a good
 * sixth of the time went there, on threads of the collector's own, which two workers then have to share. More than this
 * no longer fits a processor's cache and costs what it saves.
 */
export const WORKER_LIMITS = { maxYoungGenerationSizeMb: 192 } as const;

interface Slot {
  worker: Worker | undefined;
  again: readonly bigint[];
  begun: number;
  /** When `begun` last changed. */
  sinceMs: number;
  ended: 'by itself' | 'as hung' | 'by interruption';
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #board: Board;
  readonly #slots: readonly Slot[];
  #interruptedMs = Number.POSITIVE_INFINITY;
  #fatal: Error | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#board = Board.ofSlots(options.jobs);
    if (options.gate !== undefined) this.#board.openTo(options.gate);
    this.#slots = Array.from({ length: options.jobs }, () => ({
      worker: undefined,
      again: [],
      begun: 0,
      sinceMs: 0,
      ended: 'by itself',
    }));
  }

  /** Lets the seeds before this index be run, too. */
  openTo(index: bigint): void {
    this.#board.openTo(index);
  }

  /** Ends all workers after their current run. */
  stop(): void {
    this.#board.stop();
  }

  /** The same, but does not wait long for that run. */
  interrupt(): void {
    this.#board.stop();
    this.#interruptedMs = performance.now();
  }

  /** Resolves when no seed is left, or all have stopped; rejects if workers cannot so much as start. */
  async run(): Promise<void> {
    const watch = setInterval(() => this.#watch(), WATCH_EVERY_MS);
    try {
      await Promise.all(this.#slots.map((slot, index) => this.#fill(index, slot)));
    } finally {
      clearInterval(watch);
    }
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  /** Keeps a worker in the slot until there is nothing left for it. */
  async #fill(index: number, slot: Slot): Promise<void> {
    do {
      const death = await this.#employ(index, slot);
      slot.worker = undefined;
      this.#account(index, slot, death);
    } while (!this.#board.stopped && (slot.again.length > 0 || this.#board.handedOut < this.#options.limit));
  }

  /** One worker's life; resolves with what it died of, unless it was done. */
  #employ(index: number, slot: Slot): Promise<Error | undefined> {
    const { source, from, limit, onReport } = this.#options;
    this.#board.clear(index);
    slot.begun = 0;
    slot.sinceMs = performance.now();
    slot.ended = 'by itself';
    const task: WorkerTask = {
      source,
      board: this.#board.buffer,
      slot: index,
      from,
      limit,
      again: slot.again,
    };
    return new Promise((resolve) => {
      let died: Error | undefined;
      let done = false;
      const worker = new Worker(this.#options.worker ?? beside(import.meta.url, './worker'), {
        workerData: task,
        resourceLimits: WORKER_LIMITS,
      });
      slot.worker = worker;
      worker.on('message', (report: WorkerReport) => {
        if (report !== 'done') {
          onReport(report);
          return;
        }
        // What a run left behind (a host timer, say) must not keep the thread, and with it the sweep, alive.
        done = true;
        void worker.terminate();
      });
      worker.on('error', (error) => {
        died = error instanceof Error ? error : new Error(String(error));
      });
      worker.on('exit', (code) => resolve(done ? undefined : (died ?? new Error(`it exited with code ${code}`))));
    });
  }

  /** After a worker's life: reports the seed at which it died, and leaves what else it had taken to the next. */
  #account(index: number, slot: Slot, death: Error | undefined): void {
    const { from, runWallMs, onReport } = this.#options;
    const { current, finished } = this.#board.unreported(index);
    slot.again = [...finished, ...slot.again.slice(this.#board.begun(index))];
    if (death === undefined || slot.ended === 'by interruption') return;
    if (current === undefined) {
      this.#fatal ??= new Error(`a worker died outside of any run: ${oneLine(death)}`, { cause: death });
      this.#board.stop();
      return;
    }
    const run: RunResult =
      slot.ended === 'as hung'
        ? unfinished(from + current, 'inconclusive', `took more than ${runWallMs / 1000} s of host time`)
        : unfinished(from + current, 'harness-error', `the worker died: ${oneLine(death)}`, death.stack);
    const tally = emptyTally();
    addRun(tally, run);
    onReport({ tally, prints: [] });
  }

  #watch(): void {
    const nowMs = performance.now();
    for (const [index, slot] of this.#slots.entries()) {
      const begun = this.#board.begun(index);
      // A worker that has nothing to run again, and is held at the gate, is not the one that holds the others up.
      const waits = begun >= slot.again.length && this.#board.idleAtGate(index);
      if (slot.worker === undefined || begun !== slot.begun || waits) {
        slot.begun = begun;
        slot.sinceMs = nowMs;
      }
      if (slot.worker === undefined || slot.ended !== 'by itself') continue;
      if (nowMs - this.#interruptedMs > GRACE_MS) slot.ended = 'by interruption';
      else if (nowMs - slot.sinceMs > (begun === 0 ? START_MS : this.#options.runWallMs)) slot.ended = 'as hung';
      else continue;
      void slot.worker.terminate();
    }
  }
}

function oneLine(error: Error): string {
  return `${error.name}: ${error.message}`.replace(/\s*\n\s*/g, ' ');
}
